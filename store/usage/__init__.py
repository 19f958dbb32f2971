"""Usage that applications report: the journal, the aggregation, and queries on aggregated usage."""
