"""The page that browsers get at the address of the API."""
