"""Spliced bodies equal rebuilt bodies after all kinds of changes, in this and another process."""

from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from rest_compat.sdk import assembly
from rest_compat.sdk.payload import PayloadCache
from rest_compat.sdk.scopes import PayloadScope
from store import Snapshot, Store
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from tests.rest_compat.sdk.test_assembly import assert_same, short_runs
from tests.store.random_changes import CHANGES, NAMES, change_anything
from tests.store.stored import read_again

STEPS = 120
_ = short_runs


@pytest_asyncio.fixture(loop_scope="session")
async def two_stores(prepared_url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two stores over one database, as in two processes. The test refreshes the second store."""
    store = await Store.open(prepared_url)
    async with store.write(SYSTEM) as work:
        for number in range(30):
            await create_toggle(work, name=f"{NAMES[number % 4]}-{number}", enabled=True)
    other = await Store.open(prepared_url, background=False)
    yield store, other
    await other.close()
    await store.close()


def scopes_of(environment: str) -> list[PayloadScope]:
    return [
        PayloadScope(environment),
        PayloadScope(environment, inline=False),
        PayloadScope(environment, token_projects=("default", "a")),
        PayloadScope(environment, token_projects=("b",), inline=False),
        PayloadScope(environment, name_prefix="a"),
    ]


class Process:
    """The payloads of a process, and payloads that are always built from all toggles."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._splicing, self._rebuilding = PayloadCache(), PayloadCache()

    def compare(self, stored: Snapshot) -> None:
        """Compare the payloads at the newest snapshot with those of the stored data."""
        snapshot = self.store.snapshot
        assert snapshot.revision == stored.revision
        for environment in snapshot.environments:
            for scope in scopes_of(environment):
                spliced = self._splicing.payload(snapshot, scope)
                assert_same(spliced, self._rebuilding.payload(stored, scope))
                assert spliced.digest == PayloadCache().payload(stored, scope).digest


@pytest.mark.slow
@pytest.mark.sample(1)
@pytest.mark.usefixtures("short_runs")
@pytest.mark.parametrize("seed", range(4))
async def test_bodies_are_the_rebuilt_ones_after_any_change(
    two_stores: tuple[Store, Store], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    one, other = map(Process, two_stores)
    made: Counter[str | None] = Counter()
    spliced = Counter[bool]()
    splice = Snapshot.changes_since

    def counted(snapshot: Snapshot, mark: object) -> object:
        changed = splice(snapshot, mark)
        spliced[changed is not None] += snapshot.steps != () or mark is snapshot.mark
        return changed

    monkeypatch.setattr(Snapshot, "changes_since", counted)
    for _number in range(STEPS):
        writer = one if random.random() < 0.7 else other
        made[await change_anything(random, writer.store)] += 1
        for process in (one, other):
            if process is writer or random.random() < 0.5:
                await process.store.refresh()
                stored = Snapshot(process.store.snapshot.revision, await read_again(one.store))
                process.compare(stored)

    assert len(made) > len(CHANGES) / 2
    # All commits are spliced in, except for large commits of the other process.
    assert spliced[True] > 10 * spliced[False]
    assert assembly.MAX_RUN_LENGTH == 8
