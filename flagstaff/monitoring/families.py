"""Metrics in a form that processes can exchange, and the metrics of several processes as one."""

from collections.abc import Iterable
from itertools import chain
from typing import TypeAlias

from msgspec import Struct

# The name and the labels of a sample.
_Key: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]

# Families of these types only grow, so they include the counts of workers that have ended.
_GROWING = frozenset({"counter", "histogram"})
# All other gauges are sums.
_MINIMA = frozenset(
    {
        "flagstaff_revision",
        "flagstaff_ready",
        "flagstaff_database_available",
        "process_start_time_seconds",
    }
)
_MAXIMA = frozenset(
    {
        "flagstaff_draining",
        "flagstaff_database_file_problem",
        "flagstaff_journal_lag_seconds",
        "flagstaff_objects",
        "flagstaff_snapshot_age_seconds",
        "flagstaff_webhook_lag_events",
        "flagstaff_webhook_lag_seconds",
        "flagstaff_webhook_waiting_deliveries",
        "flagstaff_webhooks",
        "process_max_fds",
        "python_info",
    }
)


class FamilySample(Struct, array_like=True, frozen=True):
    """A value with the name of its series and its labels."""

    name: str
    labels: dict[str, str]
    value: float


class Family(Struct, array_like=True, frozen=True):
    """A metric with all its series. `type` is a type of Prometheus, such as `counter`."""

    name: str
    documentation: str
    type: str
    samples: list[FamilySample]


def merge(live: Iterable[Iterable[Family]], ended: Iterable[Family] = ()) -> list[Family]:
    """Return the metrics of several processes as those of one process.

    `ended` are the counters and histograms of processes that have ended. Without them, counters
    would decrease, which Prometheus takes for a restart.
    """
    found: dict[str, list[Family]] = {}
    for family in chain(*live, ended):
        found.setdefault(family.name, []).append(family)
    return [_merge_family(families) for families in found.values()]


def growing(families: Iterable[Family]) -> list[Family]:
    """Return the families whose values remain valid after their process has ended."""
    return [family for family in families if family.type in _GROWING]


def _merge_family(families: list[Family]) -> Family:
    first = families[0]
    values: dict[_Key, list[float]] = {}
    for family in families:
        for sample in family.samples:
            key = (sample.name, tuple(sample.labels.items()))
            values.setdefault(key, []).append(sample.value)
    if first.name in _MINIMA:
        combine = min
    elif first.name in _MAXIMA or first.type == "info":
        combine = max
    else:
        combine = sum
    samples = [
        FamilySample(name, dict(labels), combine(parts)) for (name, labels), parts in values.items()
    ]
    return Family(first.name, first.documentation, first.type, samples)
