"""GraphQL over HTTP and WebSocket, independent of toggles."""
