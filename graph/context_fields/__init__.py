"""Context fields: what constraints compare."""
