"""Follow commits for an open stream while the token of the stream is valid."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

from rest_compat.http.operation import Parameter
from store import Snapshot, Store
from store.changes import Commit, Feed, SlowSubscriberError
from store.identity import Principal
from store.model import ApiToken

# The Node SDK closes a connection on which it receives nothing for a minute.
KEEP_ALIVE_S = 15.0
KEEP_ALIVE = b":keep-alive\n\n"

EVENT_STREAM = "text/event-stream"
LAST_EVENT_ID = Parameter(
    "Last-Event-ID",
    "The ID of the last event that the client received.",
    str,
    location="header",
    example="42",
)
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"vary", b"Authorization"),
    # This header prevents buffering of events by proxies such as nginx.
    (b"x-accel-buffering", b"no"),
]


async def follow(
    store: Store, principal: Principal, feed: Feed, *, ends_at: float
) -> AsyncGenerator[Commit | None, None]:
    """Yield each commit. Yield None when the stream should send a keep-alive.

    The iterator ends when the token becomes invalid or the client reads too slowly. The event loop
    time `ends_at` is the latest end.
    """
    now = asyncio.get_running_loop().time
    while not is_over(ends_at) and _is_valid(principal, store.snapshot, store.clock()):
        try:
            async with asyncio.timeout(min(_timeout_s(principal, store), ends_at - now())):
                commit = await anext(feed)
        except TimeoutError:
            yield None
            continue
        except (StopAsyncIteration, SlowSubscriberError):
            return
        if not _is_valid(principal, commit.after, store.clock()):
            return
        yield commit


def is_over(ends_at: float) -> bool:
    """Return whether a stream has reached its maximum age."""
    return asyncio.get_running_loop().time() >= ends_at


def parse_revision(value: str | None) -> int | None:
    """Parse the revision in an event ID or an entity tag. Return None for other strings."""
    digits = (value or "").strip().removeprefix("W/").strip('"')
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


def event_id(store: Store, revision: int) -> str:
    """Return the ID of an event at a revision.

    The revisions of a reader mean nothing to other processes, so its IDs also name its history.
    """
    return f"{revision}-{store.history}" if store.history else str(revision)


def known_revision(store: Store, id: str | None) -> int | None:
    """Return the revision in an event ID; None for IDs that are malformed or of another history."""
    if store.history:
        id, _, history = (id or "").strip().partition("-")
        if history != store.history:
            return None
    return parse_revision(id)


def _is_valid(principal: Principal, snapshot: Snapshot, now: datetime) -> bool:
    """Return whether the token is still valid and its environment still exists."""
    if principal.environment not in snapshot.environments:
        return False
    if principal.token is None:
        return True
    token = _current(principal.token, snapshot)
    return token is not None and not token.expired(now)


def _current(token: ApiToken, snapshot: Snapshot) -> ApiToken | None:
    """Return the current token with the same ID, or None if the token was revoked.

    The expiry of the token may have changed.
    """
    return snapshot.tokens.get(token.id)


def _timeout_s(principal: Principal, store: Store) -> float:
    """Return the number of seconds until the next keep-alive.

    If the token expires earlier, return the number of seconds until the expiry of the token.
    """
    token = _current(principal.token, store.snapshot) if principal.token else None
    expires_at = token.expires_at if token else None
    left = expires_at - store.clock() if expires_at else timedelta(days=1)
    return min(KEEP_ALIVE_S, max(left.total_seconds(), 0.0))
