"""Apply an event filter to an event in memory, with the same result as in SQL."""

from collections.abc import Callable
from typing import Any

from store.events import Event
from store.events_log import EventFilter
from store.searching import any_contains

_VALUES: dict[str, Callable[[Event], Any]] = {
    "types": lambda event: event.type,
    "wire_types": lambda event: event.wire_type,
    "subjects": lambda event: (event.subject_kind, event.subject_key),
    "toggles": lambda event: event.toggle_name,
    "projects": lambda event: event.project,
    "environments": lambda event: event.environment,
    "actors": lambda event: event.actor.name,
    "change_sets": lambda event: event.change_set_id,
    "revisions": lambda event: event.revision,
    "numbers": lambda event: event.number,
}


def matches(filter: EventFilter, event: Event) -> bool:
    """Whether an event matches a filter."""
    for name, value_of in _VALUES.items():
        allowed = getattr(filter, name)
        if allowed is not None and value_of(event) not in allowed:
            return False
    if filter.except_types is not None and event.type in filter.except_types:
        return False
    if filter.numbers_from is not None and event.number < filter.numbers_from:
        return False
    if filter.created_from is not None and event.created_at < filter.created_from:
        return False
    if filter.created_to is not None and event.created_at >= filter.created_to:
        return False
    if not filter.search:
        return True
    return any_contains(filter.search, event.subject_name, event.summary, event.actor.name)
