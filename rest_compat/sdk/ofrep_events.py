"""OFREP's event stream: tells OpenFeature's web providers when to evaluate again."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import msgspec

from rest_compat.http.errors import BadDataError, TooManyStreamsError
from rest_compat.http.identity import EVENTS_PATH
from rest_compat.http.operation import Answer, Parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.http.tickets import PARAMETER, ticket_of
from rest_compat.sdk.following import (
    EVENT_STREAM,
    KEEP_ALIVE,
    LAST_EVENT_ID,
    follow,
    is_over,
    revision_in,
)
from rest_compat.sdk.kept import KeptMessages
from rest_compat.sdk.models import EvaluationErrorJson
from rest_compat.sdk.open_streams import OpenStreams
from rest_compat.sdk.payload import PayloadScope
from store import Store
from store.errors import StoreUnavailableError
from store.identity import Principal
from store.spreading import retry_field

_PREFIX = re.compile(r"(?:/[\w.~-]+){1,10}", re.ASCII)


def event_streams(request: Request) -> list[dict[str, Any]]:
    """What a bulk answer says of the stream: where it is, on the server that the provider knows.

    Browsers cannot send a token there, so a ticket stands in the address.
    """
    token = request.principal.token
    query = f"?{PARAMETER}={ticket_of(token)}" if token else ""
    uri = _prefix(request) + EVENTS_PATH + query
    return [{"type": "sse", "endpoint": {"requestUri": uri}}]


def _prefix(request: Request) -> str:
    """The part of the path that a proxy has taken off, as it says.

    Providers put the whole path after the origin that they know, so nothing but the path will do.
    Whoever else makes a prefix up misleads nobody but himself.
    """
    sent = (request.header("x-forwarded-prefix") or "").rstrip("/")
    return sent if _PREFIX.fullmatch(sent) else ""


def events_routes(streams: OpenStreams) -> RouteTable:
    """The route of the stream; each change is computed once for all clients of a scope."""
    routes = RouteTable("openfeature", error_model=EvaluationErrorJson)
    kept = KeptMessages()

    @routes.route(
        "GET",
        EVENTS_PATH,
        parameters=(
            Parameter(PARAMETER, "The ticket from the bulk response, in place of a token.", str),
            LAST_EVENT_ID,
        ),
        answers={200: Answer("An endless stream.", str, EVENT_STREAM)},
        errors=(BadDataError, TooManyStreamsError),
    )
    async def events(request: Request) -> Response:
        """Stream a server-sent event whenever the values may have changed."""
        known = revision_in(request.header("last-event-id"))
        events = _events(request.store, request.principal, known, kept, streams.end_of_life())
        return streams.answer(request, events)

    return routes


async def catch_up(request: Request) -> None:
    """Answer a provider from the revision that it was told of, which may be another process's."""
    if not request.scope["query_string"]:
        return
    with suppress(BadDataError, StoreUnavailableError):  # what is there is better than nothing
        told = revision_in(dict(request.query()).get("flagConfigEtag"))
        if told is not None and told > request.snapshot.revision:
            await request.store.refresh()
            request.snapshot = request.store.snapshot


async def _events(
    store: Store, principal: Principal, known: int | None, kept: KeptMessages, ends_at: float
) -> AsyncGenerator[bytes, None]:
    """A message for each change in the token's scope, the first at once: something may have changed
    between the evaluation and the opening of the stream. Who comes back says what is known."""
    scope = PayloadScope(principal.environment, principal.projects, inline=False)
    async with store.changes.subscribe() as feed:
        revision = feed.snapshot.revision
        served = feed.snapshot.environments[principal.environment].served_revision
        yield KEEP_ALIVE if known is not None and served <= known <= revision else _event(revision)
        async with aclosing(follow(store, principal, feed, ends_at=ends_at)) as commits:
            async for commit in commits:
                if commit is None:
                    yield KEEP_ALIVE
                elif await kept.of(commit, scope) is not None:
                    yield _event(commit.after.revision)
    if is_over(ends_at):
        yield retry_field()


def _event(revision: int) -> bytes:
    data = msgspec.json.encode({"type": "refetchEvaluation", "etag": f'"{revision}"'})
    return b"id: %d\nevent: message\ndata: %s\n\n" % (revision, data)
