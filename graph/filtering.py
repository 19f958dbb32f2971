"""Helpers for all filters: optional conditions, spans of time, searches and limits on lists."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

import strawberry

from graph.engine.errors import bad_user_input

T = TypeVar("T")
Predicate: TypeAlias = Callable[[T], bool]

MAX_ENTRIES = 500
MAX_SEARCH = 500

_FIRST_TIME = datetime.min.replace(tzinfo=UTC)


def optional(description: str, *, name: str | None = None) -> Any:
    """Declare a field of a filter. An omitted or null field sets no condition."""
    return strawberry.field(description=description, name=name, default=strawberry.UNSET)


@strawberry.input(description="A span of time. The span includes its start and excludes its end.")
class DateTimeRangeInput:
    from_: datetime | None = optional(
        "The start of the span. If omitted, the span has no start.", name="from"
    )
    to: datetime | None = optional("The end of the span. If omitted, the span has no end.")

    @property
    def earliest(self) -> datetime | None:
        """The start of the span; None if the start is unbounded."""
        return given(self.from_)

    @property
    def end(self) -> datetime | None:
        """The first time after the span; None if the end is unbounded."""
        return given(self.to)

    @property
    def last(self) -> datetime | None:
        """The last time inside the span; None if the end is unbounded."""
        end = self.end
        return end if end is None or end <= _FIRST_TIME else end - datetime.resolution

    def holds(self, time: datetime | None) -> bool:
        """Whether a time is in the span; false for None."""
        if time is None:
            return False
        earliest, end = self.earliest, self.end
        return (earliest is None or time >= earliest) and (end is None or time < end)


def given(value: T | None) -> T | None:
    """Return the value of an input field; None if the field was omitted."""
    return None if value is strawberry.UNSET else value


def entries(values: Collection[T] | None, name: str) -> Collection[T] | None:
    """Return the entries of a list in a filter; None if the list was omitted or null.

    Raises: GraphQLError: BAD_USER_INPUT, for more than 500 entries.
    """
    values = given(values)
    if values is not None and len(values) > MAX_ENTRIES:
        raise bad_user_input(
            f"The list '{name}' has {len(values)} entries; at most {MAX_ENTRIES} are allowed."
        )
    return values


def string_set(values: Collection[str] | None, name: str) -> frozenset[str] | None:
    """Return the strings of a list in a filter as a set; None if the list was omitted or null.

    Raises: GraphQLError: BAD_USER_INPUT, for more than 500 entries.
    """
    chosen = entries(values, name)
    return None if chosen is None else frozenset(chosen)


def searched(search: str | None) -> str | None:
    """Return the string to search for; None if the string was omitted.

    Raises: GraphQLError: BAD_USER_INPUT, for more than 500 characters.
    """
    search = given(search)
    if search is not None and len(search) > MAX_SEARCH:
        raise bad_user_input(
            f"The search text has {len(search)} characters; at most {MAX_SEARCH} are allowed."
        )
    return search


def found_in(substring: str, fields: Iterable[str | None]) -> bool:
    """Whether one of the fields contains a case-folded substring, ignoring case."""
    return any(field is not None and substring in field.casefold() for field in fields)


def searching(
    search: str | None, fields: Callable[[T], tuple[str | None, ...]]
) -> list[Predicate[T]]:
    """Return a list with the condition that a field of an item contains `search`, ignoring case.

    If `search` was omitted, the list is empty.

    Raises: GraphQLError: BAD_USER_INPUT, for more than 500 characters.
    """
    search = searched(search)
    if not search:
        return []
    casefolded = search.casefold()
    return [lambda item: found_in(casefolded, fields(item))]


def where(items: Sequence[T], conditions: Sequence[Predicate[T]]) -> Sequence[T]:
    """Return the items that satisfy all conditions, in the same order."""
    for condition in conditions:
        items = [item for item in items if condition(item)]
    return items
