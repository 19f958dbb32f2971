"""Flagstaff as a subgraph of an Apollo Federation 2 supergraph."""
