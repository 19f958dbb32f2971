"""Environments: stages of delivery."""
