"""A file with the configuration, from which a server serves SDKs while its database is away."""
