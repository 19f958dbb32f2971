"""Sort toggles, and update sorted toggles after a few changes without sorting again."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Set
from operator import attrgetter

from store.model import Toggle

# For more changes than this, sorting again is faster.
MAX_SPLICED = 200

_by_name = attrgetter("name")


def sort_toggles(toggles: Iterable[Toggle], *, archived: bool) -> tuple[Toggle, ...]:
    """Return the archived or the live toggles, sorted by name."""
    return tuple(sorted((one for one in toggles if one.archived is archived), key=_by_name))


def splice_order(
    order: tuple[Toggle, ...], toggles: Mapping[str, Toggle], changed: Set[str], *, archived: bool
) -> tuple[Toggle, ...]:
    """Return the sorted toggles `order`, updated after some toggles have changed.

    `changed` are the names of the changed toggles. `toggles` are all toggles, by name.
    """
    spliced = list(order)
    for name in changed:
        toggle = toggles.get(name)
        position = bisect_left(spliced, name, key=_by_name)
        known = position < len(spliced) and spliced[position].name == name
        if toggle is not None and toggle.archived is archived:
            spliced[position : position + known] = [toggle]
        elif known:
            del spliced[position]
    return tuple(spliced)
