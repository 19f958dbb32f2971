"""Strategy definitions, and the constraints that strategies share with segments."""
