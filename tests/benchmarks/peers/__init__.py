"""Compares the costs of the server with the costs of other programs. Each row has a goal."""
