"""The OpenAPI document: its examples are true, its samples run, and answers are as it says."""
