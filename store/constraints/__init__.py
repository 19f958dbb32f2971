"""The operators, validation and evaluation of constraints."""
