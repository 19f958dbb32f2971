"""Read change sets."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.events import ChangeSet, ChangeSetState, Event, RefusalCode, SubjectKind
from store.events_log import select_events, to_event
from store.paging import Page, Window, counts_by_parent, page_of_rows
from store.rows import ChangeSetRow, EventRow, ScheduledSubjectRow
from store.searching import column_contains

_CHANGE_SET = table_of(ChangeSetRow)
_EVENT = table_of(EventRow)
_SUBJECT = table_of(ScheduledSubjectRow)

# Events of these types are about the change set itself, not about one of its changes.
_FRAME = (SubjectKind.CHANGE_SET.value, SubjectKind.STATE.value)


class ChangeSetFilter(Struct, frozen=True, kw_only=True):
    """A filter for change sets.

    All given fields must match. A field matches if any of its entries matches. `applied` selects
    change sets by whether they have made changes. `search` is a substring of the comment.
    """

    states: Collection[ChangeSetState] | None = None
    applied: bool | None = None
    toggles: Collection[str] | None = None
    environments: Collection[str] | None = None
    actors: Collection[str] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    search: str | None = None


async def list_change_sets(
    connection: AsyncConnection, filter: ChangeSetFilter, window: Window
) -> Page[ChangeSet]:
    """Return a page of change sets, newest first; the keys in `window` are `(revision, id)`."""
    statement = sa.select(_CHANGE_SET).where(*_conditions(filter))
    columns = [_CHANGE_SET.c.revision, _CHANGE_SET.c.id]
    page = await page_of_rows(connection, statement, columns, window, descending=True)
    return page.map(to_change_set)


async def count_change_sets(connection: AsyncConnection, filter: ChangeSetFilter) -> int:
    """Count the change sets that match a filter."""
    statement = sa.select(sa.func.count()).select_from(_CHANGE_SET).where(*_conditions(filter))
    return (await connection.execute(statement)).scalar_one()


async def change_sets_by_id(
    connection: AsyncConnection, ids: Collection[str]
) -> dict[str, ChangeSet]:
    """Return the change sets with these ids."""
    statement = sa.select(_CHANGE_SET).where(_CHANGE_SET.c.id.in_(ids))
    return {row.id: to_change_set(row) for row in await connection.execute(statement)}


async def change_set_of_key(
    connection: AsyncConnection, key: str, *, since: datetime
) -> ChangeSet | None:
    """Return the change set with an idempotency key; ignore change sets from before `since`."""
    statement = sa.select(_CHANGE_SET).where(
        _CHANGE_SET.c.idempotency_key == key, _CHANGE_SET.c.created_at >= since
    )
    row = (await connection.execute(statement)).first()
    return to_change_set(row) if row is not None else None


async def reverting_change_sets(
    connection: AsyncConnection, ids: Collection[str]
) -> dict[str, ChangeSet]:
    """Return the latest undo of each given change set, by the id of the undone change set."""
    statement = (
        sa.select(_CHANGE_SET)
        .where(_CHANGE_SET.c.reverts_id.in_(ids))
        .order_by(_CHANGE_SET.c.revision)
    )
    return {row.reverts_id: to_change_set(row) for row in await connection.execute(statement)}


async def events_of_change_sets(
    connection: AsyncConnection, ids: Collection[str]
) -> dict[str, list[Event]]:
    """Return the events of each change set in order.

    The function executes one statement.
    """
    statement = _select_changes(ids).order_by(_EVENT.c.number)
    found: dict[str, list[Event]] = {key: [] for key in ids}
    for row in await connection.execute(statement):
        found[row.change_set_id].append(to_event(row))
    return found


async def list_changes(
    connection: AsyncConnection, ids: Collection[str], limit: int, start: int
) -> dict[str, list[Event]]:
    """Return up to `limit` events of each change set, from position `start` on.

    The function executes one statement.
    """
    position = sa.func.row_number().over(
        partition_by=_EVENT.c.change_set_id, order_by=_EVENT.c.number
    )
    # Rank only the numbers of events, so that whole events are read only for the result.
    ranked = (
        _select_changes(ids)
        .with_only_columns(_EVENT.c.number, position.label("position"))
        .subquery()
    )
    statement = (
        select_events(documents=True)
        .join(ranked, _EVENT.c.number == ranked.c.number)
        .where(ranked.c.position > start, ranked.c.position <= start + limit)
        .order_by(_EVENT.c.number)
    )
    found: dict[str, list[Event]] = {key: [] for key in ids}
    for row in await connection.execute(statement):
        found[row.change_set_id].append(to_event(row))
    return found


async def count_changes(connection: AsyncConnection, ids: Collection[str]) -> dict[str, int]:
    """Count the changes of each change set that was applied."""
    return await counts_by_parent(connection, _select_changes(ids), _EVENT.c.change_set_id, ids)


async def first_and_last_events(
    connection: AsyncConnection, change_set_id: str
) -> list[tuple[Event, Event]]:
    """Return the first and last event of each object that a change set changed, in order.

    If others changed an object between two steps of a rollout, the object has several pairs of
    events.
    """
    events = (await events_of_change_sets(connection, [change_set_id]))[change_set_id]
    pairs: list[tuple[Event, Event]] = []
    positions: dict[tuple[SubjectKind, str], int] = {}
    for event in events:
        subject = (event.subject_kind, event.subject_key)
        position = positions.get(subject)
        if position is not None:
            first, last = pairs[position]
            if event.revision == last.revision or event.before == last.after:
                pairs[position] = (first, event)
                continue
        positions[subject] = len(pairs)
        pairs.append((event, event))
    return pairs


def _select_changes(ids: Collection[str]) -> sa.Select[Any]:
    """Select the events of change sets, except events about the change sets themselves."""
    return select_events(documents=True).where(
        _EVENT.c.change_set_id.in_(ids), _EVENT.c.subject_kind.not_in(_FRAME)
    )


def to_change_set(row: sa.Row[Any]) -> ChangeSet:
    """Convert a row to a change set; ignore columns that change sets do not have."""
    values = {name: getattr(row, name) for name in ChangeSet.__struct_fields__}
    values["state"] = ChangeSetState(values["state"])
    if values["refusal_code"] is not None:
        values["refusal_code"] = RefusalCode(values["refusal_code"])
    return ChangeSet(**values)


def _conditions(filter: ChangeSetFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filter.states is not None:
        conditions.append(_CHANGE_SET.c.state.in_([state.value for state in filter.states]))
    if filter.applied is not None:
        at = _CHANGE_SET.c.applied_at
        conditions.append(at.is_not(None) if filter.applied else at.is_(None))
    is_toggle = _SUBJECT.c.kind == SubjectKind.TOGGLE.value
    if filter.toggles is not None:
        conditions.append(
            _has_event(_EVENT.c.toggle_name, filter.toggles)
            | _has_subject(is_toggle, _SUBJECT.c.name.in_(filter.toggles))
        )
    if filter.environments is not None:
        conditions.append(
            _has_event(_EVENT.c.environment, filter.environments)
            | _has_subject(_SUBJECT.c.environment.in_(filter.environments))
        )
    if filter.actors is not None:
        conditions.append(_has_event(_EVENT.c.actor_name, filter.actors))
    if filter.search:
        conditions.append(column_contains(_CHANGE_SET.c.comment, filter.search))
    if filter.created_from is not None:
        conditions.append(_CHANGE_SET.c.created_at >= filter.created_from)
    if filter.created_to is not None:
        conditions.append(_CHANGE_SET.c.created_at < filter.created_to)
    return conditions


def _has_event(column: sa.Column[Any], values: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a change set has an event whose `column` has one of the values."""
    of_change_set = _EVENT.c.change_set_id == _CHANGE_SET.c.id
    return sa.select(_EVENT.c.number).where(of_change_set, column.in_(values)).exists()


def _has_subject(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that a scheduled change set touches a subject with these conditions."""
    of_change_set = _SUBJECT.c.change_set_id == _CHANGE_SET.c.id
    return sa.select(_SUBJECT.c.position).where(of_change_set, *conditions).exists()
