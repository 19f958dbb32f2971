"""API tokens, and the actors that use API tokens."""
