"""Count what the process does, and serve the counts to Prometheus."""
