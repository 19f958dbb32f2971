"""Tests that the OpenAPI document has valid examples and samples, and that answers match it."""
