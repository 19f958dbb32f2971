"""What the server answers outside of both edges, its documentation among it."""
