"""Export toggles and reference data as a document, and import documents of other installations."""
