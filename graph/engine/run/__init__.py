"""Run operations: authorization, execution, streams and their limits."""
