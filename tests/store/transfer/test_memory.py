"""Objects of an import are freed when it ends, without a garbage collection."""

import gc

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle, update_toggle
from store.transfer.importing import import_state
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.unit_of_work import UnitOfWork
from tests.garbage import without_collection
from tests.store.transfer.documents import state

TOGGLE = {"name": "checkout", "description": "imported"}
UNLEASH = {"version": 1, "features": [TOGGLE | {"strategies": [{"name": "default"}]}]}


async def import_one(work: UnitOfWork, of_unleash: bool) -> None:
    if of_unleash:
        await import_unleash(work, unleash_document_of(UNLEASH))
    else:
        await import_state(work, state(toggles=[TOGGLE]))


def units_in_memory() -> list[UnitOfWork]:
    return [found for found in gc.get_objects() if isinstance(found, UnitOfWork)]


@pytest.mark.thorough
@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("of_unleash", [False, True])
async def test_an_import_leaves_nothing_to_collect(
    store: Store, of_unleash: bool, dry_run: bool
) -> None:
    with without_collection():
        await store.write_prepared(
            SYSTEM, lambda work: import_one(work, of_unleash), dry_run=dry_run
        )
        async with store.write(SYSTEM, dry_run=dry_run) as work:
            await import_one(work, of_unleash)
        del work
        left = units_in_memory()

    assert ("checkout" in store.snapshot.toggles) is not dry_run
    assert left == []


@pytest.mark.parametrize("of_unleash", [False, True])
async def test_an_import_that_is_moved_leaves_nothing_to_collect(
    store: Store, of_unleash: bool
) -> None:
    async def prepare(work: UnitOfWork) -> None:
        await import_one(work, of_unleash)
        async with store.write(SYSTEM) as other:
            await update_toggle(other, "checkout", ToggleFields(description=f"{other.revision}"))
        prepared.append(other.revision)

    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="checkout")
    del work
    prepared: list[int] = []
    with without_collection():
        await store.write_prepared(SYSTEM, prepare)
        left = units_in_memory()

    assert len(prepared) == 1
    assert left == []
