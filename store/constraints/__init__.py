"""Constraints: their operators, validation and evaluation."""
