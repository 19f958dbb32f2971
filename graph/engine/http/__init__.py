"""The transports: HTTP answers, streamed answers and WebSocket."""
