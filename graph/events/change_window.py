"""Compute pages of the changes in a change set."""

from typing import Annotated, Any, TypeAlias

import strawberry

from graph.paging import (
    KeyNumber,
    Ordering,
    page_arguments,
    window_of,
    write_cursor,
)

FirstChanges: TypeAlias = Annotated[
    int, strawberry.argument(description="Return at most this many changes, up to 500.")
]

_ORDER = Ordering("changes", tuple[KeyNumber])


def cursor_of_change(index: int) -> str:
    """Return the cursor of the change at a position of its change set."""
    return write_cursor(_ORDER, (index,))


def changes_window(first: int, after: Any) -> tuple[int, int]:
    """Return the number of changes on the page, and the position of the first change.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    window = window_of(page_arguments(first, after, None, None), _ORDER)
    return window.limit, 0 if window.after is None else max(window.after[0], -1) + 1
