"""The pages outside of both edges, with those of the documentation."""
