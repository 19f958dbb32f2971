"""Defining, changing and deleting tag types."""

from typing import Any

import pytest

from store import Store
from store.errors import AlreadyExistsError, InUseError, RevisionConflictError
from store.events import EventType
from store.operations.tag_types import create_tag_type, delete_tag_type, update_tag_type
from store.operations.tags import change_tags
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Tag
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused


async def test_a_new_tag_type_is_stored(store: Store):
    tag_type = await carry_out(
        store, create_tag_type, name="squad", description="Who", icon="S", color="#00fF7f"
    )

    event = await last_event(store)
    assert store.snapshot.tag_types["squad"] is tag_type
    assert (tag_type.description, tag_type.icon, tag_type.color) == ("Who", "S", "#00fF7f")
    assert (tag_type.created_at, tag_type.revision) == (event.created_at, store.snapshot.revision)
    assert event.type is EventType.TAG_TYPE_CREATED
    assert event.summary == "Defined tag type 'squad'."
    assert (event.before, event.after) == (None, document(tag_type))


async def test_every_error_of_a_tag_type_is_reported_at_once(store: Store):
    fields = {"description": "\x00", "icon": "x" * 101, "color": "red"}
    expected = [
        ("text-characters", ("description",)),
        ("text-length", ("icon",)),
        ("color-format", ("color",)),
    ]

    created = await error_paths(store, create_tag_type, name="two words", **fields)
    updated = await error_paths(store, update_tag_type, "simple", **fields)

    assert created == [("name-pattern", ("name",)), *expected]
    assert updated == expected


@pytest.mark.parametrize("color", ["#fff", "00ff7f", "#00ff7g", "#00ff7f\n", "#00ff7f00"])
async def test_a_colour_is_a_hex_triplet(store: Store, color: str):
    assert await error_paths(store, create_tag_type, name="squad", color=color) == [
        ("color-format", ("color",))
    ]


async def test_a_taken_name_is_refused_with_the_tag_type_that_has_it(store: Store):
    [error] = await refused(store, create_tag_type, name="simple")

    assert isinstance(error, AlreadyExistsError)
    assert error.existing is store.snapshot.tag_types["simple"]
    assert error.path == ("name",)


@pytest.mark.parametrize(
    "fields", [{"description": "new"}, {"icon": None}, {"color": "#000000"}, {"color": None}]
)
async def test_a_tag_type_is_changed_in_the_fields_given(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_tag_type, name="squad", icon="S", color="#ffffff")

    after = await carry_out(store, update_tag_type, "squad", **fields)

    event = await last_event(store)
    assert {field: getattr(after, field) for field in fields} == fields
    assert store.snapshot.tag_types["squad"] is after
    assert after.revision == store.snapshot.revision
    assert event.type is EventType.TAG_TYPE_UPDATED
    assert event.summary == "Changed tag type 'squad'."
    assert (event.before, event.after) == (document(before), document(after))


@pytest.mark.parametrize("fields", [{}, {"description": ""}, {"icon": None, "color": ""}])
async def test_an_update_that_changes_nothing_is_no_event(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_tag_type, name="squad")

    after = await carry_out(store, update_tag_type, "squad", **fields)

    assert after is before
    assert len(await log(store)) == 1


async def test_an_update_is_always_recorded_on_request(store: Store):
    before = await carry_out(store, create_tag_type, name="squad", icon="S")

    after = await carry_out(store, update_tag_type, "squad", icon="S", record_always=True)

    event = await last_event(store)
    assert after is before
    assert event.type is EventType.TAG_TYPE_UPDATED
    assert event.before == event.after == document(before)


async def test_what_is_always_recorded_distinguishes_missing_from_empty(store: Store):
    await carry_out(store, create_tag_type, name="squad")

    after = await carry_out(store, update_tag_type, "squad", icon="", record_always=True)

    assert (after.icon, after.description) == ("", None)


async def test_an_update_of_another_revision_conflicts(store: Store):
    [error] = await refused(store, update_tag_type, "simple", icon="x", expected_revision=99)

    assert isinstance(error, RevisionConflictError)
    assert error.current is store.snapshot.tag_types["simple"]


@pytest.mark.parametrize("operation", [update_tag_type, delete_tag_type])
async def test_an_unknown_tag_type_is_not_found(store: Store, operation: Any):
    assert await error_paths(store, operation, "no") == [("NOT_FOUND", ("name",))]


async def test_a_tag_type_is_deleted_with_the_tags_that_stand_free(store: Store):
    tag_type = await carry_out(store, create_tag_type, name="squad")
    free = Tag("squad", "free")
    await carry_out(store, create_toggle, name="a", tags=[free, Tag("simple", "other")])
    await carry_out(store, change_tags, "a", remove=[free])
    known = set(store.snapshot.tags)

    deleted = await carry_out(store, delete_tag_type, "squad")

    event = await last_event(store)
    assert deleted is tag_type
    assert set(store.snapshot.tag_types) == {"simple"}
    assert (known, set(store.snapshot.tags)) == (
        {("squad", "free"), ("simple", "other")},
        {("simple", "other")},
    )
    assert event.type is EventType.TAG_TYPE_DELETED
    assert event.summary == "Deleted tag type 'squad'."
    assert (event.before, event.after) == (document(tag_type), None)


async def test_a_tag_type_that_toggles_carry_cannot_be_deleted(store: Store):
    await carry_out(store, create_tag_type, name="squad")
    for name in ("a", "b"):
        tags = [Tag("simple", name), Tag("squad", name)]
        await carry_out(store, create_toggle, name=name, tags=tags)
    await carry_out(store, archive_toggle, "a")

    [error] = await refused(store, delete_tag_type, "squad")

    assert isinstance(error, InUseError)
    assert ([item.name for item in error.used_by], error.count) == (["b", "a"], 2)
    assert error.message == "Tag type 'squad' cannot be deleted: 2 toggles use it."
    assert error.path == ("name",)
