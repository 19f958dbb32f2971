"""The orders of the list of toggles."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from graph.context import USAGE, Context
from graph.enums import OrderDirection, ToggleOrderField
from graph.paging import KeyString, KeyTimeOrNone, Ordering
from store.lifetimes import read_expiry
from store.model import Toggle
from store.paging import Key

# A selection is large if it contains at least 1/_LARGE_PART of the live toggles.
_LARGE_PART = 8


class Descending:
    """A sort key that reverses the order of its values."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and self.value == other.value

    def __lt__(self, other: "Descending") -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # pyright: ignore[reportAssignmentType] (a sort key is never looked up)


_STRING_FIELDS = frozenset({ToggleOrderField.NAME, ToggleOrderField.TYPE, ToggleOrderField.PROJECT})


class ToggleOrdering:
    """One order of toggles. A key consists of the sort value, or None, and the name."""

    def __init__(
        self, context: Context, field: ToggleOrderField, direction: OrderDirection
    ) -> None:
        self.descending = direction is OrderDirection.DESC
        key_type = (
            tuple[KeyString, KeyString]
            if field in _STRING_FIELDS
            else tuple[KeyTimeOrNone, KeyString]
        )
        self.ordering = Ordering(f"toggles {field.name} {direction.name}", key_type)
        self._context = context
        self._value_of = _value_reader(context, field)
        # The version of the data outside of the snapshot on which the sort values depend.
        self._version = context.part(USAGE) if field is ToggleOrderField.LAST_SEEN_AT else None

    def key_of(self, toggle: Toggle) -> Key:
        """Return the key of a toggle for cursors."""
        return (self._value_of(toggle), toggle.name)

    def sort_key(self, key: Key) -> Key:
        """Return the sort key of a cursor key. Missing values are last in both directions."""
        value, name = key
        if value is None:
            return (1, 0, name)
        return (0, Descending(value) if self.descending else value, name)

    def sort(self, toggles: Sequence[Toggle]) -> Sequence[Toggle]:
        """Sort toggles in this order. The argument must be sorted by name.

        All live toggles are sorted once per snapshot. Filtering the sorted toggles is faster than
        sorting a large selection.
        """
        live = self._context.snapshot.live_toggles
        if toggles is live:
            return self._sorted_live_toggles()
        if len(toggles) * _LARGE_PART < len(live) or any(toggle.archived for toggle in toggles):
            return self._sort(toggles)
        ids = {toggle.id for toggle in toggles}
        return [toggle for toggle in self._sorted_live_toggles() if toggle.id in ids]

    def _sorted_live_toggles(self) -> Sequence[Toggle]:
        snapshot = self._context.snapshot
        key = (ToggleOrdering, self.ordering.name)
        known: tuple[object, Sequence[Toggle]] | None = snapshot.memo.get(key)
        if known is None or known[0] != self._version:
            known = snapshot.memo[key] = (self._version, self._sort(snapshot.live_toggles))
        return known[1]

    def _sort(self, toggles: Sequence[Toggle]) -> list[Toggle]:
        values = list(map(self._value_of, toggles))
        present = [at for at, value in enumerate(values) if value is not None]
        missing = [at for at, value in enumerate(values) if value is None]
        # The sort is stable, so toggles with the same value remain sorted by name.
        present.sort(key=values.__getitem__, reverse=self.descending)
        return [toggles[at] for at in present + missing]


def _value_reader(context: Context, field: ToggleOrderField) -> Callable[[Toggle], Any]:
    """Return the function that reads the sort value of a toggle: a string, a time or None."""
    match field:
        case ToggleOrderField.NAME:
            return attrgetter("name")
        case ToggleOrderField.TYPE:
            return attrgetter("type")
        case ToggleOrderField.PROJECT:
            return attrgetter("project")
        case ToggleOrderField.CREATED_AT:
            return attrgetter("created_at")
        case ToggleOrderField.UPDATED_AT:
            return attrgetter("updated_at")
        case ToggleOrderField.LAST_SEEN_AT:
            return lambda toggle: context.store.usage.last_seen_at(toggle.name)
        case ToggleOrderField.EXPIRES_AT:
            return read_expiry(context.snapshot)
