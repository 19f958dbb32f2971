"""Read the configuration of a running Unleash server over its API."""
