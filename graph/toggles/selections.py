"""Select toggles by conditions, and cache the selections of all live toggles."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeAlias

from graph.filtering import Predicate
from store import Snapshot
from store.model import Toggle

# A selector returns the toggles that match a condition, in the order of its argument. One call for
# all toggles is much faster than one call per toggle.
Selector: TypeAlias = Callable[[Sequence[Toggle]], Sequence[Toggle]]

# A snapshot caches at most this many selections. A selection takes eight bytes per toggle.
MAX_CACHED = 32


def selector_of(condition: Predicate[Toggle]) -> Selector:
    """Return the selector of a condition on one toggle."""
    return lambda toggles: [toggle for toggle in toggles if condition(toggle)]


def cached_selector(snapshot: Snapshot, key: Hashable, select: Selector) -> Selector:
    """Return a selector that caches the selection of all live toggles with the snapshot.

    The condition must depend only on the snapshot and on `key`.
    """

    def look_up(toggles: Sequence[Toggle]) -> Sequence[Toggle]:
        if toggles is not snapshot.live_toggles:
            return select(toggles)
        cached: dict[Hashable, Sequence[Toggle]] = snapshot.memo.setdefault(cached_selector, {})
        found = cached.get(key)
        if found is None:
            found = select(toggles)
            if len(cached) >= MAX_CACHED:
                cached.clear()
            cached[key] = found
        return found

    return look_up


def select_toggles(toggles: Sequence[Toggle], selectors: Iterable[Selector]) -> Sequence[Toggle]:
    """Return the toggles that all selectors select."""
    for selector in selectors:
        toggles = selector(toggles)
    return toggles
