"""The pages outside of both edges, including the documentation."""
