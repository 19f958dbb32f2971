"""Records of responses that the server may send again without calling the handler."""

from msgspec import Struct

from store import Snapshot
from store.model import ApiToken

# The server puts a `Poll` under this key of the scope if it can repeat the response.
POLL_KEY = "flagstaff.poll"


class Poll(Struct):
    """The bytes of a whole request, and the data on which the response depends.

    If `snapshot` is None, the response must not be repeated. Otherwise the response may be repeated
    while `snapshot` is the newest snapshot and `token` is valid.
    """

    request: bytes
    snapshot: Snapshot | None = None
    token: ApiToken | None = None
