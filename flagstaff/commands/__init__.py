"""The commands of `flagstaff` that work on the configured database or on the schema."""
