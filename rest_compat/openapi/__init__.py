"""The OpenAPI document of the REST edge, made from the operations that routes declare."""
