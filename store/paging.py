"""Keyset pages: the same window over a sorted list in memory and over a statement in SQL."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

Key: TypeAlias = tuple[Any, ...]
T = TypeVar("T")


class Window(Struct, frozen=True):
    """Which part of an ordered list is wanted: up to `limit` items strictly between two keys.

    `from_end` takes the last ones instead of the first; the order of the items stays the same.
    """

    limit: int
    after: Key | None = None
    before: Key | None = None
    from_end: bool = False


class Page(Struct, Generic[T], frozen=True):
    """The items of one window, and whether more lie on either side."""

    items: Sequence[T]
    has_next: bool
    has_previous: bool


def page_of_list(items: Sequence[T], key: Callable[[T], Key], window: Window) -> Page[T]:
    """Cut a window out of a list that is sorted by `key`, ascending."""
    low = bisect_right(items, window.after, key=key) if window.after is not None else 0
    high = bisect_left(items, window.before, key=key) if window.before is not None else len(items)
    high = max(low, high)
    if window.from_end:
        start, end = max(low, high - window.limit), high
    else:
        start, end = low, min(high, low + window.limit)
    return Page(items[start:end], has_next=end < len(items), has_previous=start > 0)


async def page_of_rows(
    session: AsyncSession,
    statement: sa.Select[Any],
    columns: Sequence[sa.ColumnElement[Any]],
    window: Window,
    *,
    descending: bool = False,
) -> Page[Any]:
    """Cut a window out of a statement's rows, ordered by `columns` (none of them nullable).

    What lies beyond a cursor that was given is answered from it, so that a page costs one
    statement.
    """
    keys = sa.tuple_(*columns)
    if window.after is not None:
        bound = _bound(columns, window.after)
        statement = statement.where(keys < bound if descending else keys > bound)
    if window.before is not None:
        bound = _bound(columns, window.before)
        statement = statement.where(keys > bound if descending else keys < bound)
    downwards = descending != window.from_end
    statement = statement.order_by(
        *(column.desc() if downwards else column.asc() for column in columns)
    ).limit(window.limit + 1)
    return page_of_found(list(await session.execute(statement)), window)


def page_of_found(rows: Sequence[T], window: Window) -> Page[T]:
    """The page of the rows of a window, taken from the end it begins at, one more than its limit.

    Beyond a cursor that was given nobody looks: its item is there, or was when it was handed out.
    """
    more, found = len(rows) > window.limit, rows[: window.limit]
    after, before = window.after is not None, window.before is not None
    if window.from_end:
        return Page(found[::-1], has_next=before, has_previous=more or after)
    return Page(found, has_next=more or before, has_previous=after)


def _bound(columns: Sequence[sa.ColumnElement[Any]], key: Key) -> sa.Tuple:
    return sa.tuple_(
        *(sa.literal(value, column.type) for column, value in zip(columns, key, strict=True))
    )
