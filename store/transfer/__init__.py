"""Export a configuration as a document, and import documents of other installations."""
