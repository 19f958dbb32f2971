"""Changing, archiving, reviving and deleting toggles."""

from typing import Any

import pytest
from msgspec import structs

from store import Store
from store.errors import (
    InUseError,
    NotFoundError,
    RevisionConflictError,
)
from store.events import EventType
from store.model import SYSTEM
from store.operations.environments import create_environment
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    delete_toggle,
    revive_toggle,
    update_toggle,
)
from store.unit_of_work import UnitOfWork
from store.values import Dependency, Variant
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused

# ------------------------------------------------------------------ update


@pytest.mark.parametrize(
    ("fields", "type", "summary"),
    [
        (
            {"description": "New"},
            EventType.TOGGLE_UPDATED,
            "Changed the description of toggle 'a'.",
        ),
        (
            {"type": "experiment", "impression_data": True},
            EventType.TOGGLE_UPDATED,
            "Changed the type and impression data of toggle 'a'.",
        ),
        ({"stale": True}, EventType.TOGGLE_STALE_ON, "Marked toggle 'a' as stale."),
        (
            {"stale": True, "type": "experiment"},
            EventType.TOGGLE_UPDATED,
            "Changed the type and staleness of toggle 'a'.",
        ),
        ({"stale": True, "type": "release"}, EventType.TOGGLE_STALE_ON, None),
    ],
)
async def test_an_update_changes_what_is_given(
    store: Store, fields: dict[str, Any], type: EventType, summary: str | None
):
    before = await carry_out(store, create_toggle, name="a")

    after = await carry_out(store, update_toggle, "a", **fields)

    event = await last_event(store)
    assert {field: getattr(after, field) for field in fields} == fields
    unchanged = {field: getattr(before, field) for field in fields if field != "stale"}
    assert before == structs.replace(
        after, **unchanged, stale_at=None, revision=before.revision, updated_at=before.updated_at
    )
    assert after.environments["default"] is before.environments["default"]
    assert event.type is type
    assert (event.before, event.after) == (document(before), document(after))
    assert summary in (event.summary, None)


async def test_the_first_mark_stale_says_since_when(store: Store):
    before = await carry_out(store, create_toggle, name="a")

    marked = await carry_out(store, update_toggle, "a", stale=True)
    again = await carry_out(store, update_toggle, "a", stale=True, description="x")
    recorded = await carry_out(store, update_toggle, "a", stale=True, record_always=True)

    assert (before.stale_at, marked.stale_at) == (None, marked.updated_at)
    assert recorded is again
    assert again.stale_at == marked.stale_at != again.updated_at


async def test_the_mark_stale_is_taken_off_again(store: Store):
    created = await carry_out(store, create_toggle, name="a", stale=True)

    after = await carry_out(store, update_toggle, "a", stale=False)

    event = await last_event(store)
    assert (created.stale_at, after.stale_at) == (created.created_at, None)
    assert event.type is EventType.TOGGLE_STALE_OFF
    assert event.summary == "Marked toggle 'a' as not stale."


@pytest.mark.parametrize(
    "fields",
    [{}, {"description": ""}, {"type": "release", "project": "default"}, {"stale": False}],
)
async def test_an_update_that_changes_nothing_is_no_event(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_toggle, name="a")

    after = await carry_out(store, update_toggle, "a", **fields)

    assert after is before
    assert store.snapshot.revision == before.revision
    assert len(await log(store)) == 1


@pytest.mark.parametrize(
    ("fields", "type"),
    [
        ({"description": None, "type": "release"}, EventType.TOGGLE_UPDATED),
        ({"stale": False}, EventType.TOGGLE_STALE_OFF),
        ({}, EventType.TOGGLE_UPDATED),
    ],
)
async def test_an_update_is_always_recorded_on_request(
    store: Store, fields: dict[str, Any], type: EventType
):
    before = await carry_out(store, create_toggle, name="a")

    after = await carry_out(store, update_toggle, "a", **fields, record_always=True)

    event = await last_event(store)
    assert after is before
    assert event.type is type
    assert (event.before, event.after) == (document(before), document(before))


async def test_rest_distinguishes_no_description_from_an_empty_one(store: Store):
    await carry_out(store, create_toggle, name="a")

    after = await carry_out(store, update_toggle, "a", description="", allow_unknown=True)

    assert after.description == ""


async def test_an_update_names_everything_unknown(store: Store):
    await carry_out(store, create_toggle, name="a")

    problems = await error_paths(
        store, update_toggle, "a", type="no", project="no", description="x" * 10_001
    )

    assert problems == [
        ("text-length", ("description",)),
        ("NOT_FOUND", ("type",)),
        ("NOT_FOUND", ("project",)),
    ]


async def test_rest_may_move_a_toggle_to_an_undeclared_project(store: Store):
    await carry_out(store, create_toggle, name="a")

    await carry_out(store, update_toggle, "a", project="payments", allow_unknown=True)

    assert not store.snapshot.projects["payments"].declared


async def test_an_update_of_another_revision_conflicts(store: Store):
    toggle = await carry_out(store, create_toggle, name="a")

    [error] = await refused(store, update_toggle, "a", stale=True, expected_revision=999)
    after = await carry_out(
        store, update_toggle, "a", stale=True, expected_revision=toggle.revision
    )

    assert isinstance(error, RevisionConflictError)
    assert (error.expected, error.actual, error.current) == (999, toggle.revision, toggle)
    assert error.path == ("expectedRevision",)
    assert after.stale


