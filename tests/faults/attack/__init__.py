"""Measure the costs of attacks that try to block a server or to exhaust its memory or disk."""
