"""Tickets to event streams, for browsers, which open them by their address alone.

A ticket stands in an address, where a token must not. It opens one stream, which tells when
something changes and nothing else, dies with the token that it was made for, and leads back to it
nowhere. It is the same each time and in every process.
"""

import hmac
from datetime import datetime
from urllib.parse import parse_qs

from rest_compat.http.asgi import Scope
from store import Snapshot
from store.identity import Principal, UnauthenticatedError, holder_of
from store.model import ApiToken

PARAMETER = "ticket"

_PURPOSE = b"flagstaff event stream"


def ticket_of(token: ApiToken) -> str:
    """The ticket that goes with a token."""
    return f"{token.id}.{_seal(token)}"


def has_ticket(scope: Scope) -> bool:
    """Whether the query of a request holds a ticket."""
    return _ticket_in(scope) is not None


def holder_of_ticket(scope: Scope, snapshot: Snapshot, *, now: datetime) -> Principal:
    """The principal whose ticket is in the query of a request.

    Raises: UnauthenticatedError.
    """
    token_id, _, seal = (_ticket_in(scope) or "").rpartition(".")
    token = snapshot.tokens.get(token_id)
    expected = _seal(token) if token else "-" * 64
    if not hmac.compare_digest(seal.encode(), expected.encode()):
        raise UnauthenticatedError("The ticket is none of this server's, or its token was revoked.")
    return holder_of(token, snapshot, now=now)


def _seal(token: ApiToken) -> str:
    return hmac.digest(token.secret_hash.encode(), _PURPOSE, "sha256").hex()


def _ticket_in(scope: Scope) -> str | None:
    query: bytes = scope["query_string"]
    if len(query) > 1_000 or not query.startswith(b"ticket="):
        return None
    return parse_qs(query.decode("latin-1")).get(PARAMETER, [None])[0]
