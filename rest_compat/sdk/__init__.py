"""The endpoints that SDKs call all day, written straight on ASGI."""
