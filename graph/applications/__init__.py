"""Applications and their reports: instances, usage, series and unknown toggles."""
