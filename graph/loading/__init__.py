"""What is loaded for many objects at once."""
