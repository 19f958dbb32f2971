"""Evaluate toggles for contexts: single toggles, the playground, and assumed changes."""
