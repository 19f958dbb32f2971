"""Read the versions of toggles in the audit log."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.events import IMPORTED_REVISION, Event
from store.events_log import select_events, to_event
from store.model import Toggle
from store.paging import Page, Window, counts_by_parent, page_of_rows, pages_by_parent
from store.rows import EventRow

_EVENT = table_of(EventRow)
# The documents of imported events are no toggles of this server.
_IS_OWN = _EVENT.c.revision > IMPORTED_REVISION


class ToggleVersion(Struct, frozen=True, dict=True):
    """A toggle after a revision that changed the toggle, with the event of the revision.

    `toggle` is None if the revision deleted the toggle.
    """

    toggle: Toggle | None
    event: Event


async def list_versions(
    connection: AsyncConnection, toggle_ids: Collection[str], window: Window
) -> dict[str, Page[ToggleVersion]]:
    """Return a page of the versions of each toggle, newest first.

    The keys in `window` are `(revision,)`. Each revision that changed the toggle is a version, with
    the last event of the revision. The function executes one statement for all pages.
    """
    pages = await pages_by_parent(
        connection,
        _select_versions(_EVENT.c.toggle_id.in_(toggle_ids)),
        _EVENT.c.toggle_id,
        toggle_ids,
        [_EVENT.c.revision],
        window,
    )
    return {toggle_id: page.map(_version) for toggle_id, page in pages.items()}


async def count_versions(
    connection: AsyncConnection, toggle_ids: Collection[str]
) -> dict[str, int]:
    """Count the versions of each toggle."""
    statement = _select_versions(_EVENT.c.toggle_id.in_(toggle_ids))
    return await counts_by_parent(connection, statement, _EVENT.c.toggle_id, toggle_ids)


async def version_of_toggle(
    connection: AsyncConnection, toggle_id: str, revision: int
) -> ToggleVersion | None:
    """Return the version of a toggle at a revision; None if the revision did not change it."""
    window = Window(1, after=(revision + 1,))
    versions = (await list_versions(connection, [toggle_id], window))[toggle_id].items
    return versions[0] if versions and versions[0].event.revision == revision else None


async def versions_at(
    connection: AsyncConnection, toggle_ids: Collection[str], time: datetime
) -> dict[str, ToggleVersion]:
    """Return the version of each toggle at a given time; omit toggles that were created later."""
    latest = (
        sa.select(sa.func.max(_EVENT.c.number))
        .where(_EVENT.c.toggle_id.in_(toggle_ids), _EVENT.c.created_at <= time, _IS_OWN)
        .group_by(_EVENT.c.toggle_id)
    )
    statement = select_events(documents=True).where(_EVENT.c.number.in_(latest))
    return {row.toggle_id: _version(row) for row in await connection.execute(statement)}


async def list_versions_of_name(
    connection: AsyncConnection, name: str, window: Window
) -> Page[ToggleVersion]:
    """Return a page of the versions of all toggles that had a name, newest first.

    The keys in `window` are `(number,)`, the number of the version's event. The keys are not
    revisions, because one revision can delete a toggle and create another toggle with the same
    name.
    """
    statement = _select_versions(_EVENT.c.toggle_name == name)
    page = await page_of_rows(connection, statement, [_EVENT.c.number], window, descending=True)
    return page.map(_version)


async def count_versions_of_name(connection: AsyncConnection, name: str) -> int:
    """Count the versions of all toggles that had a name."""
    versions = _select_versions(_EVENT.c.toggle_name == name).with_only_columns(sa.func.count())
    return (await connection.execute(versions)).scalar_one()


def _select_versions(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Of the events that meet a condition, select the last event of each toggle and revision."""
    latest = (
        sa.select(sa.func.max(_EVENT.c.number))
        .where(condition, _IS_OWN)
        .group_by(_EVENT.c.toggle_id, _EVENT.c.revision)
    )
    return select_events(documents=True).where(_EVENT.c.number.in_(latest))


def _version(row: sa.Row[Any]) -> ToggleVersion:
    event = to_event(row)
    toggle = msgspec.convert(event.after, Toggle) if event.after is not None else None
    return ToggleVersion(toggle, event)
