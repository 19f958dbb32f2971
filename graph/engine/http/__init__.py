"""Transports: HTTP answers, streamed answers and WebSocket."""
