"""Serve the metrics at `/metrics`, in the text format of Prometheus."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from flagstaff.middleware import header_values, refuse
from flagstaff.monitoring.families import Family, FamilySample
from flagstaff.monitoring.sources import Sources
from flagstaff.workers.link import SupervisorLink
from rest_compat.http.asgi import client_address
from rest_compat.http.errors import MethodNotAllowedError, RestError
from rest_compat.http.refusals import UnavailableError, rest_error_of
from rest_compat.http.response import Response
from store.identity import TOKEN_ID_KEY, UnknownTokenError, identify, require
from store.model import ApiTokenType

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

# The second path is that of Unleash servers.
METRICS_PATHS = frozenset({"/metrics", "/internal-backstage/prometheus"})
# Every release of Prometheus reads this version of the format.
_HEADERS = (
    (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
    (b"cache-control", b"no-store"),
)


def metrics_app(
    sources: Sources,
    *,
    access: Literal["open", "token"],
    auth: str,
    link: SupervisorLink | None = None,
) -> ASGIApp:
    """Return the ASGI application that answers with the metrics.

    With `token` access, it needs a token of type admin or viewer. With `link`, the metrics are
    those of all workers. The library for Prometheus is imported at the first request.
    """
    store = sources.store
    metrics = _Metrics(sources)
    if link is not None:
        link.collect = metrics.families

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await refuse(scope, send, MethodNotAllowedError("WEBSOCKET", ("GET", "HEAD")))
            return
        error = _refusal(scope)
        if error is not None:
            await refuse(scope, send, error)
            return
        try:
            body = await (metrics.encode() if link is None else _encode_totals(link))
        except TimeoutError:
            await refuse(scope, send, UnavailableError("The supervisor does not answer."))
            return
        await Response(200, body, [*_HEADERS]).send(send, head=False)

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


class _Metrics:
    """The metrics of this process."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._registry: CollectorRegistry | None = None

    async def encode(self) -> bytes:
        """Return the metrics in the text format."""
        from prometheus_client import generate_latest

        return generate_latest(await self._open())

    async def families(self) -> list[Family]:
        """Return the metrics in the form that workers exchange."""
        return [
            Family(
                metric.name,
                metric.documentation,
                metric.type,
                [FamilySample(*sample[:3]) for sample in metric.samples],
            )
            for metric in (await self._open()).collect()
        ]

    async def _open(self) -> "CollectorRegistry":
        if self._registry is None:
            self._registry = await asyncio.to_thread(_registry_of, self._sources)
        await self._sources.store.webhooks.backlog.refresh()
        return self._registry


def _registry_of(sources: Sources) -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector

    from flagstaff.monitoring.collector import FlagstaffCollector

    registry = CollectorRegistry()
    registry.register(FlagstaffCollector(sources))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


async def _encode_totals(link: SupervisorLink) -> bytes:
    """Return the metrics of all workers in the text format.

    Raises: TimeoutError: the supervisor does not answer.
    """
    families = await link.totals()
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    class Totals(Collector):
        def collect(self) -> Iterable["Metric"]:
            return map(_metric_of, families)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Totals())
    return generate_latest(registry)


def _metric_of(family: Family) -> "Metric":
    from prometheus_client import Metric

    metric = Metric(family.name, family.documentation, family.type)
    for sample in family.samples:
        metric.add_sample(sample.name, sample.labels, sample.value)
    return metric
