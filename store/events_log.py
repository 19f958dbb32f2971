"""Reading the audit log."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from store.aggregates import table_of
from store.events import Event, EventType, SubjectKind
from store.model import Actor, ActorKind
from store.paging import Page, Window, page_of_rows
from store.rows import EventRow

_EVENT = table_of(EventRow)
_DOCUMENTS = ("before", "after", "wire_data")


class EventFilter(Struct, frozen=True, kw_only=True):
    """Which events to return: all given fields must hold, any one entry of a collection is enough.

    `subjects` are pairs of kind and key, `search` is looked for in subject name, summary and actor.
    """

    types: Collection[EventType] | None = None
    subjects: Collection[tuple[SubjectKind, str]] | None = None
    toggle_ids: Collection[str] | None = None
    toggles: Collection[str] | None = None
    projects: Collection[str] | None = None
    environments: Collection[str] | None = None
    actors: Collection[str] | None = None
    change_sets: Collection[str] | None = None
    revisions: Collection[int] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    search: str | None = None


async def list_events(
    session: AsyncSession, filter: EventFilter, window: Window, *, documents: bool = True
) -> Page[Event]:
    """A page of the log, newest first; keys of the window are `(number,)`.

    Without `documents` the heavy columns are not read, and None in the events.
    """
    statement = select_events(documents=documents).where(*_conditions(filter))
    page = await page_of_rows(session, statement, [_EVENT.c.number], window, descending=True)
    return Page([to_event(row) for row in page.items], page.has_next, page.has_previous)


async def count_events(session: AsyncSession, filter: EventFilter) -> int:
    """How many events there are."""
    statement = sa.select(sa.func.count()).select_from(_EVENT).where(*_conditions(filter))
    return (await session.execute(statement)).scalar_one()


async def events_by_number(
    session: AsyncSession, numbers: Collection[int], *, documents: bool = True
) -> dict[int, Event]:
    """The events with these numbers."""
    statement = select_events(documents=documents).where(_EVENT.c.number.in_(numbers))
    return {row.number: to_event(row) for row in await session.execute(statement)}


async def latest_events_of_toggles(
    session: AsyncSession,
    toggle_ids: Collection[str],
    filter: EventFilter,
    limit: int,
    *,
    documents: bool = True,
) -> dict[str, list[Event]]:
    """For each toggle its newest events, up to `limit` each, in one statement."""
    ranked = (
        sa.select(
            _EVENT.c.number,
            sa.func.row_number()
            .over(partition_by=_EVENT.c.toggle_id, order_by=_EVENT.c.number.desc())
            .label("place"),
        )
        .where(_EVENT.c.toggle_id.in_(toggle_ids), *_conditions(filter))
        .subquery()
    )
    statement = (
        select_events(documents=documents)
        .join(ranked, ranked.c.number == _EVENT.c.number)
        .where(ranked.c.place <= limit)
        .order_by(_EVENT.c.number.desc())
    )
    found: dict[str, list[Event]] = {toggle_id: [] for toggle_id in toggle_ids}
    for row in await session.execute(statement):
        found[row.toggle_id].append(to_event(row))
    return found


async def last_event_of(session: AsyncSession, kind: SubjectKind, key: str) -> Event | None:
    """The latest event about one object, None when it left none."""
    page = await list_events(session, EventFilter(subjects=[(kind, key)]), Window(1))
    return page.items[0] if page.items else None


def select_events(*, documents: bool) -> sa.Select[Any]:
    """All events; without `documents` the heavy columns are left out."""
    if documents:
        return sa.select(*_EVENT.c)
    return sa.select(*(it for it in _EVENT.c if it.name not in _DOCUMENTS))


def _conditions(filter: EventFilter) -> Sequence[sa.ColumnElement[bool]]:
    event = _EVENT.c
    conditions: list[sa.ColumnElement[bool]] = []
    for column, wanted in (
        (event.type, None if filter.types is None else [it.name for it in filter.types]),
        (event.toggle_id, filter.toggle_ids),
        (event.toggle_name, filter.toggles),
        (event.project, filter.projects),
        (event.environment, filter.environments),
        (event.actor_name, filter.actors),
        (event.change_set_id, filter.change_sets),
        (event.revision, filter.revisions),
    ):
        if wanted is not None:
            conditions.append(column.in_(wanted))
    if filter.subjects is not None:
        subjects = [(kind.value, key) for kind, key in filter.subjects]
        conditions.append(sa.tuple_(event.subject_kind, event.subject_key).in_(subjects))
    if filter.created_from is not None:
        conditions.append(event.created_at >= filter.created_from)
    if filter.created_to is not None:
        conditions.append(event.created_at < filter.created_to)
    if filter.search:
        conditions.append(
            sa.or_(
                *(
                    column.icontains(filter.search, autoescape=True)
                    for column in (event.subject_name, event.summary, event.actor_name)
                )
            )
        )
    return conditions


def to_event(row: sa.Row[Any]) -> Event:
    """A row of `select_events` as an event; what else the row holds is left behind."""
    known = row._mapping  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] (public by its documentation)
    values: dict[str, Any] = {it.name: known[it.name] for it in _EVENT.c if it.name in known}
    actor = Actor(
        values.pop("actor_name"), ActorKind(values.pop("actor_kind")), values.pop("actor_token_id")
    )
    values["type"] = EventType[values["type"]]
    values["subject_kind"] = SubjectKind(values["subject_kind"])
    return Event(actor=actor, **values)
