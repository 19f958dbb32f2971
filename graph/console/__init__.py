"""GraphiQL, the page that browsers get at the URL of the API."""
