"""Documents in and out: the configuration as text that another installation can take in."""
