"""Creating, changing and deleting projects."""

from typing import Any

import pytest

from store import Store
from store.errors import AlreadyExistsError, InUseError, RevisionConflictError
from store.events import EventType
from store.model import ApiTokenType
from store.operations.projects import create_project, delete_project, update_project
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused


async def test_a_new_project_is_titled_like_its_name(store: Store):
    project = await carry_out(store, create_project, name="payments")

    event = await last_event(store)
    assert store.snapshot.projects["payments"] is project
    assert (project.title, project.description) == ("payments", "")
    assert (project.declared, project.built_in) == (True, False)
    assert (project.created_at, project.revision) == (event.created_at, store.snapshot.revision)
    assert event.type is EventType.PROJECT_CREATED
    assert event.summary == "Created project 'payments'."
    assert (event.project, event.before, event.after) == ("payments", None, document(project))


async def test_a_title_that_is_given_counts(store: Store):
    project = await carry_out(
        store, create_project, name="payments", title="Größe 😀", description="All\nof it"
    )

    assert (project.title, project.description) == ("Größe 😀", "All\nof it")


async def test_creating_a_project_declares_what_only_toggles_named(store: Store):
    toggle = await carry_out(store, create_toggle, name="a", project="payments", allow_unknown=True)
    undeclared = store.snapshot.projects["payments"]

    project = await carry_out(store, create_project, name="payments", title="Payments")

    event = await last_event(store)
    assert store.snapshot.projects["payments"].declared
    assert store.snapshot.toggles["a"] is toggle
    assert event.type is EventType.PROJECT_CREATED
    assert (event.before, event.after) == (document(undeclared), document(project))


async def test_a_taken_name_is_refused_with_the_project_that_has_it(store: Store):
    [error] = await refused(store, create_project, name="default")

    assert isinstance(error, AlreadyExistsError)
    assert error.existing is store.snapshot.projects["default"]
    assert error.path == ("name",)


async def test_every_error_of_a_project_is_reported_at_once(store: Store):
    fields = {"title": "x" * 256, "description": "\x00"}
    expected = [("text-length", ("title",)), ("text-characters", ("description",))]

    created = await error_paths(store, create_project, name="..", **fields)
    updated = await error_paths(store, update_project, "default", **fields)

    assert created == [("name-reserved", ("name",)), *expected]
    assert updated == expected


@pytest.mark.parametrize("name", ["payments", "default"])
@pytest.mark.parametrize("fields", [{"title": "New"}, {"description": "New"}])
async def test_a_project_is_changed_in_the_fields_given(
    store: Store, name: str, fields: dict[str, Any]
):
    await carry_out(store, create_project, name="payments")
    before = store.snapshot.projects[name]

    after = await carry_out(store, update_project, name, **fields)

    event = await last_event(store)
    assert {field: getattr(after, field) for field in fields} == fields
    assert store.snapshot.projects[name] is after
    assert after.revision == store.snapshot.revision
    assert event.type is EventType.PROJECT_UPDATED
    assert event.summary == f"Changed project '{name}'."
    assert (event.before, event.after) == (document(before), document(after))


@pytest.mark.parametrize("fields", [{}, {"title": ""}, {"title": "p", "description": ""}])
async def test_an_update_that_changes_nothing_is_no_event(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_project, name="p")

    after = await carry_out(store, update_project, "p", **fields)

    assert after is before
    assert len(await log(store)) == 1


async def test_describing_an_undeclared_project_declares_it(store: Store):
    await carry_out(store, create_toggle, name="a", project="payments", allow_unknown=True)

    project = await carry_out(store, update_project, "payments", description="All of it")

    assert project.declared


async def test_an_update_of_another_revision_conflicts(store: Store):
    [error] = await refused(store, update_project, "default", title="x", expected_revision=99)

    assert isinstance(error, RevisionConflictError)
    assert error.current is store.snapshot.projects["default"]


@pytest.mark.parametrize("operation", [update_project, delete_project])
async def test_an_unknown_project_is_not_found(store: Store, operation: Any):
    assert await error_paths(store, operation, "no") == [("NOT_FOUND", ("name",))]


async def test_a_project_is_deleted(store: Store):
    project = await carry_out(store, create_project, name="payments")

    deleted = await carry_out(store, delete_project, "payments")

    event = await last_event(store)
    assert deleted is project
    assert set(store.snapshot.projects) == {"default"}
    assert event.type is EventType.PROJECT_DELETED
    assert event.summary == "Deleted project 'payments'."
    assert (event.project, event.before, event.after) == ("payments", document(project), None)


async def test_the_built_in_project_cannot_be_deleted(store: Store):
    assert await error_paths(store, delete_project, "default") == [("BUILT_IN", ("name",))]


async def test_a_project_in_use_cannot_be_deleted(store: Store):
    await carry_out(store, create_project, name="payments")
    for name in ("a", "b"):
        await carry_out(store, create_toggle, name=name, project="payments")
    await carry_out(store, archive_toggle, "a")
    await carry_out(
        store, create_token, name="shop", type=ApiTokenType.CLIENT, projects=["payments"]
    )

    [error] = await refused(store, delete_project, "payments")

    assert isinstance(error, InUseError)
    assert ([item.name for item in error.used_by], error.count) == (["b", "a", "shop"], 3)
    assert error.message == (
        "Project 'payments' cannot be deleted: 2 toggles and one API token use it."
    )
    assert error.path == ("name",)
