"""Changes as SDKs take them: pushed by `/api/client/streaming`, or asked for at
`/api/client/delta`."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from rest_compat.sdk.deltas import Gone, delta, gone_in, hydration
from rest_compat.sdk.filters import scope_of
from rest_compat.sdk.payload import PayloadScope
from rest_compat.wire import Answer, Handler, Request, StreamAnswer
from store import Snapshot, Store
from store.changes import Commit, SlowSubscriberError
from store.events_log import events_between
from store.identity import Principal

# The Node SDK gives a connection up after a minute of silence.
KEEP_ALIVE_S = 15.0
# From so many changed toggles on, an SDK that comes back gets everything, which is about as much.
MOST_CHANGES = 1_000
MOST_KEPT = 64

_KEEP_ALIVE = b":keep-alive\n\n"
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"vary", b"Authorization"),
    # Proxies of the nginx kind would keep events back until there is more to send.
    (b"x-accel-buffering", b"no"),
]
_JSON_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization"),
]


def streaming_handler() -> Handler:
    """The handler of the stream, with the messages it keeps: one for all clients of a scope."""
    kept = _Kept()

    async def stream(request: Request) -> Answer:
        scope = scope_of(request)
        pieces = _messages(request, scope, kept)
        return StreamAnswer(200, b"", _STREAM_HEADERS, pieces=pieces, receive=request.receive)

    return stream


def delta_handler() -> Handler:
    """The handler for SDKs that ask for changes; their tag is the revision they hold."""
    kept = _Kept()

    async def changes(request: Request) -> Answer:
        scope, snapshot = scope_of(request), request.snapshot
        etag = f'"{snapshot.revision}"'
        held = _revision_in(request.header("if-none-match"))
        served = snapshot.environments[scope.environment].served_revision
        if held is not None and served <= held <= snapshot.revision:
            return Answer(304, headers=[(b"etag", f'"{held}"'.encode()), *_JSON_HEADERS[1:]])
        body = await _first_message(request.store, snapshot, scope, held, kept)
        return Answer(200, body, [(b"etag", etag.encode()), *_JSON_HEADERS])

    return changes


async def _messages(request: Request, scope: PayloadScope, kept: "_Kept") -> AsyncIterator[bytes]:
    """What the client holds already is brought up to date first, then come changes as they are
    made. It ends when the token does, or when the client reads too slowly to keep up."""
    store, principal = request.store, request.principal
    async with store.changes.subscribe() as feed:
        snapshot = feed.snapshot
        held = _revision_in(request.header("last-event-id"))
        first = await _first_message(store, snapshot, scope, held, kept)
        yield _event("unleash-connected", snapshot.revision, first)
        while _is_valid(principal, store.snapshot, store.clock()):
            try:
                async with asyncio.timeout(_patience_s(principal, store.clock())):
                    commit = await anext(feed)
            except TimeoutError:
                yield _KEEP_ALIVE
                continue
            except (StopAsyncIteration, SlowSubscriberError):
                return
            if not _is_valid(principal, commit.after, store.clock()):
                return
            message = kept.of(commit, scope)
            if message is not None:
                yield _event("unleash-updated", commit.after.revision, message)


class _Kept:
    """The messages made last, by what they were made of; those of one scope serve all its
    clients."""

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[object, ...], bytes | None] = OrderedDict()

    def of(self, commit: Commit, scope: PayloadScope) -> bytes | None:
        """The message for a commit, None where it changes nothing in the scope."""
        before, after = commit.before, commit.after
        return self.message(
            (scope, before.revision, after.revision),
            lambda: delta(before, after, scope, gone_in(commit.events), since=before.revision),
        )

    def message(self, key: tuple[object, ...], make: Callable[[], bytes | None]) -> bytes | None:
        """The message of a key, made when it is asked for the first time."""
        if key not in self._messages:
            self._messages[key] = make()
            while len(self._messages) > MOST_KEPT:
                self._messages.popitem(last=False)
        return self._messages[key]


async def _first_message(
    store: Store, snapshot: Snapshot, scope: PayloadScope, held: int | None, kept: "_Kept"
) -> bytes:
    """What brings an SDK up to date that holds a revision, or nothing yet."""
    message = await _catch_up(store, snapshot, scope, held)
    if message is None:
        message = kept.message((scope, snapshot.revision), lambda: hydration(snapshot, scope))
    return message or _NOTHING


async def _catch_up(
    store: Store, snapshot: Snapshot, scope: PayloadScope, held: int | None
) -> bytes | None:
    """What an SDK lacks that holds a revision; None where it had better get everything."""
    if held is None or held > snapshot.revision or scope.membership() is not None:
        return None
    if sum(toggle.revision > held for toggle in snapshot.toggles.values()) > MOST_CHANGES:
        return None
    gone = Gone()
    if held < snapshot.revision:
        async with store.read() as session:
            gone = gone_in(await events_between(session, held, snapshot.revision))
    return delta(None, snapshot, scope, gone, since=held) or _NOTHING


_NOTHING = b'{"events":[]}'


def _revision_in(text: str | None) -> int | None:
    """A revision that a client was told as id or tag."""
    digits = (text or "").strip().removeprefix("W/").strip('"')
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


def _event(name: str, revision: int, document: bytes) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (revision, name.encode(), document)


def _is_valid(principal: Principal, snapshot: Snapshot, now: datetime) -> bool:
    """Whether the token still opens the door, and its environment is still there."""
    if principal.environment not in snapshot.environments:
        return False
    token = principal.token
    return token is None or (token.id in snapshot.tokens and not token.expired(now))


def _patience_s(principal: Principal, now: datetime) -> float:
    """How long to wait for a change: until a sign of life is due, or the token expires."""
    expires_at = principal.token.expires_at if principal.token else None
    left = expires_at - now if expires_at else timedelta(days=1)
    return min(KEEP_ALIVE_S, max(left.total_seconds(), 0.0))
