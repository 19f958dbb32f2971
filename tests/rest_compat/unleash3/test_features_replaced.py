"""Replacing toggles by PUT in the 3.x admin API."""

import asyncio
from typing import Any

import httpx
import pytest

from store import Store
from store.constraints.operators import compared_values
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import create_toggle
from store.values import Constraint
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash3.responses import newest_event, violations_in
from tests.rest_compat.unleash3.toggles import (
    DEFAULT,
    FEATURES,
    live_and_archived,
    make,
    read,
    stored,
)
from tests.store.operations.doing import carry_out, last_event, log

LEAST: dict[str, Any] = {"strategies": [{"name": "default"}]}


async def toggles(store: Store) -> None:
    """The toggle `full` with a value in every field, a plain toggle, and an archived toggle."""
    await live_and_archived(store)
    await make(
        admin_of(store),
        "full",
        description="About it.",
        type="odd",
        project="nowhere",
        enabled=True,
        stale=True,
        strategies=[{"name": "userWithId", "parameters": {"userIds": "1"}, "constraints": []}],
        variants=[{"name": "red", "weight": 1000}],
    )


pytestmark = begins_with(toggles)


@pytest.fixture
def full(store: Store) -> dict[str, Any]:
    """The document of the toggle `full`."""
    return stored(store, "full")


async def put(admin: httpx.AsyncClient, name: str, /, **body: Any) -> None:
    """Replace a toggle, and check that the answer is empty."""
    answer = await admin.put(f"{FEATURES}/{name}", json=body)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_everything_that_is_sent_is_taken_over(
    admin: httpx.AsyncClient, full: dict[str, Any]
) -> None:
    changes: dict[str, Any] = {
        "description": "Other.",
        "type": "experiment",
        "project": "default",
        "enabled": False,
        "stale": False,
        "strategies": [{"name": "default", "parameters": {}}],
        "variants": [],
    }

    await put(admin, "full", **changes)

    assert await read(admin, "full") == full | changes


async def test_what_is_left_out_goes_back_to_its_default_but_for_the_description(
    admin: httpx.AsyncClient, full: dict[str, Any]
) -> None:
    await put(admin, "full", **LEAST)

    assert await read(admin, "full") == full | LEAST | {
        "type": "release",
        "project": "default",
        "enabled": False,
        "stale": False,
        "variants": None,
    }


@pytest.mark.parametrize("description", [None, ""])
async def test_a_description_is_taken_away_by_sending_none(
    admin: httpx.AsyncClient, description: str | None
) -> None:
    await put(admin, "full", **LEAST, description=description)

    assert (await read(admin, "full"))["description"] == description


@pytest.mark.parametrize("name", ["aa", "not ok", "", 5, None])
async def test_the_name_in_the_path_wins(store: Store, admin: httpx.AsyncClient, name: Any) -> None:
    other = store.snapshot.toggles["aa"]

    await put(admin, "full", **LEAST, name=name, description="Other.")

    assert (await read(admin, "full"))["description"] == "Other."
    assert store.snapshot.toggles["aa"] is other


async def test_a_replacement_is_one_event_that_shows_the_raw_body_and_the_name(
    store: Store, admin: httpx.AsyncClient, full: dict[str, Any]
) -> None:
    events = len(await log(store))
    body = {"name": "bb", "enabled": "true", "colour": ["red"], "strategies": DEFAULT}

    await put(admin, "full", **body)

    assert await newest_event(store) == ("feature-updated", body | {"name": "full"})
    assert len(await log(store)) == events + 1
    event = await last_event(store)
    assert (event.actor.name, event.toggle_name) == ("ada", "full")
    assert event.before["description"] == event.after["description"] == full["description"]


