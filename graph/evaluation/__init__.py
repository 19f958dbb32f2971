"""Evaluating toggles for contexts: single ones, the playground, and assumed changes."""
