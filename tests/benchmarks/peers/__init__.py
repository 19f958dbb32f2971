"""Compares the work of the server with that of other programs, row by row, with a goal for each."""
