"""The newest events that match one of several filters."""

import pytest

from store import Store
from store.events import SubjectKind
from store.events_log import EventFilter, newest_events
from store.model import SYSTEM
from store.operations.environments import create_environment
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle
from tests.store.conftest import Filled

ON = EventFilter(wire_types=("feature-environment-enabled",))
CREATED = EventFilter(wire_types=("feature-created",))


async def fill(store: Store) -> None:
    """Create the events 1 to 7: create an environment and three toggles, and switch each toggle
    on.
    """
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="staging")
        for name in "abc":
            await create_toggle(work, name=name)
        await set_enabled(work, "a", enabled=True)
        await set_enabled(work, "b", environment="staging", enabled=True)
        await set_enabled(work, "c", enabled=True)


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the events of `fill`."""
    return filled(beginning, fill)


async def found(store: Store, *filters: EventFilter, limit: int = 100) -> list[tuple[int, str]]:
    """Return the number and the summary of each event that was found."""
    async with store.read() as session:
        events = await newest_events(session, filters, limit)
    return [(event.number, event.subject_name) for event in events]


async def test_the_newest_of_all_filters_come_newest_first(store: Store) -> None:
    assert await found(store, CREATED, ON) == [
        (7, "c"),
        (6, "b"),
        (5, "a"),
        (4, "c"),
        (3, "b"),
        (2, "a"),
    ]
    assert await found(store, CREATED, ON, limit=4) == [(7, "c"), (6, "b"), (5, "a"), (4, "c")]
    assert await found(store, CREATED, limit=2) == [(4, "c"), (3, "b")]


async def test_what_several_filters_let_through_comes_once(store: Store) -> None:
    toggles = EventFilter(toggles=("a",))

    assert await found(store, toggles, CREATED, toggles, limit=3) == [
        (5, "a"),
        (4, "c"),
        (3, "b"),
    ]


async def test_no_environment_can_be_requested(store: Store) -> None:
    everywhere = EventFilter(subjects=((SubjectKind.TOGGLE, store.snapshot.toggles["b"].id),))
    none = EventFilter(toggles=("b",), environments=(None,))
    either = EventFilter(toggles=("a", "b"), environments=(None, "default"))
    nowhere = EventFilter(toggles=("b",), environments=())

    assert await found(store, everywhere) == [(6, "b"), (3, "b")]
    assert await found(store, none) == [(3, "b")]
    assert await found(store, either) == [(5, "a"), (3, "b"), (2, "a")]
    assert await found(store, nowhere) == []


async def test_events_can_be_requested_from_a_number_on(store: Store) -> None:
    assert await found(store, EventFilter(toggles=("a", "b"), numbers_from=3)) == [
        (6, "b"),
        (5, "a"),
        (3, "b"),
    ]


async def test_documents_are_read_only_where_they_are_requested(store: Store) -> None:
    async with store.read() as session:
        (with_documents,) = await newest_events(session, (ON,), 1)
        (without,) = await newest_events(session, (ON,), 1, documents=False)

    assert with_documents.after["name"] == "c"
    assert without.after is None
