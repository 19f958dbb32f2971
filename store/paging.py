"""Keyset pagination of sorted lists in memory and of SQL statements."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

Key: TypeAlias = tuple[Any, ...]
T = TypeVar("T")
U = TypeVar("U")
ParentT = TypeVar("ParentT", str, int)


class Window(Struct, frozen=True):
    """A part of a sorted list: up to `limit` items between the keys `after` and `before`.

    Both keys are excluded. With `from_end`, the window has the last items instead of the first
    items. The order of items is unchanged.
    """

    limit: int
    after: Key | None = None
    before: Key | None = None
    from_end: bool = False


class Page(Struct, Generic[T], frozen=True):
    """The items of one window, and whether the list has items before and after the window."""

    items: Sequence[T]
    has_next: bool
    has_previous: bool

    def map(self, convert: Callable[[T], U]) -> "Page[U]":
        """Convert each item."""
        return Page([convert(item) for item in self.items], self.has_next, self.has_previous)


def page_of_list(items: Sequence[T], key: Callable[[T], Key], window: Window) -> Page[T]:
    """Return a window of a list that is sorted by `key`, ascending."""
    low = bisect_right(items, window.after, key=key) if window.after is not None else 0
    high = bisect_left(items, window.before, key=key) if window.before is not None else len(items)
    high = max(low, high)
    if window.from_end:
        start, end = max(low, high - window.limit), high
    else:
        start, end = low, min(high, low + window.limit)
    return Page(items[start:end], has_next=end < len(items), has_previous=start > 0)


async def page_of_rows(
    connection: AsyncConnection,
    statement: sa.Select[Any],
    columns: Sequence[sa.ColumnElement[Any]],
    window: Window,
    *,
    descending: bool = False,
) -> Page[Any]:
    """Return a window of a statement's rows, ordered by `columns`, which must not be nullable.

    The function executes one statement.
    """
    statement = (
        statement.where(*_between_keys(columns, window, descending))
        .order_by(*_in_order(columns, window, descending))
        .limit(window.limit + 1)
    )
    return _page_of_found(list(await connection.execute(statement)), window)


async def pages_by_parent(
    connection: AsyncConnection,
    statement: sa.Select[Any],
    parent: sa.Column[Any],
    parents: Collection[ParentT],
    columns: Sequence[sa.ColumnElement[Any]],
    window: Window,
) -> dict[ParentT, Page[Any]]:
    """Return the same window of the rows of each parent, ordered by `columns`, descending.

    `statement` selects rows of a table that has the column `parent`. Parents without rows have an
    empty page. The function executes one statement for all pages.
    """
    if len(parents) == 1:
        # An index sorts the rows of each parent, so a page is cheap even if the parent has many
        # rows.
        (only,) = parents
        of_parent = statement.where(parent == only)
        return {only: await page_of_rows(connection, of_parent, columns, window, descending=True)}
    table = parent.table
    position = sa.func.row_number().over(
        partition_by=parent, order_by=_in_order(columns, window, descending=True)
    )
    # Rank only the keys, so that whole rows are read only for the pages.
    ranked = (
        statement.where(parent.in_(parents), *_between_keys(columns, window, descending=True))
        .with_only_columns(*table.primary_key, position.label("page_position"))
        .subquery()
    )
    same_row = sa.and_(*(column == ranked.c[column.name] for column in table.primary_key))
    on_pages = (
        sa.select(*statement.selected_columns)
        .select_from(table.join(ranked, same_row))
        .where(ranked.c.page_position <= window.limit + 1)
        .order_by(ranked.c.page_position)
    )
    rows: defaultdict[ParentT, list[sa.Row[Any]]] = defaultdict(list)
    for row in await connection.execute(on_pages):
        rows[getattr(row, parent.name)].append(row)
    return {key: _page_of_found(rows[key], window) for key in parents}


async def counts_by_parent(
    connection: AsyncConnection,
    statement: sa.Select[Any],
    parent: sa.Column[Any],
    parents: Collection[ParentT],
) -> dict[ParentT, int]:
    """Count the rows of each parent; parents without rows have 0."""
    counted = (
        statement.with_only_columns(parent, sa.func.count())
        .where(parent.in_(parents))
        .group_by(parent)
    )
    found = {row[0]: row[1] for row in await connection.execute(counted)}
    return {key: found.get(key, 0) for key in parents}


def _between_keys(
    columns: Sequence[sa.ColumnElement[Any]], window: Window, descending: bool
) -> list[sa.ColumnElement[bool]]:
    keys = sa.tuple_(*columns)
    conditions: list[sa.ColumnElement[bool]] = []
    if window.after is not None:
        bound = _bound(columns, window.after)
        conditions.append(keys < bound if descending else keys > bound)
    if window.before is not None:
        bound = _bound(columns, window.before)
        conditions.append(keys > bound if descending else keys < bound)
    return conditions


def _in_order(
    columns: Sequence[sa.ColumnElement[Any]], window: Window, descending: bool
) -> list[sa.ColumnElement[Any]]:
    downwards = descending != window.from_end
    return [column.desc() if downwards else column.asc() for column in columns]


def _page_of_found(rows: Sequence[T], window: Window) -> Page[T]:
    """Build a page from rows in the order of reading.

    A row beyond the limit shows that more rows exist. If the window begins or ends at a key, the
    function assumes that the item with the key exists. The list then has items on this side of the
    window.
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
