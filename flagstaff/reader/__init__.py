"""Serve the toggles of another server, the primary, near the applications."""
