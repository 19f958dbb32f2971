"""Serve the metrics at `/metrics`, in the text format of Prometheus."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from flagstaff.middleware import header_values, refuse
from flagstaff.monitoring.sources import Sources
from rest_compat.http.asgi import client_address
from rest_compat.http.errors import MethodNotAllowedError, RestError
from rest_compat.http.refusals import rest_error_of
from rest_compat.http.response import Response
from store.identity import TOKEN_ID_KEY, UnknownTokenError, identify, require
from store.model import ApiTokenType

# The second path is that of Unleash servers.
METRICS_PATHS = frozenset({"/metrics", "/internal-backstage/prometheus"})
# Every release of Prometheus reads this version of the format.
_HEADERS = (
    (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
    (b"cache-control", b"no-store"),
)


def metrics_app(sources: Sources, *, access: Literal["open", "token"], auth: str) -> ASGIApp:
    """Return the ASGI application that answers with the metrics.

    With `token` access, it needs a token of type admin or viewer. The library for Prometheus is
    imported at the first request.
    """
    store = sources.store
    encode: Callable[[], bytes] | None = None

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        nonlocal encode
        if scope["type"] != "http":
            await refuse(scope, send, MethodNotAllowedError("WEBSOCKET", ("GET", "HEAD")))
            return
        error = _refusal(scope)
        if error is not None:
            await refuse(scope, send, error)
            return
        if encode is None:
            encode = await asyncio.to_thread(_encoder_of, sources)
        await store.webhooks.backlog.refresh()
        await Response(200, encode(), [*_HEADERS]).send(send, head=False)

    def _refusal(scope: Scope) -> RestError | None:
        if scope["method"] != "GET":
            return MethodNotAllowedError(scope["method"], ("GET", "HEAD"))
        if access == "open":
            return None
        try:
            _check_token(scope)
        except Exception as refused:
            error = rest_error_of(refused)
            if error is None:
                raise
            return error
        return None

    def _check_token(scope: Scope) -> None:
        now = store.clock()
        try:
            principal = identify(
                store.snapshot,
                authorization=b", ".join(header_values(scope, b"authorization")).decode("latin-1")
                or None,
                user=None,
                now=now,
                auth=auth,
            )
        except UnknownTokenError:
            store.unknown_tokens.count(client_address(scope) or "")
            raise
        if principal.token is not None:
            store.token_use.mark(principal.token.id, now)
            scope[TOKEN_ID_KEY] = principal.token.id
        require(principal, ApiTokenType.ADMIN, ApiTokenType.VIEWER)

    return app


def _encoder_of(sources: Sources) -> Callable[[], bytes]:
    from prometheus_client import (
        CollectorRegistry,
        PlatformCollector,
        ProcessCollector,
        generate_latest,
    )

    from flagstaff.monitoring.collector import FlagstaffCollector

    registry = CollectorRegistry()
    registry.register(FlagstaffCollector(sources))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return partial(generate_latest, registry)
