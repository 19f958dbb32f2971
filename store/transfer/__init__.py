"""Export and import of configurations as documents that other installations can import."""
