"""Large commits of other processes are loaded in slices, which limits memory and blocking."""

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from store import Store, aggregates, following, slices
from store.events_log import events_between
from store.model import SYSTEM, Toggle
from store.transfer.context import ImportMode
from store.transfer.importing import import_state
from tests.store.interrupting import importing
from tests.store.stored import assert_same_configuration, read_again
from tests.store.test_import_round_trip import DOCUMENT
from tests.store.transfer import documents
from tests.store.transfer.documents import state


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Disable following of events, and collect the number of toggles in each loaded slice."""
    counts: list[int] = []
    load = aggregates._ToggleLoader.load

    async def noting(loader: aggregates._ToggleLoader, first: str, last: str) -> list[Toggle]:
        toggles = await load(loader, first, last)
        counts.append(len(toggles))
        return toggles

    monkeypatch.setattr(aggregates._ToggleLoader, "load", noting)
    monkeypatch.setattr(following, "MAX_EVENTS", 0)
    return counts


@pytest.mark.thorough
@pytest.mark.parametrize("size", [1, 7])
async def test_toggles_are_loaded_in_slices(
    store: Store,
    other_store: Store,
    monkeypatch: pytest.MonkeyPatch,
    loaded: list[int],
    size: int,
):
    monkeypatch.setattr(slices, "SLICE", size)
    document = documents.document_of(DOCUMENT)
    await store.write_prepared(SYSTEM, lambda work: import_state(work, document))
    await other_store.refresh()
    several = len(store.snapshot.toggles)
    assert (sum(loaded), max(loaded)) == (several, min(size, several))
    assert_same_configuration(other_store.snapshot, store.snapshot)
    loaded.clear()

    await store.write_prepared(SYSTEM, importing(*(f"toggle-{number:02}" for number in range(20))))
    await other_store.refresh()

    assert (sum(loaded), max(loaded)) == (20, size)
    assert_same_configuration(other_store.snapshot, store.snapshot)
    assert_same_configuration(other_store.snapshot, await read_again(store))

    mode = ImportMode.REPLACE_ALL
    await store.write_prepared(SYSTEM, lambda work: import_state(work, state(), mode=mode))
    await other_store.refresh()

    assert not other_store.snapshot.toggles


async def test_events_are_read_in_slices(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slices, "SLICE", 4)
    streamed: list[int] = []
    stream = AsyncConnection.stream

    async def noting(connection: AsyncConnection, *arguments: object):  # type: ignore[no-untyped-def]
        result = await stream(connection, *arguments)  # type: ignore[call-overload]
        partitions = result.partitions

        async def counting(size: int):  # type: ignore[no-untyped-def]
            async for part in partitions(size):
                streamed.append(len(part))
                yield part

        result.partitions = counting
        return result

    before = store.snapshot.revision
    await store.write_prepared(SYSTEM, importing(*(f"toggle-{number}" for number in range(10))))
    monkeypatch.setattr(AsyncConnection, "stream", noting)
    async with store.read() as session:
        events = await events_between(session, before, store.snapshot.revision)

    # The events are about ten toggles, the change set and the import.
    assert [event.number for event in events] == sorted(event.number for event in events)
    assert streamed == [4, 4, 4]
