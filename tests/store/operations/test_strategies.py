"""Defining, changing, deprecating and deleting strategies."""

from typing import Any

import pytest
from msgspec import structs

from store import Store
from store.errors import AlreadyExistsError, InUseError, RevisionConflictError
from store.events import EventType
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy, delete_strategy, update_strategy
from store.operations.toggles import archive_toggle, create_toggle
from store.values import StrategyParameter
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused

COUNTRIES = StrategyParameter("countries", "list", "Where", required=True)


async def test_a_strategy_is_defined(store: Store):
    strategy = await carry_out(
        store,
        create_strategy,
        name="byCountry",
        title="By country",
        description="For countries",
        parameters=[COUNTRIES],
    )

    event = await last_event(store)
    assert store.snapshot.strategies["byCountry"] is strategy
    assert (strategy.title, strategy.parameters) == ("By country", (COUNTRIES,))
    assert (strategy.built_in, strategy.deprecated) == (False, False)
    assert strategy.revision == store.snapshot.revision
    assert event.type is EventType.STRATEGY_CREATED
    assert event.summary == "Defined strategy 'byCountry'."
    assert (event.before, event.after) == (None, document(strategy))


async def test_a_strategy_without_a_title_is_titled_like_its_name(store: Store):
    strategy = await carry_out(store, create_strategy, name="byCountry")

    assert strategy.title == "byCountry"


@pytest.mark.parametrize("name", ["default", "flexibleRollout"])
async def test_a_taken_name_is_refused_with_the_strategy_that_has_it(store: Store, name: str):
    [error] = await refused(store, create_strategy, name=name)

    assert isinstance(error, AlreadyExistsError)
    assert error.existing is store.snapshot.strategies[name]
    assert error.path == ("name",)


async def test_every_error_of_a_definition_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        create_strategy,
        name="a b",
        title="a\n",
        description="\x00",
        parameters=[
            StrategyParameter("a"),
            StrategyParameter("a", "colour"),
            StrategyParameter("", description="\x00"),
        ],
    )

    assert problems == [
        ("name-pattern", ("name",)),
        ("text-characters", ("title",)),
        ("text-characters", ("description",)),
        ("parameter-type", ("parameters", "1", "type")),
        ("parameters-unique", ("parameters", "1", "name")),
        ("text-length", ("parameters", "2", "name")),
        ("text-characters", ("parameters", "2", "description")),
    ]


async def test_rest_may_define_parameters_of_any_type(store: Store):
    parameters = [StrategyParameter("a", "colour"), StrategyParameter("b", "")]

    strategy = await carry_out(
        store, create_strategy, name="mine", parameters=parameters, allow_unknown=True
    )

    assert strategy.parameters == tuple(parameters)


@pytest.mark.parametrize(
    ("fields", "type", "summary"),
    [
        ({"title": "New"}, EventType.STRATEGY_UPDATED, "Changed strategy 'mine'."),
        ({"description": "New", "parameters": (COUNTRIES,)}, EventType.STRATEGY_UPDATED, None),
        ({"deprecated": True}, EventType.STRATEGY_DEPRECATED, "Deprecated strategy 'mine'."),
        ({"deprecated": True, "title": "mine"}, EventType.STRATEGY_DEPRECATED, None),
        ({"deprecated": True, "title": "New"}, EventType.STRATEGY_UPDATED, None),
    ],
)
async def test_a_strategy_is_changed_in_the_fields_given(
    store: Store, fields: dict[str, Any], type: EventType, summary: str | None
):
    before = await carry_out(store, create_strategy, name="mine")

    after = await carry_out(store, update_strategy, "mine", **fields)

    event = await last_event(store)
    assert after == structs.replace(before, **fields, revision=store.snapshot.revision)
    assert event.type is type
    assert summary in (event.summary, None)
    assert (event.before, event.after) == (document(before), document(after))


async def test_a_strategy_is_reactivated(store: Store):
    await carry_out(store, create_strategy, name="mine")
    await carry_out(store, update_strategy, "mine", deprecated=True)

    after = await carry_out(store, update_strategy, "mine", deprecated=False)

    event = await last_event(store)
    assert not after.deprecated
    assert event.type is EventType.STRATEGY_REACTIVATED
    assert event.summary == "Reactivated strategy 'mine'."


@pytest.mark.parametrize(
    "fields", [{}, {"title": ""}, {"description": ""}, {"parameters": []}, {"deprecated": False}]
)
async def test_an_update_that_changes_nothing_is_no_event(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_strategy, name="mine")

    after = await carry_out(store, update_strategy, "mine", **fields)

    assert after is before
    assert len(await log(store)) == 1


@pytest.mark.parametrize(
    ("fields", "type"),
    [
        ({"deprecated": False}, EventType.STRATEGY_REACTIVATED),
        ({"description": None, "parameters": ()}, EventType.STRATEGY_UPDATED),
    ],
)
async def test_an_update_is_always_recorded_on_request(
    store: Store, fields: dict[str, Any], type: EventType
):
    before = await carry_out(store, create_strategy, name="mine")

    after = await carry_out(store, update_strategy, "mine", **fields, record_always=True)

    assert after is before
    assert (await last_event(store)).type is type


