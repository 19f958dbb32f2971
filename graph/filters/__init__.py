"""Filters of lists: their inputs, and the conditions that they stand for."""
