"""Send changes to SDKs: the stream `/api/client/streaming`, and `/api/client/delta` for polling."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from hashlib import blake2b

from rest_compat.http.conditional import IF_NONE_MATCH, UNCHANGED
from rest_compat.http.errors import BadDataError, FilterError
from rest_compat.http.operation import Answer
from rest_compat.http.refusals import TooManyStreamsError
from rest_compat.http.request import Request
from rest_compat.http.response import STREAM_PART_BYTES, Response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.deltas import Deletions, delta, find_deletions
from rest_compat.sdk.filters import FILTERS, scope_of
from rest_compat.sdk.following import (
    EVENT_STREAM,
    KEEP_ALIVE,
    LAST_EVENT_ID,
    event_id,
    follow,
    is_over,
    known_revision,
    parse_revision,
)
from rest_compat.sdk.message_cache import MessageCache
from rest_compat.sdk.models import DeltaJson
from rest_compat.sdk.open_streams import OpenStreams
from rest_compat.sdk.scopes import PayloadScope
from store import Snapshot, Store
from store.events_log import events_between
from store.identity import Principal
from store.spreading import retry_field

# If more toggles than this have changed, a reconnecting SDK gets all toggles. A message with the
# changes would be about as large as a message with all toggles.
MAX_CHANGES = 1_000

_EXAMPLE = """\
id: 42
event: unleash-updated
data: {"events":[{"type":"feature-removed","eventId":42,"featureName":"old-banner",\
"project":"default"}]}

"""
_JSON_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization"),
]


def streaming_routes(streams: OpenStreams) -> RouteTable:
    """Return the routes that send changes. Clients with the same scope share cached messages."""
    routes = RouteTable("client")
    streamed, polled = MessageCache(), MessageCache()

    @routes.route(
        "GET",
        "/api/client/streaming",
        id="streamClientFeatures",
        parameters=(*FILTERS, LAST_EVENT_ID),
        answers={
            200: Answer(
                "A stream of server-sent events that stays open.",
                str,
                EVENT_STREAM,
                example=_EXAMPLE,
            )
        },
        errors=(FilterError, BadDataError, TooManyStreamsError),
    )
    async def stream(request: Request) -> Response:
        """Stream all toggles and then each change, as server-sent events.

        The event `unleash-connected` brings the client up to date. Each event `unleash-updated`
        contains a change. A client that reconnects with `Last-Event-ID` misses no change. The
        stream ends after a random time. The client should then reconnect.
        """
        known = known_revision(request.store, request.header("last-event-id"))
        messages = _messages(
            request.store,
            request.principal,
            scope_of(request),
            known,
            streamed,
            streams.end_of_life(),
        )
        return streams.answer(request, messages)

    @routes.route(
        "GET",
        "/api/client/delta",
        id="getDelta",
        parameters=(*FILTERS, IF_NONE_MATCH),
        answers={200: DeltaJson, 304: UNCHANGED},
        errors=(FilterError, BadDataError),
    )
    async def changes(request: Request) -> Response:
        """List the changes since the revision that the client has.

        Without `If-None-Match` the response has one event with all toggles. If the request has the
        `ETag` of an earlier response, the new response has the changes since the earlier response.
        """
        scope, snapshot = scope_of(request), request.snapshot
        # A tag is valid only for one scope and one history, so the tag contains a hash of them.
        hashed = repr((scope, request.store.history)) if request.store.history else repr(scope)
        scope_hash = blake2b(hashed.encode(), digest_size=8).hexdigest()
        sent = (request.header("if-none-match") or "").strip().removeprefix("W/").strip('"')
        revision, _, sent_hash = sent.partition("-")
        known = parse_revision(revision) if sent_hash == scope_hash else None
        served = snapshot.environments[scope.environment].served_revision
        if known is not None and served <= known <= snapshot.revision:
            request.allow_repeating()
            return Response(304, headers=[_etag(known, scope_hash), *_JSON_HEADERS[1:]])
        body = await _first_message(request.store, snapshot, scope, known, polled)
        return Response(200, body, [_etag(snapshot.revision, scope_hash), *_JSON_HEADERS])

    return routes


def _etag(revision: int, scope_hash: str) -> tuple[bytes, bytes]:
    return b"etag", f'"{revision}-{scope_hash}"'.encode()


async def _messages(
    store: Store,
    principal: Principal,
    scope: PayloadScope,
    known: int | None,
    cache: MessageCache,
    ends_at: float,
) -> AsyncGenerator[bytes, None]:
    """Yield a message with all changes that the client misses. Then yield a message per change.

    `known` is the revision that a reconnecting client has. The iterator ends when the token becomes
    invalid or the client reads too slowly. The event loop time `ends_at` is the latest end.

    The iterator must not retain the first snapshot and the first message, because streams are
    long-lived.
    """
    async with store.changes.subscribe() as feed:
        for piece in await _first_event(store, feed.snapshot, scope, known, cache):
            yield piece
        async with aclosing(follow(store, principal, feed, ends_at=ends_at)) as commits:
            async for commit in commits:
                if commit is None:
                    yield KEEP_ALIVE
                elif (message := await cache.delta(commit, scope)) is not None:
                    id = event_id(store, commit.after.revision)
                    for piece in _event("unleash-updated", id, message):
                        yield piece
    if is_over(ends_at):
        yield retry_field()


async def _first_event(
    store: Store, snapshot: Snapshot, scope: PayloadScope, known: int | None, cache: MessageCache
) -> Sequence[bytes]:
    message = await _first_message(store, snapshot, scope, known, cache)
    return _event("unleash-connected", event_id(store, snapshot.revision), message)


async def _first_message(
    store: Store, snapshot: Snapshot, scope: PayloadScope, known: int | None, cache: MessageCache
) -> bytes:
    """Return the changes since the revision `known`. If this is impossible, return all toggles."""
    message = await _catch_up(store, snapshot, scope, known)
    if message is None:
        message = await cache.hydration(snapshot, scope)
    return message or _NO_EVENTS


async def _catch_up(
    store: Store, snapshot: Snapshot, scope: PayloadScope, known: int | None
) -> bytes | None:
    """Return the changes since the revision `known`, or None if the SDK must get all toggles."""
    if known is None or not store.first_revision <= known <= snapshot.revision:
        return None
    if scope.membership() is not None:
        return None
    if sum(toggle.revision > known for toggle in snapshot.toggles.values()) > MAX_CHANGES:
        return None
    deletions = Deletions()
    if known < snapshot.revision:
        async with store.read() as session:
            deletions = find_deletions(await events_between(session, known, snapshot.revision))
    return delta(None, snapshot, scope, deletions, since=known) or _NO_EVENTS


_NO_EVENTS = b'{"events":[]}'


def _event(name: str, id: str, message: bytes) -> Sequence[bytes]:
    """Return an event in pieces. Clients share a large message, so the message is not copied."""
    head = f"id: {id}\nevent: {name}\ndata: ".encode()
    if len(message) < STREAM_PART_BYTES:
        return (b"%s%s\n\n" % (head, message),)
    return head, message, b"\n\n"
