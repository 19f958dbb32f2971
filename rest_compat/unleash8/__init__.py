"""The admin API of Unleash 8, as far as Flagstaff supports it."""
