"""OFREP's event stream, which tells OpenFeature's web providers when to evaluate flags again."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import msgspec

from rest_compat.http.errors import BadDataError
from rest_compat.http.identity import EVENTS_PATH
from rest_compat.http.operation import Answer, Parameter
from rest_compat.http.refusals import TooManyStreamsError
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.http.tickets import PARAMETER, ticket_of
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
from rest_compat.sdk.ofrep_errors import OfrepError
from rest_compat.sdk.open_streams import OpenStreams
from rest_compat.sdk.scopes import PayloadScope
from store import Store
from store.errors import StoreUnavailableError
from store.identity import Principal
from store.spreading import retry_field

_EXAMPLE = """\
id: 42
event: message
data: {"type":"refetchEvaluation","etag":"\\"42\\""}

"""
_PREFIX = re.compile(r"(?:/[\w.~-]+){1,10}", re.ASCII)


def event_streams(request: Request) -> list[dict[str, Any]]:
    """Return the value of `eventStreams` in a bulk response, with the path of the event stream.

    The query of the path contains a ticket, because browsers cannot send a token in a header when
    they open a stream.
    """
    token = request.principal.token
    query = f"?{PARAMETER}={ticket_of(token)}" if token else ""
    uri = _prefix(request) + EVENTS_PATH + query
    return [{"type": "sse", "endpoint": {"requestUri": uri}}]


def _prefix(request: Request) -> str:
    """Return the prefix that a proxy removed from the path and sent in X-Forwarded-Prefix.

    Providers need the prefix, because they send requests to the proxy. The header is accepted from
    any address, because a forged prefix affects only the client that sends it.
    """
    sent = (request.header("x-forwarded-prefix") or "").rstrip("/")
    return sent if _PREFIX.fullmatch(sent) else ""


def events_routes(streams: OpenStreams) -> RouteTable:
    """Return the route of the stream. Clients with the same scope share a cache of changes."""
    routes = RouteTable("openfeature", error_form=OfrepError)
    messages = MessageCache()

    @routes.route(
        "GET",
        EVENTS_PATH,
        id="streamFlagEvents",
        parameters=(
            Parameter(
                PARAMETER,
                "The ticket from the bulk response, in place of a token.",
                str,
                example="0b8f5c1e-6a0d-4a3b-9c56-7d2f3e1a4b5c.4f1d2c",
            ),
            LAST_EVENT_ID,
        ),
        answers={
            200: Answer(
                "A stream of server-sent events that stays open.",
                str,
                EVENT_STREAM,
                example=_EXAMPLE,
            )
        },
        errors=(TooManyStreamsError,),
    )
    async def events(request: Request) -> Response:
        """Stream a server-sent event whenever the values may have changed.

        After an event, clients evaluate all flags again. Browsers cannot send headers with this
        request. Therefore they send the ticket from the bulk response.
        """
        known = known_revision(request.store, request.header("last-event-id"))
        events = _events(request.store, request.principal, known, messages, streams.end_of_life())
        return streams.answer(request, events)

    return routes


async def catch_up(request: Request) -> None:
    """Refresh the snapshot if the query names a newer revision.

    The client received the newer revision from another process.
    """
    if not request.scope["query_string"]:
        return
    # If the refresh fails, an evaluation with the older snapshot is better than an error.
    with suppress(BadDataError, StoreUnavailableError):
        known = parse_revision(dict(request.query()).get("flagConfigEtag"))
        if known is not None and known > request.snapshot.revision:
            await request.store.refresh()
            request.snapshot = request.store.snapshot


async def _events(
    store: Store, principal: Principal, known: int | None, messages: MessageCache, ends_at: float
) -> AsyncGenerator[bytes, None]:
    """Yield an event for each change in the token's scope.

    The first event is sent at once, because toggles may have changed since the client evaluated the
    toggles. If a client reconnects with the revision `known` and nothing has changed since that
    revision, this first event is not sent.
    """
    scope = PayloadScope(principal.environment, principal.projects, inline=False)
    async with store.changes.subscribe() as feed:
        revision = feed.snapshot.revision
        served = feed.snapshot.environments[principal.environment].served_revision
        yield (
            KEEP_ALIVE
            if known is not None and served <= known <= revision
            else _event(store, revision)
        )
        async with aclosing(follow(store, principal, feed, ends_at=ends_at)) as commits:
            async for commit in commits:
                if commit is None:
                    yield KEEP_ALIVE
                elif await messages.delta(commit, scope) is not None:
                    yield _event(store, commit.after.revision)
    if is_over(ends_at):
        yield retry_field()


def _event(store: Store, revision: int) -> bytes:
    data = msgspec.json.encode({"type": "refetchEvaluation", "etag": f'"{revision}"'})
    return b"id: %s\nevent: message\ndata: %s\n\n" % (event_id(store, revision).encode(), data)
