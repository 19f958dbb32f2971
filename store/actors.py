"""List the parties that made changes, according to the audit log."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.model import Actor, ActorKind
from store.paging import Page, Window, page_of_rows
from store.rows import EventRow
from store.searching import column_contains

_EVENT = table_of(EventRow)


async def list_actors(
    connection: AsyncConnection, search: str | None, window: Window
) -> Page[Actor]:
    """Return a page of the parties that made changes, sorted by name.

    The keys in `window` are `(name,)`. Each name occurs once, with the actor's data from the newest
    event. `search` is a substring of the name. For each name the statement reads only a few entries
    of an index, however long the log is.
    """
    names = _names(after=window.after[0] if window.after is not None else None)
    events = _EVENT.alias()
    newest = (
        sa.select(sa.func.max(events.c.number))
        .where(events.c.actor_name == names.c.actor_name)
        .scalar_subquery()
    )
    event = _EVENT.c
    columns: list[sa.ColumnElement[Any]] = [
        names.c.actor_name,
        event.actor_kind,
        event.actor_token_id,
    ]
    statement = (
        sa.select(*columns)
        .select_from(names.join(_EVENT, _EVENT.c.number == newest))
        .where(*_conditions(names, search))
    )
    page = await page_of_rows(connection, statement, [names.c.actor_name], window)
    return page.map(_actor)


async def count_actors(connection: AsyncConnection, search: str | None) -> int:
    """Count the names of the parties that made changes."""
    names = _names()
    statement = sa.select(sa.func.count()).select_from(names).where(*_conditions(names, search))
    return (await connection.execute(statement)).scalar_one()


def _names(after: str | None = None) -> sa.CTE:
    """Select the distinct names after `after`, followed by a null.

    The statement finds each name with one lookup in an index. `SELECT DISTINCT` would read the
    index entries of all events.
    """
    name = _EVENT.c.actor_name
    first = sa.select(sa.func.min(name).label("actor_name"))
    if after is not None:
        first = first.where(name > sa.literal(after, name.type))
    names = first.cte("names", recursive=True)
    following = sa.select(sa.func.min(name)).where(name > names.c.actor_name).scalar_subquery()
    return names.union_all(sa.select(following).where(names.c.actor_name.is_not(None)))


def _conditions(names: sa.CTE, search: str | None) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [names.c.actor_name.is_not(None)]
    if search:
        conditions.append(column_contains(names.c.actor_name, search))
    return conditions


def _actor(row: sa.Row[Any]) -> Actor:
    return Actor(row.actor_name, ActorKind(row.actor_kind), row.actor_token_id)
