"""What keeps a connection from being opened."""

# When a client that was refused one may try again, in seconds.
RETRY_AFTER_S = 10


class TooManyConnectionsError(Exception):
    """There are as many connections as there may be; the message is a sentence for the client."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
