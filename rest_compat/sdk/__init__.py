"""The endpoints for SDKs and OpenFeature providers."""
