"""Async functions that change configuration; their first argument is the unit of work."""
