"""Attacks that try to stall a real server or to make it grow, and the cost of each."""
