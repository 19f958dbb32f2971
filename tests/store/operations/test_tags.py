"""Creating and deleting tags, adding them to toggles and removing them."""

from typing import Any

import pytest

from store import Store
from store.events import EventType
from store.operations.tags import change_tags, create_tag, delete_tag
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Tag
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused

A, B, C = (Tag("simple", value) for value in "abc")


async def furnish(store: Store) -> None:
    """Create a toggle that carries the tag `a`."""
    await carry_out(store, create_toggle, name="t", tags=[A])


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the toggle of `furnish`."""
    return filled(beginning, furnish)


@pytest.mark.parametrize(
    ("changes", "tags", "type", "summary"),
    [
        (
            {"add": [B]},
            (A, B),
            EventType.TOGGLE_TAGGED,
            "Put the tag 'simple:b' on toggle 't'.",
        ),
        (
            {"add": [C, B, C, A]},
            (A, B, C),
            EventType.TOGGLE_TAGGED,
            "Put the tags 'simple:b' and 'simple:c' on toggle 't'.",
        ),
        (
            {"remove": [A, A]},
            (),
            EventType.TOGGLE_UNTAGGED,
            "Took the tag 'simple:a' off toggle 't'.",
        ),
        (
            {"add": [B], "remove": [A]},
            (B,),
            EventType.TOGGLE_TAGGED,
            "Changed the tags of toggle 't': the tag 'simple:b' on, the tag 'simple:a' off.",
        ),
        (
            {"add": [Tag("simple", str(number)) for number in range(4)], "remove": [A]},
            tuple(Tag("simple", str(number)) for number in range(4)),
            EventType.TOGGLE_TAGGED,
            "Changed the tags of toggle 't': 4 tags on, the tag 'simple:a' off.",
        ),
    ],
)
async def test_tags_are_put_on_and_taken_off(
    store: Store, changes: dict[str, Any], tags: tuple[Tag, ...], type: EventType, summary: str
):
    before, events = store.snapshot.toggles["t"], len(await log(store))

    after = await carry_out(store, change_tags, "t", **changes)

    event = await last_event(store)
    assert after.tags == tags
    assert after.revision == store.snapshot.revision
    assert after.updated_at == event.created_at
    assert {("simple", "a"), *((tag.type, tag.value) for tag in tags)} == set(store.snapshot.tags)
    assert len(await log(store)) == events + 1
    assert (event.type, event.summary) == (type, summary)
    assert (event.before, event.after) == (document(before), document(after))


@pytest.mark.parametrize("changes", [{}, {"add": [A]}])
async def test_a_change_of_nothing_is_no_event(store: Store, changes: dict[str, Any]):
    before, events = store.snapshot, len(await log(store))

    after = await carry_out(store, change_tags, "t", **changes)

    assert after is before.toggles["t"]
    assert store.snapshot is before
    assert len(await log(store)) == events


async def test_every_error_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        change_tags,
        "t",
        add=[Tag("no", "x"), Tag("simple", ""), Tag("simple", "x" * 51), B],
        remove=[C, B, A],
    )

    assert problems == [
        ("NOT_FOUND", ("add", "0", "type")),
        ("text-length", ("add", "1", "value")),
        ("text-length", ("add", "2", "value")),
        ("NOT_FOUND", ("remove", "0")),
        ("tags-contradictory", ("remove", "1")),
    ]


async def test_a_tag_that_is_not_there_is_named(store: Store):
    [error] = await refused(store, change_tags, "t", remove=[Tag("simple", "gone")])

    assert error.message == "No tag is named 'simple:gone'."


async def test_a_toggle_carries_at_most_500_tags(store: Store):
    many = [Tag("simple", str(number)) for number in range(500)]

    assert await error_paths(store, change_tags, "t", add=many) == [("LIMIT_EXCEEDED", ("add",))]
    after = await carry_out(store, change_tags, "t", add=many, remove=[A])

    assert len(after.tags) == 500


async def test_at_most_500_tags_are_put_on_or_taken_off_at_once(store: Store):
    for name in ("add", "remove"):
        limit = [("LIMIT_EXCEEDED", (name,))]
        assert await error_paths(store, change_tags, "t", **{name: [A] * 501}) == limit
    await carry_out(store, change_tags, "t", add=[A] * 500)
    after = await carry_out(store, change_tags, "t", remove=[A] * 500)

    assert after.tags == ()


async def test_only_live_toggles_are_tagged(store: Store):
    await carry_out(store, archive_toggle, "t")

    assert await error_paths(store, change_tags, "t", add=[B]) == [("WRONG_STATE", ("name",))]
    assert await error_paths(store, change_tags, "no", add=[B]) == [("NOT_FOUND", ("name",))]


async def test_a_tag_can_stand_free(store: Store):
    await carry_out(store, create_tag, B)

    event = await last_event(store)
    assert [*store.snapshot.tags] == [("simple", "a"), ("simple", "b")]
    assert (event.type, event.summary) == (EventType.TAG_CREATED, "Created tag 'simple:b'.")
    assert (event.before, event.after) == (None, document(B))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (A, ("ALREADY_EXISTS", ("value",))),
        (Tag("no", "x"), ("NOT_FOUND", ("type",))),
        (Tag("simple", ""), ("text-length", ("value",))),
        (Tag("simple", "x" * 51), ("text-length", ("value",))),
        (Tag("simple", "a\nb"), ("text-characters", ("value",))),
    ],
)
async def test_a_tag_against_the_rules_is_refused(
    store: Store, tag: Tag, expected: tuple[str, tuple[str, ...]]
):
    assert await error_paths(store, create_tag, tag) == [expected]


async def test_a_tag_is_deleted_from_all_toggles_first(store: Store):
    await carry_out(store, create_toggle, name="old", tags=[A, B])
    await carry_out(store, archive_toggle, "old")
    before, events = store.snapshot.toggles["old"], len(await log(store))

    await carry_out(store, delete_tag, A)

    toggles = store.snapshot.toggles
    assert [*store.snapshot.tags] == [("simple", "b")]
    assert (toggles["t"].tags, toggles["old"].tags) == ((), (B,))
    assert toggles["t"].revision == toggles["old"].revision == store.snapshot.revision
    first, second, last = (await log(store))[events:]
    assert [(item.type, item.summary) for item in (first, second, last)] == [
        (EventType.TOGGLE_UNTAGGED, "Took the tag 'simple:a' off toggle 't'."),
        (EventType.TOGGLE_UNTAGGED, "Took the tag 'simple:a' off toggle 'old'."),
        (EventType.TAG_DELETED, "Deleted tag 'simple:a'."),
    ]
    assert (second.before, second.after) == (document(before), document(toggles["old"]))
    assert (last.before, last.after) == (document(A), None)


async def test_an_unknown_tag_is_not_deleted(store: Store):
    [error] = await refused(store, delete_tag, C)

    assert (error.message, error.path) == ("No tag is named 'simple:c'.", ())
