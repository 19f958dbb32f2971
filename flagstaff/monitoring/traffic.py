"""Count requests, connections and refusals in plain integers."""

import time
from collections import Counter
from collections.abc import Awaitable
from http import HTTPMethod

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rest_compat.app import ROUTE_KEY
from store.counting import Distribution

DURATION_BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

# Why the HTTP protocol refuses requests.
REFUSAL_REASONS = ("malformed", "head_too_large", "head_too_slow")

# Requests without a declared path are counted under these names, because clients choose paths.
OTHER = "other"
_PATHS = frozenset(
    {
        "/",
        "/graphql",
        "/health",
        "/internal-backstage/prometheus",
        "/metrics",
        "/openapi.json",
        "/ready",
        "/schema.graphql",
    }
)
_PREFIXES = (
    "/api/admin/",
    "/api/client/",
    "/api/frontend/",
    "/ofrep/",
    "/console/",
    "/guide/",
    "/docs/",
    "/redoc/",
    "/sample/",
)
_METHODS = frozenset(HTTPMethod)


class Traffic:
    """The requests of this process since its start, without repeated polls.

    `requests` counts by route, method and status; a request that ends without a response has the
    status 0. WebSockets have the method `WEBSOCKET`. `durations` measures requests, not WebSockets,
    by route. `refusals` counts the requests that the HTTP protocol refused, by the name of the
    reason.
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.durations: dict[str, Distribution] = {}
        # A counter that begins at 0 lets Prometheus see the first refusal as an increase.
        self.refusals: Counter[str] = Counter(dict.fromkeys(REFUSAL_REASONS, 0))
        self.open_connections = 0
        self.connections = 0
        self.open_requests = 0
        self.open_websockets = 0

    def record(self, route: str, method: str, status: int, seconds: float) -> None:
        """Record a request that has ended."""
        self.requests[route, method, status] += 1
        distribution = self.durations.get(route)
        if distribution is None:
            distribution = self.durations[route] = Distribution(DURATION_BOUNDS_S)
        distribution.record(seconds)


class CountRequests:
    """Counts each request and WebSocket."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run a request and count it."""
        if scope["type"] == "http":
            await self._count_request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._count_websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _count_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        traffic, status, started = self._traffic, 0, time.perf_counter()

        def send_observed(message: Message) -> Awaitable[None]:
            nonlocal status
            if not status:
                status = message["status"]
            return send(message)

        traffic.open_requests += 1
        try:
            await self._app(scope, receive, send_observed)
        finally:
            traffic.open_requests -= 1
            # `HeadAsGet` gives the application another scope, so the route of a HEAD is not known.
            traffic.record(
                scope.get(ROUTE_KEY) or route_of(scope["path"]),
                scope["method"] if scope["method"] in _METHODS else OTHER,
                status,
                time.perf_counter() - started,
            )

    async def _count_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        traffic, status = self._traffic, 0

        def send_observed(message: Message) -> Awaitable[None]:
            nonlocal status
            if not status:
                status = _status_of_handshake(message)
                traffic.requests[route_of(scope["path"]), "WEBSOCKET", status] += 1
            return send(message)

        traffic.open_websockets += 1
        try:
            await self._app(scope, receive, send_observed)
        finally:
            traffic.open_websockets -= 1


def route_of(path: str) -> str:
    """Return the name of a path in the counts. The number of names is fixed."""
    plain = path.removesuffix("/") or "/"
    if plain in _PATHS:
        return plain
    folder = f"{plain}/"
    for prefix in _PREFIXES:
        if folder.startswith(prefix):
            return f"{prefix}*"
    return OTHER


def _status_of_handshake(message: Message) -> int:
    match message["type"]:
        case "websocket.accept":
            return 101
        case "websocket.http.response.start":
            return message["status"]
        case _:
            return 403  # ASGI servers answer 403 if a handshake is closed
