"""Replacing a toggle's fields and its configuration in one environment as one change."""

from typing import Any

import pytest
from msgspec import UNSET

from store import Store
from store.events import EventType
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.replacing import replace_toggle
from store.operations.segments import create_segment
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Constraint, Tag, Variant
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log

WHOLE: dict[str, Any] = {
    "type": "release",
    "project": "default",
    "stale": False,
    "enabled": False,
    "strategies": [StrategySpec(name="default")],
    "variants": UNSET,
}


async def furnish(store: Store) -> None:
    """Create the toggle `a`, which has a value in every field."""
    await carry_out(store, create_environment, name="development")
    await carry_out(
        store,
        create_toggle,
        name="a",
        description="About a.",
        type="experiment",
        impression_data=True,
        stale=True,
        tags=[Tag("simple", "red")],
        enabled=True,
        strategies=[StrategySpec(name="userWithId", parameters={"userIds": "1"})],
        variants=[Variant("red", 1000)],
    )
    await carry_out(store, set_enabled, "a", environment="development", enabled=True)


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the toggle of `furnish`."""
    return filled(beginning, furnish)


async def test_all_fields_are_replaced_in_one_event(store: Store):
    before = store.snapshot.toggles["a"]
    events = len(await log(store))

    after = await carry_out(
        store,
        replace_toggle,
        "a",
        description="Other.",
        type="operational",
        project="default",
        stale=False,
        enabled=False,
        strategies=[StrategySpec(name="default", parameters={})],
        variants=[Variant("blue", 1, "fix")],
        allow_unknown=True,
    )

    assert (after.description, after.type, after.stale) == ("Other.", "operational", False)
    configured = after.environments["default"]
    assert not configured.enabled
    assert [(strategy.name, strategy.parameters) for strategy in configured.strategies] == [
        ("default", {})
    ]
    assert configured.variants == (Variant("blue", 1, "fix"),)
    assert after.revision == configured.revision == store.snapshot.revision
    assert store.snapshot.toggles["a"] == after
    assert len(await log(store)) == events + 1
    event = await last_event(store)
    assert (event.type, event.environment) == (EventType.TOGGLE_UPDATED, "default")
    assert event.summary == "Replaced the settings of toggle 'a' and its configuration in default."
    assert (event.before, event.after) == (document(before), document(after))


async def test_what_a_writer_of_the_whole_toggle_does_not_know_of_stays(store: Store):
    before = store.snapshot.toggles["a"]

    after = await carry_out(store, replace_toggle, "a", **WHOLE)

    assert after.description == "About a."
    assert (after.impression_data, after.tags) == (True, before.tags)
    assert after.environments["development"] is before.environments["development"]
    assert (after.id, after.created_at) == (before.id, before.created_at)


@pytest.mark.parametrize("description", [None, ""])
async def test_a_description_is_taken_away_only_if_that_is_said(
    store: Store, description: str | None
):
    options: dict[str, Any] = WHOLE | {"description": description, "allow_unknown": True}

    after = await carry_out(store, replace_toggle, "a", **options)

    assert after.description == description


@pytest.mark.parametrize("variants", [UNSET, None, []])
async def test_missing_variants_stay_missing(store: Store, variants: Any):
    options: dict[str, Any] = WHOLE | {"variants": variants, "allow_unknown": True}

    after = await carry_out(store, replace_toggle, "a", **options)

    stored = after.environments["default"].variants
    assert stored == (() if variants == [] else variants)


async def test_a_strategy_that_keeps_its_name_keeps_what_the_client_does_not_know(store: Store):
    segment = await carry_out(
        store, create_segment, name="s", constraints=[Constraint("userId", "IN", ("1",))]
    )
    narrow = StrategySpec(name="default", title="Some", segments=(segment.id,))
    off = StrategySpec(name="default", disabled=True, variants=(Variant("v", 1000),))
    await carry_out(store, configure_toggle, "a", strategies=[narrow, off])
    specs = [
        StrategySpec(name="userWithId"),
        StrategySpec(name="default"),
        StrategySpec(name="default", parameters={"a": "1"}),
        StrategySpec(name="default", parameters={"a": "2"}),
    ]
    options: dict[str, Any] = WHOLE | {"strategies": specs}

    after = await carry_out(store, replace_toggle, "a", **options)

    strategies = after.environments["default"].strategies
    assert [
        (strategy.name, strategy.title, strategy.segments, strategy.disabled, strategy.variants)
        for strategy in strategies
    ] == [
        ("userWithId", "", (), False, UNSET),
        ("default", "Some", (segment.id,), False, UNSET),
        ("default", "", (), True, (Variant("v", 1000),)),
        ("default", "", (), False, UNSET),
    ]
    assert strategies[2].parameters == {"a": "1"}


async def test_of_two_strategies_of_one_name_the_one_that_stays_keeps_its_own(store: Store):
    segment = await carry_out(store, create_segment, name="beta")
    first = StrategySpec(name="userWithId", parameters={"userIds": "1"}, segments=(segment.id,))
    second = StrategySpec(name="userWithId", parameters={"userIds": "2"})
    await carry_out(store, configure_toggle, "a", strategies=[first, second])

    options: dict[str, Any] = WHOLE | {"strategies": [second]}

    after = await carry_out(store, replace_toggle, "a", **options)

    (strategy,) = after.in_environment("default").strategies
    assert strategy.parameters == {"userIds": "2"}
    assert strategy.segments == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"parameters": {"userIds": "1"}}, {"parameters": {"userIds": "2"}}),
        (
            {"constraints": (Constraint("userId", "IN", ("1",)),)},
            {"constraints": (Constraint("userId", "IN", ("2",)),)},
        ),
    ],
)
async def test_strategies_of_one_name_that_change_positions_keep_their_own(
    store: Store, first: dict[str, Any], second: dict[str, Any]
):
    segment = await carry_out(store, create_segment, name="beta")
    narrow = StrategySpec(name="userWithId", title="Some", segments=(segment.id,), **first)
    wide = StrategySpec(name="userWithId", **second)
    await carry_out(store, configure_toggle, "a", strategies=[narrow, wide])
    specs = [StrategySpec(name="userWithId", **item) for item in (second, first)]
    options: dict[str, Any] = WHOLE | {"strategies": specs}

    after = await carry_out(store, replace_toggle, "a", **options)

    strategies = after.in_environment("default").strategies
    assert [(strategy.title, strategy.segments) for strategy in strategies] == [
        ("", ()),
        ("Some", (segment.id,)),
    ]


async def test_an_environment_without_a_configuration_gets_one(store: Store):
    await carry_out(store, create_environment, name="staging")

    after = await carry_out(store, replace_toggle, "a", environment="staging", **WHOLE)

    assert [strategy.name for strategy in after.environments["staging"].strategies] == ["default"]


@pytest.mark.parametrize("record_always", [False, True])
async def test_a_replacement_by_the_same_is_an_event_only_on_demand(
    store: Store, record_always: bool
):
    await carry_out(store, replace_toggle, "a", **WHOLE)
    before, events = store.snapshot.toggles["a"], len(await log(store))

    after = await carry_out(store, replace_toggle, "a", record_always=record_always, **WHOLE)

    assert after is before
    assert len(await log(store)) == events + record_always


async def test_other_fields_alone_leave_the_configuration_unchanged(store: Store):
    await carry_out(store, replace_toggle, "a", **WHOLE)
    before = store.snapshot.toggles["a"].environments["default"]
    options: dict[str, Any] = WHOLE | {"stale": True}

    after = await carry_out(store, replace_toggle, "a", **options)

    assert after.stale
    assert after.environments["default"] is before


async def test_unknown_types_and_projects_are_declared_if_they_are_let_in(store: Store):
    options: dict[str, Any] = WHOLE | {"type": "odd", "project": "nowhere", "allow_unknown": True}

    after = await carry_out(store, replace_toggle, "a", **options)

    assert (after.type, after.project) == ("odd", "nowhere")
    assert not store.snapshot.toggle_types["odd"].declared
    assert not store.snapshot.projects["nowhere"].declared


async def test_every_error_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        replace_toggle,
        "a",
        type="odd",
        project="nowhere",
        stale=False,
        description="\0",
        environment="no",
        enabled=True,
        strategies=[StrategySpec(name="no")],
        variants=[Variant("v", -1)],
    )

    assert problems == [
        ("text-characters", ("description",)),
        ("NOT_FOUND", ("type",)),
        ("NOT_FOUND", ("project",)),
        ("NOT_FOUND", ("environment",)),
        ("NOT_FOUND", ("strategies", "0", "name")),
        ("weight-range", ("variants", "0", "weight")),
    ]


async def test_only_live_toggles_are_replaced(store: Store):
    await carry_out(store, archive_toggle, "a")

    assert await error_paths(store, replace_toggle, "a", **WHOLE) == [("WRONG_STATE", ("name",))]
    assert await error_paths(store, replace_toggle, "b", **WHOLE) == [("NOT_FOUND", ("name",))]
