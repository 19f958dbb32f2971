"""`Store.write_prepared` permits other writes during the preparation, and loses no data."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from store import Store
from store.errors import InvalidError, Refusal, refuse
from store.events import document_of
from store.identity import UnauthenticatedError
from store.model import SYSTEM, Actor, ActorKind, ApiTokenType, Tag, Toggle
from store.operations.change_sets import revert_change_set
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle, update_toggle
from store.operations.tokens import create_token, revoke_token
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.unit_of_work import UnitOfWork
from tests.store.interrupting import Interrupted, creating, importing
from tests.store.operations.doing import carry_out, log
from tests.store.stored import assert_same_configuration, read_again
from tests.store.test_import_round_trip import DOCUMENT
from tests.store.transfer import documents
from tests.store.transfer.documents import state


async def test_others_write_while_a_change_is_prepared(store: Store, other_store: Store):
    await carry_out(store, create_toggle, name="old")
    before = store.snapshot.revision

    async def others() -> None:
        await carry_out(store, create_toggle, name="other")
        await other_store.refresh()
        await carry_out(other_store, create_toggle, name="of-another-process")

    interrupted = Interrupted(importing("new", "old"), others)
    made = await store.write_prepared(SYSTEM, interrupted)

    assert interrupted.revisions == [before + 1]
    assert store.snapshot.revision == before + 3
    assert made.change_set.revision == before + 3
    assert store.snapshot.toggles.keys() == {"old", "new", "other", "of-another-process"}
    assert store.snapshot.toggles["new"].revision == before + 3
    assert store.snapshot.toggles["new"].environments["default"].revision == before + 3
    assert store.snapshot.environments["default"].served_revision == before + 3
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_the_report_of_a_moved_change_equals_what_is_stored(store: Store):
    made = await store.write_prepared(
        SYSTEM, Interrupted(importing("new"), creating(store, "other"))
    )

    events = await log(store)
    assert [event.created_at for event in events] == sorted(event.created_at for event in events)
    revision = store.snapshot.revision
    (created,) = (event for event in events if event.toggle_name == "new")
    assert created.revision == revision
    toggle = store.snapshot.toggles["new"]
    assert msgspec.convert(created.after, Toggle) == toggle
    (reported,) = (change.event for change in made.changes)
    assert (reported.revision, reported.created_at) == (revision, created.created_at)
    assert msgspec.convert(reported.after, Toggle) == toggle
    assert {event.revision for event in events if event.change_set_id} == {revision}


@pytest.mark.parametrize("mode", [ImportMode.MERGE, ImportMode.KEEP_EXISTING])
async def test_a_whole_document_that_moved_is_stored_as_without_others(
    store: Store, own_store: Store, mode: ImportMode
):
    async def prepare(work: UnitOfWork) -> Any:
        return await import_state(work, documents.document_of(DOCUMENT), mode=mode)

    async def other() -> None:
        await carry_out(store, create_toggle, name="other")

    await carry_out(own_store, create_toggle, name="other")
    await own_store.write_prepared(SYSTEM, prepare)
    interrupted = Interrupted(prepare, other)
    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    at = datetime(2026, 1, 1, tzinfo=UTC)
    exported = [
        msgspec.to_builtins(export_document(item.snapshot, exported_at=at, archived=True))
        for item in (store, own_store)
    ]
    for document in exported:
        for toggle in document["toggles"]:
            del toggle["createdAt"]
    assert exported[0] == exported[1]
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_a_change_of_what_it_was_worked_out_from_is_not_lost(store: Store):
    await carry_out(store, create_toggle, name="a")

    async def other() -> None:
        await carry_out(store, update_toggle, "a", description="Newer")

    interrupted = Interrupted(importing("a"), other)
    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert store.snapshot.toggles["a"].description == "Newer"
    assert store.snapshot.toggles["a"].environments["default"].enabled
    before, after = [item.after for item in await log(store) if item.toggle_name == "a"][-2:]
    assert before["description"] == after["description"] == "Newer"
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_toggles_that_come_while_all_others_are_replaced_go_too(store: Store):
    await store.write_prepared(
        SYSTEM, Interrupted(importing("a", mode=ImportMode.REPLACE_ALL), creating(store, "other"))
    )

    assert store.snapshot.toggles.keys() == {"a"}
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_new_dependencies_of_others_are_noticed(store: Store):
    await carry_out(store, create_toggle, name="a")
    await carry_out(store, create_toggle, name="b")
    document = state(toggles=[{"name": "b", "dependencies": [{"toggle": "a", "enabled": True}]}])
    circle = state(toggles=[{"name": "a", "dependencies": [{"toggle": "c", "enabled": True}]}])
    back = state(toggles=[{"name": "c", "dependencies": [{"toggle": "b", "enabled": True}]}])

    async def other() -> None:
        await carry_out(store, create_toggle, name="c")
        await carry_out(store, import_state, back)
        await carry_out(store, import_state, circle)

    before = set(store.snapshot.toggles)
    with pytest.raises(Refusal):
        await store.write_prepared(
            SYSTEM, Interrupted(lambda work: import_state(work, document), other)
        )
    assert before <= store.snapshot.toggles.keys()
    assert store.snapshot.toggles["b"].dependencies == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"fields": ToggleFields(project="new")},
        {"fields": ToggleFields(type="new")},
        {"tags": [Tag("simple", "new")]},
    ],
    ids=["project", "type", "tag"],
)
async def test_objects_that_others_create_by_naming_them_do_not_matter(
    store: Store, fields: dict[str, Any]
):
    def other() -> Awaitable[Any]:
        return carry_out(store, create_toggle, name="other", allow_unknown=True, **fields)

    interrupted = Interrupted(importing("mine"), other)
    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert {"mine", "other"} <= store.snapshot.toggles.keys()
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_a_dry_run_and_a_refusal_wait_for_nobody_and_store_nothing(store: Store):
    async def refused(work: UnitOfWork) -> None:
        await importing("b")(work)
        refuse(InvalidError("no", rule="r"))

    before, events = store.snapshot, await log(store)
    async with store.write(SYSTEM), asyncio.timeout(30):
        made = await store.write_prepared(SYSTEM, importing("a"), dry_run=True)
        with pytest.raises(Refusal):
            await store.write_prepared(SYSTEM, refused)

    assert [change.event.toggle_name for change in made.changes] == ["a"]
    assert store.snapshot is before
    assert await log(store) == events


async def test_a_token_that_is_revoked_meanwhile_changes_nothing(store: Store):
    token, _ = await carry_out(store, create_token, name="t", type=ApiTokenType.ADMIN)
    holder = Actor("t", ActorKind.TOKEN, token.id)

    async def other() -> None:
        await carry_out(store, revoke_token, token.id)

    with pytest.raises(UnauthenticatedError):
        await store.write_prepared(holder, Interrupted(importing("a"), other))

    assert "a" not in store.snapshot.toggles


async def test_a_change_that_moved_can_be_undone(store: Store):
    made = await store.write_prepared(
        SYSTEM, Interrupted(importing("a", "b"), creating(store, "other"))
    )

    await carry_out(store, revert_change_set, made.change_set.id)

    assert store.snapshot.toggles.keys() == {"other"}


async def test_a_state_document_moves_too(store: Store):
    sent = {
        "version": 4,
        "features": [{"name": "a"}, {"name": "b", "stale": True}],
        "featureEnvironments": [{"featureName": "a", "environment": "lab", "enabled": True}],
        "featureStrategies": [
            {
                "id": "1",
                "featureName": "a",
                "environment": "lab",
                "projectId": "default",
                "strategyName": "default",
            }
        ],
        "environments": [{"name": "lab", "type": "test"}],
        "tagTypes": [{"name": "team"}],
        "tags": [{"type": "team", "value": "x"}],
        "featureTags": [{"featureName": "a", "tagType": "team", "tagValue": "x"}],
    }
    document = unleash_document_of(sent)
    interrupted = Interrupted(lambda work: import_unleash(work, document), creating(store, "other"))

    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert store.snapshot.environments["lab"].revision == store.snapshot.revision
    assert store.snapshot.toggles["b"].stale_at == store.snapshot.toggles["b"].updated_at
    assert_same_configuration(store.snapshot, await read_again(store))
    stored = {item.toggle_name: item.after for item in await log(store) if item.toggle_name}
    for name in "ab":
        document = document_of(store.snapshot.toggles[name])
        assert stored[name] == msgspec.json.decode(msgspec.json.encode(document))


async def test_what_is_just_committed_here_is_not_loaded_again(store: Store):
    before = store.snapshot
    async with store._database.begin_write() as connection:
        revision, _ = await store._state.take_revision(connection)

    await store.refresh()
    assert store.snapshot is before

    store._state.release_revision(revision)
    await store.refresh()
    assert store.snapshot.revision == revision


async def test_an_import_gives_others_their_turn(store: Store):
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    names = [f"toggle-{number:04}" for number in range(1_000)]
    await store.write_prepared(SYSTEM, importing(*names))
    document = state(toggles=[{"name": name, "description": "New"} for name in names])
    async with store.write(SYSTEM, dry_run=True) as work:
        counting = asyncio.create_task(count())
        await import_state(work, document)
        counting.cancel()

    # The import yields 40 times between toggles, and ten times between objects of summary events.
    assert turns >= 50
