"""The pages for browsers, including the API documentation."""
