"""Context fields, whose values constraints compare."""
