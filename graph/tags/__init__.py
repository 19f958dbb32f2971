"""Tags and their types."""
