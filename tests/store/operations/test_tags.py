"""Putting tags on toggles and taking them off."""

from typing import Any

import pytest

from store import Store
from store.events import EventType
from store.operations.tags import change_tags
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Tag
from tests.store.operations.doing import carry_out, document, last_event, log, places, refused

A, B, C = (Tag("simple", value) for value in "abc")


@pytest.fixture
async def store(store: Store) -> Store:
    """A store with a toggle that carries the tag `a`."""
    await carry_out(store, create_toggle, name="t", tags=[A])
    return store


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
            "Put the tag 'simple:b' on and took the tag 'simple:a' off toggle 't'.",
        ),
        (
            {"add": [Tag("simple", str(number)) for number in range(4)], "remove": [A]},
            tuple(Tag("simple", str(number)) for number in range(4)),
            EventType.TOGGLE_TAGGED,
            "Put 4 tags on and took the tag 'simple:a' off toggle 't'.",
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
    assert {("simple", "a"), *((it.type, it.value) for it in tags)} == set(store.snapshot.tags)
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


async def test_every_error_is_told_at_once(store: Store):
    problems = await places(
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

    assert await places(store, change_tags, "t", add=many) == [("LIMIT_EXCEEDED", ("add",))]
    after = await carry_out(store, change_tags, "t", add=many, remove=[A])

    assert len(after.tags) == 500


async def test_only_live_toggles_are_tagged(store: Store):
    await carry_out(store, archive_toggle, "t")

    assert await places(store, change_tags, "t", add=[B]) == [("WRONG_STATE", ("name",))]
    assert await places(store, change_tags, "no", add=[B]) == [("NOT_FOUND", ("name",))]
