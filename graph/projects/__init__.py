"""Projects: groups of toggles."""
