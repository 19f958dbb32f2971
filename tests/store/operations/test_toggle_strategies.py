"""Adding, changing, moving and removing single strategies of a toggle."""

from typing import Any

import pytest
from msgspec import UNSET

from store import Store
from store.errors import NotFoundError
from store.events import EventType, SubjectKind
from store.model import ToggleStrategy
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggle_environments import (
    add_toggle_strategy,
    configure_toggle,
    remove_toggle_strategy,
    update_toggle_strategy,
)
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Constraint, Variant
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log

USERS = StrategySpec(name="userWithId", parameters={"userIds": "7,8"})


def strategies_of(store: Store) -> tuple[ToggleStrategy, ...]:
    return store.snapshot.toggles["a"].environments["default"].strategies


def key_of(strategy: ToggleStrategy) -> dict[str, Any]:
    return {
        "toggle_id": strategy.toggle_id,
        "environment": strategy.environment,
        "strategy_id": strategy.id,
    }


async def furnish(store: Store) -> None:
    """Create the toggle `a`, whose strategies are titled one, two and three."""
    await carry_out(
        store,
        create_toggle,
        name="a",
        strategies=[StrategySpec(name="default", title=item) for item in ("one", "two", "three")],
    )


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the toggle of `furnish`."""
    return filled(beginning, furnish)


# ------------------------------------------------------------------ add


async def test_a_strategy_is_added_at_the_end(store: Store):
    before = store.snapshot.toggles["a"]

    toggle, strategy = await carry_out(store, add_toggle_strategy, "a", strategy=USERS)

    event = await last_event(store)
    assert strategies_of(store) == (*before.environments["default"].strategies, strategy)
    assert (strategy.name, strategy.sort_order) == ("userWithId", 3)
    assert strategy.parameters == {"userIds": "7,8"}
    assert event.type is EventType.TOGGLE_STRATEGY_ADDED
    assert event.summary == "Added strategy 'Users by ID' to toggle 'a' in default."
    assert (event.environment, event.subject_kind) == ("default", SubjectKind.TOGGLE)
    assert (event.before, event.after) == (document(before), document(toggle))


async def test_a_strategy_is_added_at_a_position(store: Store):
    _, strategy = await carry_out(store, add_toggle_strategy, "a", strategy=USERS, position=1)

    assert [item.title for item in strategies_of(store)] == ["one", "", "two", "three"]
    assert [item.sort_order for item in strategies_of(store)] == [0, 1, 2, 3]
    assert strategies_of(store)[1] is strategy


@pytest.mark.parametrize("position", [-1, 4])
async def test_a_position_out_of_range_is_refused(store: Store, position: int):
    problems = await error_paths(store, add_toggle_strategy, "a", strategy=USERS, position=position)

    assert problems == [("position-range", ("position",))]


async def test_every_error_of_an_added_strategy_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        add_toggle_strategy,
        "a",
        environment="no",
        strategy=StrategySpec(
            name="no",
            title="x" * 256,
            constraints=(Constraint("a", "IS"),),
            variants=(Variant("", 1),),
        ),
        expected_revision=99,
    )

    assert problems == [
        ("NOT_FOUND", ("environment",)),
        ("REVISION_CONFLICT", ("expectedRevision",)),
        ("NOT_FOUND", ("strategy", "name")),
        ("text-length", ("strategy", "title")),
        ("constraint-operator", ("strategy", "constraints", "0", "operator")),
        ("name-length", ("strategy", "variants", "0", "name")),
    ]


async def test_the_toggle_to_add_to_has_to_be_there_and_live(store: Store):
    unknown = await error_paths(store, add_toggle_strategy, "no", strategy=USERS)
    await carry_out(store, archive_toggle, "a")
    archived = await error_paths(store, add_toggle_strategy, "a", strategy=USERS)

    assert unknown == [("NOT_FOUND", ("toggle",))]
    assert archived == [("WRONG_STATE", ("toggle",))]


async def test_a_toggle_has_at_most_500_strategies_in_an_environment(store: Store):
    await carry_out(store, configure_toggle, "a", strategies=[StrategySpec(name="default")] * 500)

    problems = await error_paths(store, add_toggle_strategy, "a", strategy=USERS)

    assert problems == [("LIMIT_EXCEEDED", ("strategy",))]


async def test_segments_have_to_be_there_and_count_once(store: Store):
    segment = await carry_out(store, create_segment, name="beta")
    twice = StrategySpec(name="default", segments=(segment.id, segment.id))
    _, strategy = await carry_out(store, add_toggle_strategy, "a", strategy=twice)

    assert strategy.segments == (segment.id,)


# ------------------------------------------------------------------ update


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "other"},
        {"disabled": True},
        {"parameters": {"x": "y"}},
        {"constraints": (Constraint("a", "IN", ("b",)),)},
        {"variants": (Variant("v", 1000),)},
        {"title": "other", "position": 2},
    ],
)
async def test_a_strategy_is_changed_in_the_fields_given(store: Store, changes: dict[str, Any]):
    before, old = store.snapshot.toggles["a"], strategies_of(store)[1]

    toggle, strategy = await carry_out(store, update_toggle_strategy, **key_of(old), **changes)

    event = await last_event(store)
    position = changes.pop("position", 1)
    assert {field: getattr(strategy, field) for field in changes} == changes
    assert (strategy.id, strategy.sort_order) == (old.id, position)
    assert strategies_of(store)[position] is strategy
    assert strategies_of(store)[0] is before.environments["default"].strategies[0]
    assert event.type is EventType.TOGGLE_STRATEGY_UPDATED
    assert event.summary == "Changed strategy 'two' on toggle 'a' in default."
    assert (event.before, event.after) == (document(before), document(toggle))


@pytest.mark.parametrize(
    ("moved", "position", "titles"),
    [
        (0, 2, ["two", "three", "one"]),
        (2, 0, ["three", "one", "two"]),
        (0, 1, ["two", "one", "three"]),
    ],
)
async def test_moving_a_strategy_is_an_event_of_its_own(
    store: Store, moved: int, position: int, titles: list[str]
):
    old = strategies_of(store)[moved]

    _, strategy = await carry_out(
        store, update_toggle_strategy, **key_of(old), title=old.title, position=position
    )

    event = await last_event(store)
    assert [item.title for item in strategies_of(store)] == titles
    assert [item.sort_order for item in strategies_of(store)] == [0, 1, 2]
    assert strategies_of(store)[position] is strategy
    assert event.type is EventType.TOGGLE_STRATEGIES_REORDERED
    assert event.summary == f"Moved strategy '{old.title}' on toggle 'a' in default."


@pytest.mark.parametrize(
    "changes", [{}, {"title": "two", "disabled": False}, {"position": 1}, {"constraints": ()}]
)
async def test_a_strategy_that_is_so_already_is_no_event(store: Store, changes: dict[str, Any]):
    before, events = store.snapshot, len(await log(store))
    old = strategies_of(store)[1]

    toggle, strategy = await carry_out(store, update_toggle_strategy, **key_of(old), **changes)

    assert (toggle, strategy) == (before.toggles["a"], old)
    assert store.snapshot is before
    assert len(await log(store)) == events


async def test_what_rest_wrote_elsewhere_in_a_strategy_stays_unchanged(store: Store):
    odd = StrategySpec(
        name="mine", parameters={"n": 1}, constraints=(Constraint("a", "LIKE", ("b",)),)
    )
    _, old = await carry_out(store, add_toggle_strategy, "a", strategy=odd, allow_unknown=True)

    _, strategy = await carry_out(store, update_toggle_strategy, **key_of(old), title="Mine")

    assert strategy.parameters == {"n": 1}
    assert strategy.constraints == (Constraint("a", "LIKE", ("b",)),)
    assert strategy.variants is UNSET


async def test_a_strategy_becomes_another_under_its_id(store: Store):
    one, *others = strategies_of(store)

    toggle, strategy = await carry_out(
        store, update_toggle_strategy, **key_of(one), name="userWithId", parameters={"userIds": "7"}
    )

    event = await last_event(store)
    assert (strategy.id, strategy.name, strategy.title) == (one.id, "userWithId", "one")
    assert strategies_of(store) == (strategy, *others)
    assert event.type is EventType.TOGGLE_STRATEGY_UPDATED
    assert event.after == document(toggle)


async def test_a_strategy_becomes_no_undefined_one(store: Store):
    problems = await error_paths(
        store, update_toggle_strategy, **key_of(strategies_of(store)[0]), name="nosuch"
    )

    assert problems == [("NOT_FOUND", ("name",))]


async def test_every_error_of_a_changed_strategy_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        update_toggle_strategy,
        **key_of(strategies_of(store)[0]),
        title="a\x00",
        parameters={"a": 1},
        constraints=(Constraint("a", "DATE_AFTER", ("now",)),),
        segments=(9,),
        variants=(Variant("v", 1001),),
        position=3,
        expected_revision=99,
    )

    assert problems == [
        ("REVISION_CONFLICT", ("expectedRevision",)),
        ("text-characters", ("title",)),
        ("parameter-text", ("parameters", "0", "value")),
        ("constraint-date", ("constraints", "0", "values", "0")),
        ("NOT_FOUND", ("segments", "0")),
        ("weight-range", ("variants", "0", "weight")),
        ("position-range", ("position",)),
    ]


# ------------------------------------------------------------------ remove


async def test_a_removed_strategy_leaves_the_others_in_order(store: Store):
    before = store.snapshot.toggles["a"]

    toggle = await carry_out(store, remove_toggle_strategy, **key_of(strategies_of(store)[0]))

    event = await last_event(store)
    assert [(item.title, item.sort_order) for item in strategies_of(store)] == [
        ("two", 0),
        ("three", 1),
    ]
    assert event.type is EventType.TOGGLE_STRATEGY_REMOVED
    assert event.summary == "Removed strategy 'one' from toggle 'a' in default."
    assert (event.before, event.after) == (document(before), document(toggle))


async def test_removing_at_another_revision_conflicts(store: Store):
    problems = await error_paths(
        store, remove_toggle_strategy, **key_of(strategies_of(store)[0]), expected_revision=0
    )

    assert problems == [("REVISION_CONFLICT", ("expectedRevision",))]


async def test_a_strategy_that_is_not_there_is_not_found(store: Store):
    for operation in (update_toggle_strategy, remove_toggle_strategy):
        for unknown in ("toggle_id", "environment", "strategy_id"):
            key = key_of(strategies_of(store)[0]) | {unknown: "no"}

            assert await error_paths(store, operation, **key) == [(NotFoundError.code, ("id",))]


@pytest.mark.parametrize("operation", [update_toggle_strategy, remove_toggle_strategy])
async def test_strategies_of_an_archived_toggle_cannot_be_changed(store: Store, operation: Any):
    key = key_of(strategies_of(store)[0])
    await carry_out(store, archive_toggle, "a")

    assert await error_paths(store, operation, **key) == [("WRONG_STATE", ("id",))]
