"""Tests that the OpenAPI document has valid examples and samples, and matches all answers."""
