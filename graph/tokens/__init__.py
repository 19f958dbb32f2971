"""API tokens, and the actors who hold them."""
