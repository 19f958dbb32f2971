"""Read the audit log."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.events import Event, EventType, SubjectKind
from store.model import Actor, ActorKind
from store.paging import Page, Window, counts_by_parent, page_of_rows, pages_by_parent
from store.rows import EventRow
from store.searching import column_contains
from store.slices import rows_in_slices

_EVENT = table_of(EventRow)
_DOCUMENTS = ("before", "after", "wire_data")

# The column with the id of the toggle or change set to which the events belong.
EventParent: TypeAlias = Literal["toggle_id", "change_set_id"]


class EventFilter(Struct, frozen=True, kw_only=True):
    """A filter for events.

    All given fields must match. A collection matches if any of its entries matches. `subjects` are
    pairs of kind and key. `search` is a substring of the subject's name, the summary or the actor.
    None in `environments` selects events without an environment.
    """

    types: Collection[EventType] | None = None
    except_types: Collection[EventType] | None = None
    wire_types: Collection[str] | None = None
    except_wire_types: Collection[str] | None = None
    subjects: Collection[tuple[SubjectKind, str]] | None = None
    toggles: Collection[str] | None = None
    projects: Collection[str] | None = None
    environments: Collection[str | None] | None = None
    actors: Collection[str] | None = None
    change_sets: Collection[str] | None = None
    revisions: Collection[int] | None = None
    numbers: Collection[int] | None = None
    numbers_from: int | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    search: str | None = None


ALL_EVENTS = EventFilter()


async def list_events(
    connection: AsyncConnection, filter: EventFilter, window: Window, *, documents: bool = True
) -> Page[Event]:
    """Return a page of the log, newest first; the keys in `window` are `(number,)`.

    Without `documents`, the large columns `before` and `after` are not read, and are None.
    """
    statement = _select_matching(filter, documents=documents)
    page = await page_of_rows(connection, statement, [_EVENT.c.number], window, descending=True)
    return page.map(to_event)


async def list_events_of(
    connection: AsyncConnection,
    ids: Collection[str],
    parent: EventParent,
    filter: EventFilter,
    window: Window,
) -> dict[str, Page[Event]]:
    """Return a page of events of each toggle or change set, newest first, without documents.

    The keys in `window` are `(number,)`. The function executes one statement for all pages.
    """
    statement = _select_matching(filter, documents=False)
    pages = await pages_by_parent(
        connection, statement, _EVENT.c[parent], ids, [_EVENT.c.number], window
    )
    return {id: page.map(to_event) for id, page in pages.items()}


async def newest_events(
    connection: AsyncConnection,
    filters: Iterable[EventFilter],
    limit: int,
    *,
    documents: bool = True,
) -> list[Event]:
    """Return the newest events that match any of the filters, newest first.

    Collections in the filters must be tuples. Each filter has its own lookup. For some filters, the
    lookup reads at most `limit` entries of an index, however long the log is. Such filters name a
    subject, or an event type and an environment. If a filter only excludes event types, its lookup
    also reads the excluded events.
    """
    number = _EVENT.c.number
    newest = number.in_(_newest_numbers(tuple(filters), limit))
    statement = select_events(documents=documents).where(newest).order_by(number.desc())
    return [to_event(row) for row in await connection.execute(statement)]


async def events_at(
    connection: AsyncConnection, filter: EventFilter, *, offset: int, limit: int
) -> list[Event]:
    """Return the next `limit` matching events after the newest `offset` ones, newest first."""
    number = _EVENT.c.number
    # Only the returned events are read with their documents, not the skipped ones.
    numbers = (
        sa.select(number)
        .where(*_conditions(filter))
        .order_by(number.desc())
        .offset(offset)
        .limit(limit)
    )
    statement = select_events(documents=True).where(number.in_(numbers)).order_by(number.desc())
    return [to_event(row) for row in await connection.execute(statement)]


@lru_cache(maxsize=32)
def _newest_numbers(filters: tuple[EventFilter, ...], limit: int) -> sa.Select[Any]:
    # The query is cached, because building it from many filters takes longer than executing it.
    number = _EVENT.c.number
    found = sa.union(
        *(
            sa.select(sa.column("number", sa.BigInteger())).select_from(
                sa.select(number)
                .where(*_conditions(filter))
                .order_by(number.desc())
                .limit(limit)
                .subquery()
            )
            for filter in filters
        )
    ).subquery()
    return sa.select(found.c.number).order_by(found.c.number.desc()).limit(limit)


async def count_events(connection: AsyncConnection, filter: EventFilter) -> int:
    """Count the events that match a filter."""
    statement = sa.select(sa.func.count()).select_from(_EVENT).where(*_conditions(filter))
    return (await connection.execute(statement)).scalar_one()


async def count_events_of(
    connection: AsyncConnection, ids: Collection[str], parent: EventParent, filter: EventFilter
) -> dict[str, int]:
    """Count the events of each toggle or change set."""
    statement = _select_matching(filter, documents=False)
    return await counts_by_parent(connection, statement, _EVENT.c[parent], ids)


async def events_by_number(
    connection: AsyncConnection, numbers: Collection[int], *, documents: bool = True
) -> dict[int, Event]:
    """Return the events with these numbers."""
    statement = select_events(documents=documents).where(_EVENT.c.number.in_(numbers))
    return {row.number: to_event(row) for row in await connection.execute(statement)}


async def events_between(connection: AsyncConnection, after: int, up_to: int) -> list[Event]:
    """Return the events of revisions above `after` and up to `up_to`, without documents.

    The events are in order. They are read in slices, because an import makes tens of thousands.
    """
    statement = (
        select_events(documents=False)
        .where(_EVENT.c.revision > after, _EVENT.c.revision <= up_to)
        .order_by(_EVENT.c.number)
    )
    events: list[Event] = []
    async for part in rows_in_slices(connection, statement):
        events += map(to_event, part)
    return events


async def events_after(
    connection: AsyncConnection, filter: EventFilter, number: int, *, up_to: int, limit: int
) -> list[Event]:
    """Return the first matching events after an event number, without documents.

    The events are in order. Events of revisions after `up_to` are omitted.
    """
    statement = (
        _select_matching(filter, documents=False)
        .where(_EVENT.c.number > number, _EVENT.c.revision <= up_to)
        .order_by(_EVENT.c.number)
        .limit(limit)
    )
    return [to_event(row) for row in await connection.execute(statement)]


async def last_event_at(
    connection: AsyncConnection,
    kind: SubjectKind,
    key: str,
    *,
    revision: int,
    environment: str | None = None,
) -> Event | None:
    """Return the latest event of a revision about one object, or None.

    The documents of the event are not loaded. One revision can have events about several
    environments of a toggle. With `environment`, the function prefers an event about this
    environment. If there is none, it returns an event without an environment. Without
    `environment`, the function prefers events without an environment.
    """
    of_object = EventFilter(
        subjects=[(kind, key)],
        revisions=[revision],
        environments=None if environment is None else (environment, None),
    )
    statement = (
        _select_matching(of_object, documents=False)
        .order_by(
            sa.case((_EVENT.c.environment.is_not_distinct_from(environment), 0), else_=1),
            _EVENT.c.number.desc(),
        )
        .limit(1)
    )
    row = (await connection.execute(statement)).first()
    return None if row is None else to_event(row)


def select_events(*, documents: bool) -> sa.Select[Any]:
    """Select all events; without `documents`, omit the large columns."""
    if documents:
        return sa.select(*_EVENT.c)
    return sa.select(*(column for column in _EVENT.c if column.name not in _DOCUMENTS))


def _select_matching(filter: EventFilter, *, documents: bool) -> sa.Select[Any]:
    """Select matching events; without `documents`, omit the large columns."""
    return select_events(documents=documents).where(*_conditions(filter))


def _conditions(filter: EventFilter) -> Sequence[sa.ColumnElement[bool]]:
    event = _EVENT.c
    conditions: list[sa.ColumnElement[bool]] = []
    for column, values in (
        (event.type, None if filter.types is None else [type.name for type in filter.types]),
        (event.wire_type, filter.wire_types),
        (event.toggle_name, filter.toggles),
        (event.project, filter.projects),
        (event.actor_name, filter.actors),
        (event.change_set_id, filter.change_sets),
        (event.revision, filter.revisions),
        (event.number, filter.numbers),
    ):
        if values is not None:
            conditions.append(column.in_(values))
    if filter.except_types is not None:
        conditions.append(event.type.not_in([type.name for type in filter.except_types]))
    if filter.except_wire_types is not None:
        conditions.append(event.wire_type.not_in(filter.except_wire_types))
    if filter.subjects is not None:
        subjects = [(kind.value, key) for kind, key in filter.subjects]
        conditions.append(sa.tuple_(event.subject_kind, event.subject_key).in_(subjects))
    if filter.environments is not None:
        named = [environment for environment in filter.environments if environment is not None]
        alternatives = [event.environment.in_(named)] if named else []
        if None in filter.environments:
            alternatives.append(event.environment.is_(None))
        conditions.append(sa.or_(sa.false(), *alternatives))
    if filter.numbers_from is not None:
        conditions.append(event.number >= filter.numbers_from)
    if filter.created_from is not None:
        conditions.append(event.created_at >= filter.created_from)
    if filter.created_to is not None:
        conditions.append(event.created_at < filter.created_to)
    if filter.search:
        conditions.append(
            sa.or_(
                *(
                    column_contains(column, filter.search)
                    for column in (event.subject_name, event.summary, event.actor_name)
                )
            )
        )
    return conditions


def to_event(row: sa.Row[Any]) -> Event:
    """Convert a row of `select_events` to an event; ignore additional columns."""
    known = row._mapping  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] (public by its documentation)
    values: dict[str, Any] = {
        column.name: known[column.name] for column in _EVENT.c if column.name in known
    }
    actor = Actor(
        values.pop("actor_name"), ActorKind(values.pop("actor_kind")), values.pop("actor_token_id")
    )
    for column, state in (("before", "state_before"), ("after", "state_after")):
        if column in values:
            values[state] = values.pop(column)
    values["type"] = EventType[values["type"]]
    values["subject_kind"] = SubjectKind(values["subject_kind"])
    return Event(actor=actor, **values)
