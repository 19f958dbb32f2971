"""Toggles: their type, configuration, lists, filters, changes and mutations."""
