"""Usage that applications report: the journal, its aggregation, and queries on the results."""
