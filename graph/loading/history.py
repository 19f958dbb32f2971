"""Loads of what the audit log holds below change sets and toggles, for many of them at once."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from graph.loading.batches import counts_below, pages_below
from store.aggregates import table_of
from store.change_sets import ToggleVersion, select_versions, to_version
from store.events import Event
from store.events_log import EventFilter, select_events, select_matching, to_event
from store.paging import Page, Window
from store.rows import EventRow

_EVENT = table_of(EventRow)


async def load_version_pages(
    session: AsyncSession, window: Window, toggle_ids: Collection[str]
) -> Mapping[str, Page[ToggleVersion]]:
    """For each toggle a page of its versions, newest first."""
    pages = await pages_below(
        session,
        select_versions(toggle_ids),
        _EVENT.c.toggle_id,
        toggle_ids,
        [_EVENT.c.revision],
        window,
    )
    return {
        toggle_id: Page([to_version(row) for row in page.items], page.has_next, page.has_previous)
        for toggle_id, page in pages.items()
    }


async def load_version_counts(
    session: AsyncSession, _which: None, toggle_ids: Collection[str]
) -> Mapping[str, int]:
    """For each toggle the number of its versions."""
    versions = select_versions(toggle_ids)
    return await counts_below(session, versions, _EVENT.c.toggle_id, toggle_ids)


async def load_change_set_event_pages(
    session: AsyncSession, window: Window, change_set_ids: Collection[str]
) -> Mapping[str, Page[Event]]:
    """For each change set a page of its events, newest first, without their documents."""
    pages = await pages_below(
        session,
        select_events(documents=False),
        _EVENT.c.change_set_id,
        change_set_ids,
        [_EVENT.c.number],
        window,
    )
    return _events_on(pages)


async def load_change_set_event_counts(
    session: AsyncSession, _which: None, change_set_ids: Collection[str]
) -> Mapping[str, int]:
    """For each change set the number of its events."""
    events = select_events(documents=False)
    return await counts_below(session, events, _EVENT.c.change_set_id, change_set_ids)


async def load_toggle_event_pages(
    session: AsyncSession, filter: EventFilter, window: Window, toggle_ids: Collection[str]
) -> Mapping[str, Page[Event]]:
    """For each toggle a page of those of its events that a filter lets through, newest first,
    without their documents."""
    pages = await pages_below(
        session,
        select_matching(filter, documents=False),
        _EVENT.c.toggle_id,
        toggle_ids,
        [_EVENT.c.number],
        window,
    )
    return _events_on(pages)


async def load_toggle_event_counts(
    session: AsyncSession, filter: EventFilter, toggle_ids: Collection[str]
) -> Mapping[str, int]:
    """For each toggle the number of those of its events that a filter lets through."""
    events = select_matching(filter, documents=False)
    return await counts_below(session, events, _EVENT.c.toggle_id, toggle_ids)


def _events_on(pages: Mapping[str, Page[Any]]) -> Mapping[str, Page[Event]]:
    return {
        parent: Page([to_event(row) for row in page.items], page.has_next, page.has_previous)
        for parent, page in pages.items()
    }
