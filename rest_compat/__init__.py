"""The REST edge: Unleash's APIs for SDKs and admin scripts."""
