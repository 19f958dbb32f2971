"""The limit on open connections."""

# Seconds until a refused client may try again.
RETRY_AFTER_S = 10


class TooManyConnectionsError(Exception):
    """The limit on connections is reached; the message is a sentence for the client."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
