"""State documents: export and import of the configuration."""
