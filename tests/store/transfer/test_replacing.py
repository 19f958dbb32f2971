"""Imports that replace the existing configuration, and imports of the same configuration."""

import pytest
from msgspec import structs

from store import Store
from store.model import ApiTokenType
from store.operations.change_sets import revert_change_set
from store.operations.environments import create_environment
from store.operations.fields import StrategyFields, ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, create_toggle, update_toggle
from store.operations.tokens import create_token
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from store.unit_of_work import UnitOfWork
from store.values import Dependency
from tests.store.operations.doing import carry_out, log
from tests.store.transfer.documents import configured, state, take

REPLACE_ALL = ImportMode.REPLACE_ALL


async def replaceable(work: UnitOfWork) -> None:
    await create_environment(work, name="prod")
    await create_segment(work, name="beta")
    for name in ("mine", "yours"):
        await create_strategy(
            work, name=name, fields=StrategyFields(description="Old", parameters=())
        )
    await create_token(work, name="ops", type=ApiTokenType.CLIENT, environment="default")
    for name in ("a", "b", "c", "archived"):
        await create_toggle(
            work,
            name=name,
            fields=ToggleFields(description="Old"),
            enabled=True,
            strategies=[StrategySpec(name="mine")],
        )
    await configure_toggle(work, "a", environment="prod", enabled=True)
    await archive_toggle(work, "archived")
    # The order of names differs from the order of dependencies.
    for child, parent in (("a", "b"), ("b", "c")):
        toggle = work.snapshot.toggles[child]
        work.put(structs.replace(toggle, dependencies=(Dependency(parent),)))


async def test_replacing_leaves_only_what_the_document_says(store: Store):
    await carry_out(store, replaceable)
    before = store.snapshot
    events = await log(store)

    await take(
        store,
        state(strategies=[{"name": "mine"}], toggles=[configured(enabled=True), {"name": "new"}]),
        mode=REPLACE_ALL,
    )

    snapshot = store.snapshot
    toggle = snapshot.toggles["a"]
    assert snapshot.toggles.keys() == {"a", "new"}
    assert toggle.id == before.toggles["a"].id
    assert (toggle.description, toggle.dependencies, toggle.environments.keys()) == (
        None,
        (),
        {"default"},
    )
    assert (toggle.environments["default"].enabled, toggle.environments["default"].strategies) == (
        True,
        (),
    )
    assert "yours" not in snapshot.strategies
    assert snapshot.strategies["mine"].description is None
    assert len([strategy for strategy in snapshot.strategies.values() if strategy.built_in]) == 8
    assert snapshot.environments.keys() == before.environments.keys()
    assert snapshot.segments == before.segments
    assert snapshot.tokens == before.tokens
    assert (await log(store))[: len(events)] == events


async def test_replacing_by_nothing_removes_every_toggle_and_can_be_undone(store: Store):
    await carry_out(store, replaceable)
    before = export_document(store.snapshot, archived=True)

    made = await take(store, state(), mode=REPLACE_ALL)

    assert made.change_set is not None
    assert (store.snapshot.toggles, len(store.snapshot.strategies)) == ({}, 8)
    await carry_out(store, revert_change_set, made.change_set.id)
    assert export_document(store.snapshot, archived=True) == before


async def test_replacing_what_depends_on_what_goes_can_be_undone(store: Store):
    await carry_out(store, replaceable)
    before = export_document(store.snapshot, archived=True)

    made = await take(
        store,
        state(
            toggles=[
                {"name": "b", "dependencies": [{"toggle": "new"}]},
                {"name": "new", "dependencies": []},
            ]
        ),
        mode=REPLACE_ALL,
    )

    assert made.change_set is not None
    assert store.snapshot.toggles["b"].dependencies == (Dependency("new"),)
    await carry_out(store, revert_change_set, made.change_set.id)
    assert export_document(store.snapshot, archived=True) == before


@pytest.mark.parametrize("mode", ImportMode)
async def test_an_export_changes_nothing_where_it_comes_from(store: Store, mode: ImportMode):
    await carry_out(store, replaceable)
    await carry_out(store, update_toggle, "a", stale=True)
    await carry_out(store, set_enabled, "c", environment="prod", enabled=True)
    await carry_out(store, set_enabled, "c", environment="prod", enabled=False)
    snapshot = store.snapshot

    made = await take(store, export_document(snapshot, archived=True), mode=mode)

    assert made.change_set is None
    assert store.snapshot is snapshot
