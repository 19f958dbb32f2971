"""Applications, and what they report: instances, usage, series and unknown toggles."""
