"""HTTP for the REST edge: requests, answers, routes and errors; it knows no endpoint."""
