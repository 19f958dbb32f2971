"""Webhooks, their deliveries, and the mutations on webhooks."""
