"""The REST edge: what Unleash SDKs and admin scripts speak."""
