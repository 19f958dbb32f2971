"""Running operations: authorization, execution, streams and their limits."""
