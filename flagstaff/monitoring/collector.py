"""Translate the counts of the process to metric families of the Prometheus client."""

import platform
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from flagstaff import __version__
from flagstaff.monitoring.sources import Sources
from rest_compat.http.primary import Primary
from store import Store
from store.counting import Distribution
from store.webhooks.deliveries import DeliveryState

_PREFIX = "flagstaff_"
_ATTEMPT_RESULTS = {
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.WAITING: "retried",
    DeliveryState.FAILED: "failed",
}


class FlagstaffCollector(Collector):
    """Reads all counts at each scrape. No family has labels whose values clients choose."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterator[Metric]:
        """Yield all metric families."""
        yield from self._build()
        yield from self._requests()
        yield from self._refusals()
        yield from self._connections()
        yield from self._operations()
        yield from _configuration(self._sources.store)
        yield from _webhooks(self._sources.store)
        yield from _health(self._sources.store)
        if self._sources.primary is not None:
            yield from _primary(self._sources.primary)

    def _build(self) -> Iterator[Metric]:
        labels = {
            "version": __version__,
            "python": platform.python_version(),
            "database": self._sources.store.dialect,
        }
        yield InfoMetricFamily(f"{_PREFIX}build", "The version of the server.", labels)

    def _requests(self) -> Iterator[Metric]:
        traffic, repeated_polls = self._sources.traffic, self._sources.count_repeated_polls()
        requests = CounterMetricFamily(
            f"{_PREFIX}http_requests",
            "Requests by route, method and status. WebSockets have the method WEBSOCKET. A request "
            "without a response has the status 0.",
            labels=("route", "method", "status"),
        )
        counts = Counter(traffic.requests)
        for (path, status), count in repeated_polls.items():
            counts[path, "GET", status] += count
        for (route, method, status), count in sorted(counts.items()):
            requests.add_metric((route, method, str(status)), count)
        yield requests
        repeated = CounterMetricFamily(
            f"{_PREFIX}repeated_polls",
            "Polls of SDKs that were answered from the cache, without parsing.",
            labels=("route", "status"),
        )
        for (path, status), count in sorted(repeated_polls.items()):
            repeated.add_metric((path, str(status)), count)
        yield repeated
        yield _histogram(
            "http_request_duration_seconds",
            "The durations of requests by route, without repeated polls and WebSockets. The "
            "duration of a stream is its lifetime.",
            "route",
            traffic.durations,
        )

    def _refusals(self) -> Iterator[Metric]:
        refused = CounterMetricFamily(
            f"{_PREFIX}protocol_refusals",
            "Connections that sent malformed, oversized or slow requests, by reason.",
            labels=("reason",),
        )
        for reason, count in sorted(self._sources.traffic.refusals.items()):
            refused.add_metric((reason,), count)
        yield refused
        yield CounterMetricFamily(
            f"{_PREFIX}unknown_tokens",
            "Requests with unknown tokens, including those that were refused with 429.",
            value=self._sources.store.unknown_tokens.total,
        )

    def _connections(self) -> Iterator[Metric]:
        traffic, store = self._sources.traffic, self._sources.store
        # The sum over all workers is their number.
        yield _gauge("workers", "The processes that share the listening socket.", 1)
        yield CounterMetricFamily(
            f"{_PREFIX}connections", "Accepted connections.", value=traffic.connections
        )
        yield _gauge("open_connections", "Open connections.", traffic.open_connections)
        yield _gauge("open_requests", "Requests that are being answered.", traffic.open_requests)
        yield _gauge("open_websockets", "Open WebSockets.", traffic.open_websockets)
        yield _gauge(
            "open_streams",
            "Open event streams of SDKs and OpenFeature providers.",
            self._sources.count_streams(),
        )
        yield _gauge(
            "subscribers",
            "Open subscriptions to changes: event streams and GraphQL subscriptions.",
            store.changes.subscribers,
        )

    def _operations(self) -> Iterator[Metric]:
        counts = self._sources.operations
        labels = ("operation", "type", "outcome")
        number = CounterMetricFamily(
            f"{_PREFIX}graphql_operations",
            "GraphQL queries and mutations. Operations of the console and of trusted documents are "
            "counted under their names, all others as 'other'.",
            labels=labels,
        )
        seconds = CounterMetricFamily(
            f"{_PREFIX}graphql_operation_seconds",
            "The total duration of GraphQL queries and mutations.",
            labels=labels,
        )
        cost = CounterMetricFamily(
            f"{_PREFIX}graphql_operation_cost",
            "The total cost of GraphQL queries and mutations.",
            labels=labels,
        )
        for key, totals in sorted(counts.totals.items()):
            number.add_metric(key, totals.count)
            seconds.add_metric(key, totals.seconds)
            cost.add_metric(key, totals.cost)
        yield from (number, seconds, cost)
        yield _histogram(
            "graphql_duration_seconds",
            "The durations of GraphQL queries and mutations.",
            "type",
            counts.durations,
        )
        yield _histogram(
            "graphql_cost", "The costs of GraphQL queries and mutations.", "type", counts.costs
        )


def _configuration(store: Store) -> Iterator[Metric]:
    snapshot = store.snapshot
    yield _gauge("revision", "The revision of the configuration in memory.", snapshot.revision)
    objects = GaugeMetricFamily(
        f"{_PREFIX}objects", "The configuration in memory, by kind of object.", labels=("kind",)
    )
    for kind, mapping in (
        ("context_field", snapshot.context_fields),
        ("environment", snapshot.environments),
        ("project", snapshot.projects),
        ("segment", snapshot.segments),
        ("strategy", snapshot.strategies),
        ("toggle", snapshot.toggles),
        ("token", snapshot.tokens),
    ):
        objects.add_metric((kind,), len(mapping))
    yield objects


def _webhooks(store: Store) -> Iterator[Metric]:
    attempts = CounterMetricFamily(
        f"{_PREFIX}webhook_attempts",
        "Attempts of this process to send deliveries, by result. The server repeats attempts with "
        "the result 'retried'. 'failed' attempts were the last ones of their deliveries.",
        labels=("result",),
    )
    for state, result in _ATTEMPT_RESULTS.items():
        attempts.add_metric((result,), store.webhooks.attempts[state])
    yield attempts
    backlog = store.webhooks.backlog.last
    if backlog is None:
        return
    webhooks = GaugeMetricFamily(f"{_PREFIX}webhooks", "Webhooks by state.", labels=("state",))
    enabled = [each.enabled for each in store.snapshot.webhooks.values()].count(True)
    failing = len(backlog.failing)
    webhooks.add_metric(("disabled",), len(store.snapshot.webhooks) - enabled)
    webhooks.add_metric(("failing",), failing)
    webhooks.add_metric(("working",), max(enabled - failing, 0))
    yield webhooks
    oldest_at = backlog.oldest_at
    yield _gauge(
        "webhook_lag_seconds",
        "The age of the oldest event that an enabled webhook has not sent.",
        max((store.clock() - oldest_at).total_seconds(), 0) if oldest_at is not None else 0,
    )
    yield _gauge(
        "webhook_lag_events",
        "The number of events that the queue of an enabled webhook has not read, at most.",
        backlog.events,
    )
    yield _gauge(
        "webhook_waiting_deliveries",
        "Deliveries that wait in the queues of enabled webhooks.",
        backlog.waiting,
    )


def _health(store: Store) -> Iterator[Metric]:
    states: tuple[tuple[str, str, Callable[[], float]], ...] = (
        ("ready", "1 if the process can serve toggles.", lambda: store.ready),
        ("draining", "1 if the process is about to stop.", lambda: store.draining),
        (
            "database_available",
            "1 if the last read of the database succeeded.",
            lambda: store.database_available,
        ),
        (
            "database_file_problem",
            "1 if the SQLite file prevents changes, or the database was not reached at the start.",
            lambda: store.database_problem is not None,
        ),
        (
            "snapshot_age_seconds",
            "The time since the configuration was last compared with the database.",
            lambda: store.age_s,
        ),
        (
            "journal_lag_seconds",
            "The time by which usage counts lag behind the reports.",
            lambda: store.journal_lag_s,
        ),
        (
            "journal_pending_reports",
            "Reports of SDKs that wait for a commit to the journal.",
            lambda: store.journal.pending,
        ),
        (
            "journal_pending_bytes",
            "The size of the reports that wait for a commit to the journal.",
            lambda: store.journal.pending_bytes,
        ),
    )
    for name, documentation, read in states:
        yield _gauge(name, documentation, read())


def _primary(primary: Primary) -> Iterator[Metric]:
    known = primary.readiness()
    available = known["primary"] == "available"
    yield _gauge("primary_available", "1 if the primary of this reader answers.", available)
    for key, documentation in (
        ("primary_age_seconds", "The time since this reader last heard from the primary."),
        ("standby_lag_seconds", "The time by which the hot standby lags behind."),
        ("unsent_reports", "Rows in the journal that are not forwarded yet."),
    ):
        if key in known:
            yield _gauge(key, documentation, known[key])


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PREFIX}{name}", documentation, value=float(value))


def _histogram(
    name: str, documentation: str, label: str, distributions: Mapping[str, Distribution]
) -> Metric:
    family = HistogramMetricFamily(f"{_PREFIX}{name}", documentation, labels=(label,))
    for value, distribution in sorted(distributions.items()):
        buckets = [
            ("+Inf" if bound == float("inf") else str(float(bound)), count)
            for bound, count in distribution.cumulative()
        ]
        family.add_metric((value,), buckets, distribution.total)
    return family
