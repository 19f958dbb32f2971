"""Tickets for event streams, because browsers cannot send a token in a header to a stream.

A ticket replaces the token in the URL, where tokens must not appear. A ticket gives access only to
the event stream, which does not contain the content of changes. If the token becomes invalid, the
ticket also becomes invalid. The token cannot be derived from the ticket. All processes derive the
same ticket from a token.
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
    """Return the ticket of a token."""
    return f"{token.id}.{_seal(token)}"


def has_ticket(scope: Scope) -> bool:
    """Return whether the query of a request contains a ticket."""
    return _ticket_in(scope) is not None


def holder_of_ticket(scope: Scope, snapshot: Snapshot, *, now: datetime) -> Principal:
    """Return the principal to which the ticket in the query of a request belongs.

    Raises: UnauthenticatedError.
    """
    token_id, _, seal = (_ticket_in(scope) or "").rpartition(".")
    token = snapshot.tokens.get(token_id)
    expected = _seal(token) if token else "-" * 64
    if not hmac.compare_digest(seal.encode(), expected.encode()):
        raise UnauthenticatedError("The ticket is unknown, or its token was revoked.")
    return holder_of(token, snapshot, now=now)


def _seal(token: ApiToken) -> str:
    return hmac.digest(token.secret_hash.encode(), _PURPOSE, "sha256").hex()


def _ticket_in(scope: Scope) -> str | None:
    query: bytes = scope["query_string"]
    if len(query) > 1_000 or not query.startswith(b"ticket="):
        return None
    return parse_qs(query.decode("latin-1")).get(PARAMETER, [None])[0]
