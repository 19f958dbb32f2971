"""Attacks that try to block a real server or to use up its memory or disk, and their costs."""
