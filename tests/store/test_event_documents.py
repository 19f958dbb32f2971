"""The cache of the documents of events."""

from typing import Any

import pytest

from store import Store
from store.event_documents import EventDocuments, EventDocumentsCache
from store.events import field_changes
from store.events_log import ALL_EVENTS, list_events
from store.model import SYSTEM
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle
from store.paging import Window
from tests.statements import counted_statements
from tests.store.conftest import Filled


async def fill(store: Store) -> None:
    """Create three toggles, and change one of them."""
    async with store.write(SYSTEM) as work:
        for name in "abc":
            await create_toggle(work, name=name)
        await set_enabled(work, "a", enabled=True)


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the toggles of `fill`."""
    return filled(beginning, fill)


async def newest_numbers(store: Store, count: int) -> list[int]:
    async with store.read() as session:
        page = await list_events(session, ALL_EVENTS, Window(count), documents=False)
    return [event.number for event in page.items]


async def test_documents_are_read_once(store: Store):
    numbers = await newest_numbers(store, 3)
    with counted_statements() as first:
        found = await store.event_documents.load(numbers[:2])
    with counted_statements() as second:
        again = await store.event_documents.load(numbers)
    with counted_statements() as third:
        await store.event_documents.load(numbers)

    assert (len(first), len(second), len(third)) == (1, 1, 0)
    assert set(found) == set(numbers[:2])
    assert all(again[number] is found[number] for number in found)


async def test_changes_equal_those_of_the_decoded_documents(store: Store):
    async with store.read() as session:
        events = (await list_events(session, ALL_EVENTS, Window(50))).items
    found = await store.event_documents.load([event.number for event in events])

    assert {number: list(documents.changes) for number, documents in found.items()} == {
        event.number: field_changes(event.before, event.after) for event in events
    }


async def test_numbers_without_an_event_are_omitted(store: Store):
    assert await store.event_documents.load([10**9]) == {}


async def test_the_limit_removes_what_was_used_longest_ago(store: Store):
    one, two, three = await newest_numbers(store, 3)
    found = await store.event_documents.load([one, two, three])
    lengths = {number: documents.length for number, documents in found.items()}
    cache = EventDocumentsCache(store.read, max_characters=sum(lengths.values()) - 1)
    await cache.load([one, two])
    await cache.load([one])
    await cache.load([three])

    with counted_statements() as statements:
        await cache.load([one, three])
    assert statements == []
    assert cache.characters == lengths[one] + lengths[three]
    with counted_statements() as statements:
        await cache.load([two])
    assert len(statements) == 1


async def test_what_was_being_read_while_the_cache_was_cleared_is_not_cached(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    (number,) = await newest_numbers(store, 1)
    cache = EventDocumentsCache(store.read)
    create = EventDocuments.__init__

    def clear_first(documents: EventDocuments, *texts: Any) -> None:
        cache.clear()
        create(documents, *texts)

    with monkeypatch.context() as patched:
        patched.setattr(EventDocuments, "__init__", clear_first)
        await cache.load([number])

    assert cache.characters == 0
    with counted_statements() as statements:
        await cache.load([number])
    assert len(statements) == 1
