"""The longest turns of a server's event loop during all kinds of expensive work."""
