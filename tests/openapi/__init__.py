"""The OpenAPI document: its examples are true, its samples run, and answers match it."""
