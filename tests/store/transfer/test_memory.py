"""An import leaves the memory when it ends, without a garbage collection."""

import gc

import pytest

from store import Store
from store.model import SYSTEM
from store.transfer.importing import import_state
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.unit_of_work import UnitOfWork
from tests.garbage import without_collection
from tests.store.transfer.documents import state

UNLEASH = {"version": 1, "features": [{"name": "checkout", "strategies": [{"name": "default"}]}]}


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("of_unleash", [False, True])
async def test_an_import_leaves_nothing_to_collect(
    store: Store, of_unleash: bool, dry_run: bool
) -> None:
    async def prepare(work: UnitOfWork) -> None:
        if of_unleash:
            await import_unleash(work, unleash_document_of(UNLEASH))
        else:
            await import_state(work, state(toggles=[{"name": "checkout"}]))

    with without_collection():
        await store.write_prepared(SYSTEM, prepare, dry_run=dry_run)
        async with store.write(SYSTEM, dry_run=dry_run) as work:
            await prepare(work)
        del work
        left = [found for found in gc.get_objects() if isinstance(found, UnitOfWork)]

    assert ("checkout" in store.snapshot.toggles) is not dry_run
    assert left == []
