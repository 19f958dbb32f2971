"""Events contain the differences between two states of an object, and can be read by page."""

import pytest

from store import Store
from store.events import MAX_COMPARED, FieldChange, field_changes
from store.events_log import EventFilter, count_events, list_events
from store.model import SYSTEM
from store.paging import Window
from tests.store.test_write_path import describe, put_toggle


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [FieldChange("/a", "CHANGED", 1, 2)]),
        ({"a": 1}, {"a": True}, [FieldChange("/a", "CHANGED", 1, True)]),
        ({}, {"a": None}, [FieldChange("/a", "ADDED", None, None)]),
        ({"a": []}, {"a": ["x"]}, [FieldChange("/a/0", "ADDED", None, "x")]),
        ({"a": {"b": 1}}, {"a": {}}, [FieldChange("/a/b", "REMOVED", 1, None)]),
        ({"a/b": 1, "c~": 1}, {"a/b": 2, "c~": 1}, [FieldChange("/a~1b", "CHANGED", 1, 2)]),
        (None, {"name": "x"}, [FieldChange("/name", "ADDED", None, "x")]),
        ({"name": "x"}, None, [FieldChange("/name", "REMOVED", "x", None)]),
        ({"a": []}, {"a": {}}, [FieldChange("/a", "CHANGED", [], {})]),
        ({"revision": 1, "updatedAt": "x"}, {"revision": 2, "updatedAt": "y"}, []),
        (
            {"environments": {"default": {"revision": 1, "updatedAt": "x"}}},
            {"environments": {"default": {"revision": 2, "updatedAt": "y"}}},
            [],
        ),
        (
            {"environments": {"revision": {"enabled": False}}},
            {"environments": {"revision": {"enabled": True}}},
            [FieldChange("/environments/revision/enabled", "CHANGED", False, True)],
        ),
        (
            {"environments": {"a": {"strategies": [{"parameters": {"revision": "1"}}]}}},
            {"environments": {"a": {"strategies": [{"parameters": {"revision": "2"}}]}}},
            [FieldChange("/environments/a/strategies/0/parameters/revision", "CHANGED", "1", "2")],
        ),
    ],
)
def test_field_changes(before: object, after: object, changes: list[FieldChange]):
    assert field_changes(before, after) == changes


def test_a_long_list_is_reported_as_a_whole():
    short, long = ["x"] * MAX_COMPARED, ["x"] * (MAX_COMPARED + 1)

    assert field_changes({"a": short}, {"a": long}) == [FieldChange("/a", "CHANGED", short, long)]
    assert field_changes({"a": long}, {"a": long}) == []


def test_an_object_with_many_changes_is_reported_as_a_whole():
    before: dict[str, object] = {str(number): number for number in range(MAX_COMPARED + 1)}
    after = dict.fromkeys(before)

    assert field_changes({"a": before, "b": 1}, {"a": after, "b": 2}) == [
        FieldChange("/a", "CHANGED", before, after),
        FieldChange("/b", "CHANGED", 1, 2),
    ]
    # An object's events always contain all its fields.
    assert len(field_changes(before, after)) == len(before)


async def put_five(store: Store) -> None:
    """Create five events, of the toggles `t0` to `t4`."""
    async with store.write(SYSTEM) as work:
        for index in range(5):
            put_toggle(work, f"t{index}")


async def test_the_log_is_paged_newest_first_both_ways(store: Store):
    await put_five(store)

    async with store.read() as session:
        first = await list_events(session, EventFilter(), Window(2))
        cursor = (first.items[-1].number,)
        second = await list_events(session, EventFilter(), Window(2, after=cursor))
        back = await list_events(
            session,
            EventFilter(),
            Window(2, before=(second.items[0].number,), from_end=True),
        )

    assert [event.subject_name for event in first.items] == ["t4", "t3"]
    assert [event.subject_name for event in second.items] == ["t2", "t1"]
    assert [event.subject_name for event in back.items] == ["t4", "t3"]
    assert (first.has_previous, first.has_next, second.has_previous) == (False, True, True)


async def test_a_page_that_ends_at_a_cursor_has_something_beyond_it(store: Store):
    await put_five(store)

    async with store.read() as session:
        numbers = [
            item.number for item in (await list_events(session, EventFilter(), Window(5))).items
        ]
        start = await list_events(session, EventFilter(), Window(5, before=(numbers[2],)))
        end = await list_events(
            session, EventFilter(), Window(5, after=(numbers[2],), from_end=True)
        )

    assert [item.number for item in start.items] == numbers[:2]
    assert (start.has_previous, start.has_next) == (False, True)
    assert [item.number for item in end.items] == numbers[3:]
    assert (end.has_previous, end.has_next) == (True, False)


async def test_search_takes_wildcards_literally(store: Store):
    async with store.write(SYSTEM) as work:
        put_toggle(work, "a_b")
        put_toggle(work, "aXb")

    async with store.read() as session:
        found = await list_events(session, EventFilter(search="A_B"), Window(9))

    assert [event.subject_name for event in found.items] == ["a_b"]


async def test_documents_hold_the_whole_object_before_and_after(store: Store):
    async with store.write(SYSTEM) as work:
        toggle = put_toggle(work, "one")
    async with store.write(SYSTEM) as work:
        describe(work, toggle, "new")

    async with store.read() as session:
        event = (await list_events(session, EventFilter(toggles=["one"]), Window(1))).items[0]
        bare = (
            await list_events(session, EventFilter(toggles=["one"]), Window(1), documents=False)
        ).items[0]
        count = await count_events(session, EventFilter(toggles=["one"]))

    assert event.before["description"] is None
    assert event.after["description"] == "new"
    assert event.after["environments"]["default"]["strategies"][0]["name"] == "default"
    assert (bare.before, bare.after) == (None, None)
    assert count == 2