async def test_an_update_of_another_revision_conflicts(store: Store):
    strategy = await carry_out(store, create_strategy, name="mine")

    [error] = await refused(store, update_strategy, "mine", title="x", expected_revision=0)

    assert isinstance(error, RevisionConflictError)
    assert (error.actual, error.current) == (strategy.revision, strategy)


async def test_an_update_reports_every_error_at_once(store: Store):
    await carry_out(store, create_strategy, name="mine")

    problems = await error_paths(
        store,
        update_strategy,
        "mine",
        title="x" * 256,
        parameters=[StrategyParameter("a", "colour")],
    )

    assert problems == [
        ("text-length", ("title",)),
        ("parameter-type", ("parameters", "0", "type")),
    ]


@pytest.mark.parametrize("operation", [update_strategy, delete_strategy])
async def test_an_unknown_strategy_is_not_found(store: Store, operation: Any):
    assert await error_paths(store, operation, "no") == [("NOT_FOUND", ("name",))]


async def test_built_in_strategies_cannot_be_changed(store: Store):
    problems = await error_paths(
        store,
        update_strategy,
        "userWithId",
        title="x",
        description="x",
        parameters=[],
        deprecated=True,
    )

    assert problems == [
        ("BUILT_IN", ("title",)),
        ("BUILT_IN", ("description",)),
        ("BUILT_IN", ("parameters",)),
    ]


async def test_what_a_built_in_strategy_has_already_may_be_given(store: Store):
    title = store.snapshot.strategies["userWithId"].title

    after = await carry_out(store, update_strategy, "userWithId", title=title, deprecated=True)

    assert after.deprecated
    assert (await last_event(store)).type is EventType.STRATEGY_DEPRECATED
    assert await error_paths(
        store, update_strategy, "userWithId", title=title, record_always=True
    ) == [("BUILT_IN", ("title",))]


async def test_the_strategy_default_cannot_be_deprecated(store: Store):
    problems = await error_paths(store, update_strategy, "default", deprecated=True)

    assert problems == [("BUILT_IN", ("deprecated",))]


async def test_the_strategy_default_may_be_reactivated(store: Store):
    default = store.snapshot.strategies["default"]

    after = await carry_out(store, update_strategy, "default", deprecated=False, record_always=True)

    assert after is default
    assert (await last_event(store)).type is EventType.STRATEGY_REACTIVATED


async def test_what_a_parameter_leaves_out_is_empty_except_over_rest(store: Store):
    bare, filled_in = StrategyParameter("p"), StrategyParameter("p", "string", "", required=False)
    before = await carry_out(store, create_strategy, name="mine", parameters=[bare])
    events = len(await log(store))

    same = await carry_out(store, update_strategy, "mine", parameters=[filled_in])
    unlogged = len(await log(store))
    other = await carry_out(
        store, update_strategy, "mine", parameters=[filled_in], allow_unknown=True
    )

    assert (same, unlogged) == (before, events)
    assert other.parameters == (filled_in,)


async def test_built_in_strategies_cannot_be_deleted(store: Store):
    for name in list(store.snapshot.strategies):
        assert await error_paths(store, delete_strategy, name) == [("BUILT_IN", ("name",))]


async def test_a_strategy_is_deleted(store: Store):
    strategy = await carry_out(store, create_strategy, name="mine")

    deleted = await carry_out(store, delete_strategy, "mine")

    event = await last_event(store)
    assert deleted is strategy
    assert "mine" not in store.snapshot.strategies
    assert event.type is EventType.STRATEGY_DELETED
    assert event.summary == "Deleted strategy 'mine'."
    assert (event.before, event.after) == (document(strategy), None)


async def test_a_strategy_that_live_toggles_use_cannot_be_deleted(store: Store):
    await carry_out(store, create_strategy, name="mine")
    strategies = [StrategySpec(name="default"), StrategySpec(name="mine")]
    for at in range(12):
        await carry_out(store, create_toggle, name=f"t{at:02}", strategies=strategies)

    [error] = await refused(store, delete_strategy, "mine")

    assert isinstance(error, InUseError)
    assert ([item.name for item in error.used_by], error.count) == (
        [f"t{at:02}" for at in range(10)],
        12,
    )
    assert error.message == "Strategy 'mine' cannot be deleted: 12 toggles use it."
    assert error.path == ("name",)


async def test_archived_toggles_do_not_prevent_the_deletion_of_a_strategy(store: Store):
    await carry_out(store, create_strategy, name="mine")
    await carry_out(store, create_toggle, name="a", strategies=[StrategySpec(name="mine")])
    await carry_out(store, archive_toggle, "a")

    await carry_out(store, delete_strategy, "mine")

    assert "mine" not in store.snapshot.strategies
