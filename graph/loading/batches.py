"""Pages below lists: a page of rows for each of many parents in one statement."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from store.paging import Page, Window, page_of_found


async def pages_below(
    session: AsyncSession,
    statement: sa.Select[Any],
    parent: sa.ColumnElement[str],
    parents: Collection[str],
    columns: Sequence[sa.ColumnElement[Any]],
    window: Window,
) -> Mapping[str, Page[Any]]:
    """For each parent the window of its rows, ordered by `columns`, descending.

    What `store.paging.page_of_rows` does for one list; parents without rows have an empty page.
    """
    keys = sa.tuple_(*columns)
    if window.after is not None:
        statement = statement.where(keys < _bound(columns, window.after))
    if window.before is not None:
        statement = statement.where(keys > _bound(columns, window.before))
    place = sa.func.row_number().over(
        partition_by=parent,
        order_by=[it.asc() if window.from_end else it.desc() for it in columns],
    )
    ranked = statement.where(parent.in_(parents)).add_columns(
        parent.label("page_parent"), place.label("page_place")
    )
    numbered = ranked.subquery()
    chosen = (
        sa.select(numbered)
        .where(numbered.c.page_place <= window.limit + 1)
        .order_by(numbered.c.page_place)
    )
    rows: defaultdict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in await session.execute(chosen):
        rows[row.page_parent].append(row)
    return {parent: page_of_found(rows[parent], window) for parent in parents}


async def counts_below(
    session: AsyncSession,
    statement: sa.Select[Any],
    parent: sa.ColumnElement[str],
    parents: Collection[str],
) -> Mapping[str, int]:
    """For each parent the number of its rows."""
    counted = (
        statement.with_only_columns(parent, sa.func.count())
        .where(parent.in_(parents))
        .group_by(parent)
    )
    found = {row[0]: row[1] for row in await session.execute(counted)}
    return {parent: found.get(parent, 0) for parent in parents}


def _bound(columns: Sequence[sa.ColumnElement[Any]], key: Sequence[Any]) -> sa.Tuple:
    return sa.tuple_(
        *(sa.literal(part, column.type) for part, column in zip(key, columns, strict=True))
    )
