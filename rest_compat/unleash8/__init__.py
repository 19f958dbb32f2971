"""The part of the admin API of Unleash 8 that Flagstaff supports."""
