"""GraphiQL, the page for browsers at the address of the API."""