async def test_a_change_in_an_environment_moves_the_revision_of_the_toggle(store: Store):
    before = await carry_out(store, create_toggle, name="a")

    after = await carry_out(store, set_enabled, "a", enabled=True)

    assert after.revision > before.revision
    assert after.updated_at >= before.updated_at


@pytest.mark.parametrize("operation", [update_toggle, archive_toggle, revive_toggle, delete_toggle])
async def test_an_unknown_toggle_is_not_found(store: Store, operation: Any):
    [error] = await refused(store, operation, "no\x00thing" + "x" * 500)

    assert isinstance(error, NotFoundError)
    assert (error.kind, error.path) == ("toggle", ("name",))
    assert error.message.startswith("No toggle is named 'no<U+0000>thingxxx")
    assert len(error.message) < 120


# ------------------------------------------------------------------ archive, revive, delete


async def test_an_archived_toggle_keeps_its_configuration(store: Store):
    await carry_out(store, create_toggle, name="a", enabled=True)
    before = store.snapshot.toggles["a"]

    after = await carry_out(store, archive_toggle, "a")

    event = await last_event(store)
    assert after.archived_at == after.updated_at
    assert after.environments == before.environments
    assert store.snapshot.archived_toggles == (after,)
    assert store.snapshot.live_toggles == ()
    assert (event.type, event.summary) == (EventType.TOGGLE_ARCHIVED, "Archived toggle 'a'.")
    assert (event.before, event.after) == (document(before), document(after))


async def test_archiving_another_revision_conflicts(store: Store):
    await carry_out(store, create_toggle, name="a")

    problems = await error_paths(store, archive_toggle, "a", expected_revision=0)

    assert problems == [("REVISION_CONFLICT", ("expectedRevision",))]


@pytest.mark.parametrize(
    ("operation", "options"),
    [(archive_toggle, {}), (update_toggle, {"stale": True}), (set_enabled, {"enabled": True})],
)
async def test_an_archived_toggle_cannot_be_changed(
    store: Store, operation: Any, options: dict[str, Any]
):
    await carry_out(store, create_toggle, name="a")
    await carry_out(store, archive_toggle, "a")

    assert await error_paths(store, operation, "a", **options) == [("WRONG_STATE", ("name",))]


async def test_a_revived_toggle_is_off_everywhere(store: Store):
    await carry_out(store, create_environment, name="development")
    await carry_out(store, create_toggle, name="a", enabled=True)
    await carry_out(
        store, configure_toggle, "a", environment="development", variants=[Variant("v", 1000)]
    )
    archived = await carry_out(store, archive_toggle, "a")

    after = await carry_out(store, revive_toggle, "a")

    event = await last_event(store)
    assert not after.archived
    assert not any(environment.enabled for environment in after.environments.values())
    assert after.environments["default"].revision == after.revision
    assert after.environments["default"].strategies
    assert after.environments["development"] is archived.environments["development"]
    assert event.type is EventType.TOGGLE_REVIVED
    assert event.summary == "Revived toggle 'a'."
    assert (event.before, event.after) == (document(archived), document(after))


@pytest.mark.parametrize("operation", [revive_toggle, delete_toggle])
async def test_a_live_toggle_can_be_neither_revived_nor_deleted(store: Store, operation: Any):
    await carry_out(store, create_toggle, name="a")

    assert await error_paths(store, operation, "a") == [("WRONG_STATE", ("name",))]


async def test_a_deleted_toggle_is_gone_and_its_name_free(store: Store):
    first = await carry_out(store, create_toggle, name="a")
    archived = await carry_out(store, archive_toggle, "a")

    deleted = await carry_out(store, delete_toggle, "a")

    event = await last_event(store)
    assert deleted is archived
    assert "a" not in store.snapshot.toggles
    assert (event.type, event.summary) == (EventType.TOGGLE_DELETED, "Deleted toggle 'a'.")
    assert (event.before, event.after) == (document(archived), None)
    second = await carry_out(store, create_toggle, name="a")
    assert second.id != first.id


async def test_a_toggle_that_others_depend_on_cannot_be_deleted(store: Store):
    await carry_out(store, create_toggle, name="other")
    await carry_out(store, create_toggle, name="parent")
    for name in ("z", "b"):
        await carry_out(store, create_toggle, name=name)
        async with store.write(SYSTEM) as work:
            depend(work, name, "other", "parent")
    await carry_out(store, archive_toggle, "parent")

    [error] = await refused(store, delete_toggle, "parent")

    assert isinstance(error, InUseError)
    assert ([item.name for item in error.used_by], error.count) == (["b", "z"], 2)
    assert error.message == "Toggle 'parent' cannot be deleted: 2 toggles depend on it."
    assert error.path == ("name",)


def depend(work: UnitOfWork, name: str, *parents: str) -> None:
    before, dependencies = work.snapshot.toggles[name], tuple(map(Dependency, parents))
    after = structs.replace(before, dependencies=dependencies, revision=work.revision)
    work.put(after)
    work.record(EventType.TOGGLE_DEPENDENCIES_UPDATED, subject=after, summary=".")