async def test_a_replacement_by_the_same_is_an_event_too(
    store: Store, admin: httpx.AsyncClient, full: dict[str, Any]
) -> None:
    before, events = store.snapshot.toggles["full"], len(await log(store))

    await put(admin, "full", **full)

    assert store.snapshot.toggles["full"] is before
    assert len(await log(store)) == events + 1
    assert (await newest_event(store))[0] == "feature-updated"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        *((name, LEAST) for name in ("nope", "archived", "x" * 5_000, "a%20b")),
        *(("archived", body) for body in ({}, {"strategies": 5})),
    ],
)
async def test_an_unknown_or_archived_toggle_is_404_before_the_body_is_looked_at(
    store: Store, admin: httpx.AsyncClient, name: str, body: dict[str, Any]
) -> None:
    before = store.snapshot

    answer = await admin.put(f"{FEATURES}/{name}", json=body)

    assert (answer.status_code, answer.content) == (404, b"")
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("body", "violation"),
    [
        ({}, ("strategies", "any.required")),
        ([], ("strategies", "any.required")),
        ("text", ("strategies", "any.required")),
        ({"strategies": "default"}, ("strategies", "array.base")),
        ({"strategies": []}, ("strategies", "array.min")),
        (LEAST | {"enabled": None}, ("enabled", "boolean.base")),
        (LEAST | {"variants": [{"name": "vv"}]}, ("variants[0].weight", "any.required")),
        (LEAST | {"project": "\u2028"}, ("project", "text-characters")),
    ],
)
async def test_a_flawed_body_changes_nothing(
    store: Store, admin: httpx.AsyncClient, body: Any, violation: tuple[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.put(f"{FEATURES}/aa", json=body)

    assert violations_in(answer) == [violation]
    assert store.snapshot is before


async def test_what_3x_has_no_words_for_survives_being_read_and_sent_back(
    store: Store, admin: httpx.AsyncClient
) -> None:
    segment = await carry_out(
        store, create_segment, name="s", constraints=[Constraint("userId", "IN", ("1",))]
    )
    await carry_out(store, create_environment, name="live")
    constraints = (
        Constraint("userId", "NOT_IN", ("1",), inverted=True),
        Constraint("age", "NUM_GT", value="5", values=()),
        Constraint("appName", "STR_CONTAINS", ("x",), case_insensitive=True),
        Constraint("appName", "IN", ()),
    )
    narrow = StrategySpec(
        name="default", title="Some", segments=(segment.id,), constraints=constraints
    )
    await carry_out(store, create_toggle, name="x", impression_data=True, strategies=[narrow])
    await carry_out(store, set_enabled, "x", environment="live", enabled=True)
    before = store.snapshot.toggles["x"]

    await put(admin, "x", **(await read(admin, "x") | {"stale": True}))

    after = store.snapshot.toggles["x"]
    assert after.stale
    assert after.impression_data
    assert after.environments["live"] is before.environments["live"]
    (unchanged,), (had,) = (item.environments["default"].strategies for item in (after, before))
    assert (unchanged.id, unchanged.title, unchanged.segments) == (had.id, "Some", (segment.id,))
    assert [compared_values(constraint) for constraint in unchanged.constraints or ()] == [
        ("1",),
        ("5",),
        ("x",),
        (),
    ]
    assert [bool(constraint.inverted) for constraint in unchanged.constraints or ()] == [
        True,
        False,
        False,
        False,
    ]
    assert [bool(constraint.case_insensitive) for constraint in unchanged.constraints or ()] == [
        False,
        False,
        True,
        False,
    ]


async def test_strategies_in_other_environments_are_not_touched(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(
        store,
        configure_toggle,
        "aa",
        environment="staging",
        enabled=True,
        strategies=[StrategySpec(name="default")],
    )
    before = store.snapshot.toggles["aa"].environments["staging"]

    await put(admin, "aa", **LEAST)

    assert store.snapshot.toggles["aa"].environments["staging"] is before


async def test_replacements_at_once_are_made_one_after_another(
    store: Store, admin: httpx.AsyncClient
) -> None:
    texts = [str(number) for number in range(10)]

    await asyncio.gather(*(put(admin, "aa", **LEAST, description=text) for text in texts))

    events = [item for item in await log(store) if item.wire_type == "feature-updated"]
    assert sorted(event.wire_data["description"] for event in events) == sorted(texts)
    assert (await read(admin, "aa"))["description"] == events[-1].wire_data["description"]
