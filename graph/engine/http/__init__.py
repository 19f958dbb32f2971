"""The ways in which operations come and answers go: HTTP, streams, WebSocket."""
