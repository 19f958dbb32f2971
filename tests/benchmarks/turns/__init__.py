"""The longest turns of a server's event loop while it does everything that is expensive."""
