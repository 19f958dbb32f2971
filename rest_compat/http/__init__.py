"""HTTP for the REST edge: requests, responses, routes and errors, independent of endpoints."""
