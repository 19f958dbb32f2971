"""A record of the responses that the server may repeat without calling the handler."""

from msgspec import Struct

from store import Snapshot
from store.model import ApiToken

# The server puts a `Poll` under this key of the scope if it can repeat the response.
POLL_KEY = "flagstaff.poll"


class Poll(Struct):
    """A whole request in bytes, and the data on which its response depends.

    If `snapshot` is None, the response must not be repeated. Otherwise it may be repeated while
    `snapshot` is the newest one and `token` has not expired.
    """

    request: bytes
    snapshot: Snapshot | None = None
    token: ApiToken | None = None
