"""Reverse lookups in a snapshot; each lookup is computed once per snapshot, on first use."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from store import Snapshot
from store.model import Environment, Toggle, ToggleStrategy
from store.values import Tag

T = TypeVar("T")
K = TypeVar("K")
ToggleIndex: TypeAlias = Mapping[K, Sequence[Toggle]]


def per_snapshot(compute: Callable[[Snapshot], T]) -> Callable[[Snapshot], T]:
    """Cache a function's result for the lifetime of its snapshot."""
    cached: WeakKeyDictionary[Snapshot, T] = WeakKeyDictionary()

    @wraps(compute)
    def look_up(snapshot: Snapshot) -> T:
        try:
            return cached[snapshot]
        except KeyError:
            return cached.setdefault(snapshot, compute(snapshot))

    return look_up


@per_snapshot
def all_toggles(snapshot: Snapshot) -> Sequence[Toggle]:
    """Return active and archived toggles together, sorted by name."""
    return sorted(snapshot.toggles.values(), key=lambda toggle: toggle.name)


@per_snapshot
def enabled_environments(snapshot: Snapshot) -> Sequence[Environment]:
    """Return the environments that are in use, in order."""
    return [each for each in snapshot.environments_in_order if each.enabled]


@per_snapshot
def toggles_by_strategy(snapshot: Snapshot) -> ToggleIndex[str]:
    """Return the active toggles that use each strategy in any environment, sorted by name."""
    return _grouped(
        snapshot.live_toggles,
        lambda toggle: {strategy.name for strategy in activation_strategies(toggle)},
    )


@per_snapshot
def toggles_by_segment(snapshot: Snapshot) -> ToggleIndex[int]:
    """Return the active toggles that use each segment in any environment, sorted by name."""
    return _grouped(
        snapshot.live_toggles,
        lambda toggle: {
            id for strategy in activation_strategies(toggle) for id in strategy.segments
        },
    )


@per_snapshot
def toggles_by_project(snapshot: Snapshot) -> ToggleIndex[str]:
    """Return the active toggles of each project, sorted by name."""
    return _grouped(snapshot.live_toggles, lambda toggle: (toggle.project,))


@per_snapshot
def enabled_toggle_counts(snapshot: Snapshot) -> Mapping[str, int]:
    """Return the number of active toggles that are on in each environment."""
    return Counter(
        environment
        for toggle in snapshot.live_toggles
        for environment, configured in toggle.environments.items()
        if configured.enabled
    )


@per_snapshot
def tag_counts(snapshot: Snapshot) -> Mapping[Tag, int]:
    """Return the number of active toggles with each tag; 0 for tags of archived toggles only."""
    counts = Counter(tag for toggle in snapshot.live_toggles for tag in toggle.tags)
    for toggle in snapshot.archived_toggles:
        for tag in toggle.tags:
            counts.setdefault(tag, 0)
    return counts


def activation_strategies(toggle: Toggle) -> Iterable[ToggleStrategy]:
    """Return the activation strategies of a toggle in all environments."""
    return (
        strategy
        for configured in toggle.environments.values()
        for strategy in configured.strategies
    )


def _grouped(toggles: Iterable[Toggle], keys: Callable[[Toggle], Iterable[K]]) -> ToggleIndex[K]:
    groups: defaultdict[K, list[Toggle]] = defaultdict(list)
    for toggle in toggles:
        for key in keys(toggle):
            groups[key].append(toggle)
    return dict(groups)
