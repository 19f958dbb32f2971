"""Allow the server to send a response again, without asking the handler."""

from msgspec import Struct

from store import Snapshot
from store.model import ApiToken

# The server puts a `Poll` under this key of the scope if it can repeat the response.
POLL_KEY = "flagstaff.poll"


class Poll(Struct):
    """The bytes of a whole request, and the data that its response depends on.

    `snapshot` is None unless the handler allows that the response is repeated while this snapshot
    is the newest one and the token, if there is one, has not expired.
    """

    request: bytes
    snapshot: Snapshot | None = None
    token: ApiToken | None = None
