"""The documentation site, which `make docs` builds and a server shows at `/guide`."""
