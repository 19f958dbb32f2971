"""The documentation site. `make docs` builds the site, and the server serves it at `/guide`."""
