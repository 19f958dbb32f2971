"""Export configurations as documents, and import those of other installations."""
