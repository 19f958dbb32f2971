"""Takes the screenshots of the documentation."""
