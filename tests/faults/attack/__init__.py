"""Attacks on a real server that try to stall it or to make it grow, with what each costs it."""
