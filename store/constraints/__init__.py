"""Constraints: what operators there are, what a constraint must be like, and whether it holds."""
