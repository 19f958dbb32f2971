"""The error of reading a running server."""


class ServerReadError(Exception):
    """A server cannot be read. The message says why, and what to do."""
