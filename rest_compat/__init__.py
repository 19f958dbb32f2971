"""The REST edge: the APIs of Unleash for SDKs and admin scripts."""
