"""Segments: named sets of constraints."""
