"""Changes for SDKs: streamed at `/api/client/streaming`, polled at `/api/client/delta`."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from hashlib import blake2b

from rest_compat.http.conditional import IF_NONE_MATCH, UNCHANGED
from rest_compat.http.errors import BadDataError, FilterError, TooManyStreamsError
from rest_compat.http.operation import Answer
from rest_compat.http.request import Request
from rest_compat.http.response import STREAM_PART_BYTES, Response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.deltas import Gone, delta, gone_in
from rest_compat.sdk.filters import FILTERS, scope_of
from rest_compat.sdk.following import (
    EVENT_STREAM,
    KEEP_ALIVE,
    LAST_EVENT_ID,
    follow,
    is_over,
    revision_in,
)
from rest_compat.sdk.kept import KeptMessages
from rest_compat.sdk.models import DeltaJson
from rest_compat.sdk.open_streams import OpenStreams
from rest_compat.sdk.payload import PayloadScope
from store import Snapshot, Store
from store.events_log import events_between
from store.identity import Principal
from store.spreading import retry_field

# From so many changed toggles on, an SDK that comes back gets everything, which is about as much.
MOST_CHANGES = 1_000

_JSON_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization"),
]


def streaming_routes(streams: OpenStreams) -> RouteTable:
    """The routes of changes, with the messages that they cache for all clients of a scope."""
    routes = RouteTable("client")
    streamed, polled = KeptMessages(), KeptMessages()

    @routes.route(
        "GET",
        "/api/client/streaming",
        parameters=(*FILTERS, LAST_EVENT_ID),
        answers={200: Answer("An endless stream.", str, EVENT_STREAM)},
        errors=(FilterError, BadDataError, TooManyStreamsError),
    )
    async def stream(request: Request) -> Response:
        """Stream all toggles, then each change as it happens, as server-sent events."""
        held = revision_in(request.header("last-event-id"))
        messages = _messages(
            request.store,
            request.principal,
            scope_of(request),
            held,
            streamed,
            streams.end_of_life(),
        )
        return streams.answer(request, messages)

    @routes.route(
        "GET",
        "/api/client/delta",
        parameters=(*FILTERS, IF_NONE_MATCH),
        answers={200: DeltaJson, 304: UNCHANGED},
        errors=(FilterError, BadDataError),
    )
    async def changes(request: Request) -> Response:
        """List what has changed since the revision that the client holds."""
        scope, snapshot = scope_of(request), request.snapshot
        # The tag holds the scope, too; else the tag of one token would tell another one that it
        # holds everything.
        mark = blake2b(repr(scope).encode(), digest_size=8).hexdigest()
        sent = (request.header("if-none-match") or "").strip().removeprefix("W/").strip('"')
        revision, _, mark_held = sent.partition("-")
        held = revision_in(revision) if mark_held == mark else None
        served = snapshot.environments[scope.environment].served_revision
        if held is not None and served <= held <= snapshot.revision:
            return Response(304, headers=[_etag(held, mark), *_JSON_HEADERS[1:]])
        body = await _first_message(request.store, snapshot, scope, held, polled)
        return Response(200, body, [_etag(snapshot.revision, mark), *_JSON_HEADERS])

    return routes


def _etag(revision: int, mark: str) -> tuple[bytes, bytes]:
    return b"etag", f'"{revision}-{mark}"'.encode()


async def _messages(
    store: Store,
    principal: Principal,
    scope: PayloadScope,
    held: int | None,
    kept: KeptMessages,
    ends_at: float,
) -> AsyncGenerator[bytes, None]:
    """What the client holds already is brought up to date first, then come changes as they are
    made. It ends when the token does, at `ends_at`, or when the client reads too slowly to keep
    up; a client that comes back names the revision it holds and misses nothing.

    Streams last, so they hold on to neither the snapshot nor the message that they began with.
    """
    async with store.changes.subscribe() as feed:
        for piece in await _beginning(store, feed.snapshot, scope, held, kept):
            yield piece
        async with aclosing(follow(store, principal, feed, ends_at=ends_at)) as commits:
            async for commit in commits:
                if commit is None:
                    yield KEEP_ALIVE
                elif (message := await kept.of(commit, scope)) is not None:
                    for piece in _event("unleash-updated", commit.after.revision, message):
                        yield piece
    if is_over(ends_at):
        yield retry_field()


async def _beginning(
    store: Store, snapshot: Snapshot, scope: PayloadScope, held: int | None, kept: KeptMessages
) -> Sequence[bytes]:
    message = await _first_message(store, snapshot, scope, held, kept)
    return _event("unleash-connected", snapshot.revision, message)


async def _first_message(
    store: Store, snapshot: Snapshot, scope: PayloadScope, held: int | None, kept: KeptMessages
) -> bytes:
    """What brings an SDK up to date that holds a revision, or nothing yet."""
    message = await _catch_up(store, snapshot, scope, held)
    if message is None:
        message = await kept.beginning(snapshot, scope)
    return message or _NOTHING


async def _catch_up(
    store: Store, snapshot: Snapshot, scope: PayloadScope, held: int | None
) -> bytes | None:
    """What an SDK lacks that holds a revision; None where it had better get everything."""
    if held is None or not store.first_revision <= held <= snapshot.revision:
        return None
    if scope.membership() is not None:
        return None
    if sum(toggle.revision > held for toggle in snapshot.toggles.values()) > MOST_CHANGES:
        return None
    gone = Gone()
    if held < snapshot.revision:
        async with store.read() as session:
            gone = gone_in(await events_between(session, held, snapshot.revision))
    return delta(None, snapshot, scope, gone, since=held) or _NOTHING


_NOTHING = b'{"events":[]}'


def _event(name: str, revision: int, document: bytes) -> Sequence[bytes]:
    """The pieces of an event; a large document, which all clients share, is not copied for it."""
    head = b"id: %d\nevent: %s\ndata: " % (revision, name.encode())
    if len(document) < STREAM_PART_BYTES:
        return (b"%s%s\n\n" % (head, document),)
    return head, document, b"\n\n"
