"""Creating toggles."""

import asyncio

import pytest
from msgspec import UNSET

from store import Store
from store.errors import (
    AlreadyExistsError,
    Refusal,
)
from store.events import EventType
from store.model import Actor, ActorKind
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
)
from store.values import Constraint, Tag, Variant, VariantPayload
from tests.store.operations.doing import carry_out, document, error_paths, log, refused
from tests.store.stored import read_again


async def test_a_toggle_needs_only_a_name(store: Store):
    anna = Actor("anna", ActorKind.TOKEN)

    toggle = await carry_out(store, create_toggle, name="checkout", actor=anna)

    configured = toggle.environments["default"]
    assert store.snapshot.toggles["checkout"] is toggle
    assert (toggle.type, toggle.project, toggle.description) == ("release", "default", None)
    assert (toggle.stale, toggle.impression_data, toggle.archived) == (False, False, False)
    assert (toggle.created_by, toggle.created_at) == (anna, toggle.updated_at)
    assert toggle.revision == configured.revision == store.snapshot.revision
    assert not configured.enabled
    assert [(strategy.name, strategy.sort_order) for strategy in configured.strategies] == [
        ("default", 0)
    ]


async def test_creating_is_one_event_with_the_whole_toggle(store: Store):
    toggle = await carry_out(store, create_toggle, name="checkout")

    [event] = await log(store)
    assert event.type is EventType.TOGGLE_CREATED
    assert event.summary == "Created toggle 'checkout'."
    assert (event.toggle_id, event.toggle_name) == (toggle.id, "checkout")
    assert (event.before, event.after) == (None, document(toggle))


async def test_everything_given_is_stored_and_read_again(store: Store):
    toggle = await carry_out(
        store,
        create_toggle,
        name="checkout",
        description="The new\ncheckout",
        type="experiment",
        impression_data=True,
        stale=True,
        tags=[Tag("simple", "b"), Tag("simple", "a"), Tag("simple", "b")],
        enabled=True,
        strategies=[
            StrategySpec(
                name="flexibleRollout",
                title="Half",
                disabled=True,
                parameters={"rollout": "50", "stickiness": "default", "groupId": "g"},
                constraints=(
                    Constraint("age", "NUM_GTE", values=("18",)),
                    Constraint("country", "IN", values=("NO",), inverted=True),
                ),
                variants=(Variant("own", 1000),),
            ),
            StrategySpec(name="default"),
        ],
        variants=[
            Variant("red", 600, weight_type="fix", payload=VariantPayload("json", "{}")),
            Variant("blue", 400),
        ],
    )

    stored = (await read_again(store)).toggles["checkout"]
    assert stored == toggle
    assert stored.tags == (Tag("simple", "a"), Tag("simple", "b"))
    configured = stored.environments["default"]
    assert configured.enabled
    assert [item.name for item in configured.variants or ()] == ["red", "blue"]
    first, second = configured.strategies
    assert (first.title, first.disabled, second.sort_order) == ("Half", True, 1)
    assert first.constraints == (
        Constraint("age", "NUM_GTE", values=(), value="18"),
        Constraint("country", "IN", values=("NO",), inverted=True),
    )


async def test_a_toggle_may_begin_without_strategies_and_elsewhere(store: Store):
    await carry_out(store, create_environment, name="development")

    toggle = await carry_out(
        store, create_toggle, name="checkout", environment="development", strategies=[]
    )

    assert toggle.environments["development"].strategies == ()
    assert toggle.in_environment("default").revision == 0


async def test_what_graphql_leaves_empty_is_left_out(store: Store):
    spec = StrategySpec(name="default", parameters={}, constraints=(), variants=())

    toggle = await carry_out(store, create_toggle, name="a", strategies=[spec], variants=[])

    configured = toggle.environments["default"]
    [strategy] = configured.strategies
    assert configured.variants is UNSET
    assert (strategy.parameters, strategy.constraints, strategy.variants) == (UNSET, UNSET, UNSET)


async def test_rest_distinguishes_absent_null_and_empty(store: Store):
    specs = [
        StrategySpec(name="default", constraints=None),
        StrategySpec(name="default", parameters={"n": 1}, constraints=()),
    ]

    toggle = await carry_out(
        store, create_toggle, name="a", strategies=specs, variants=None, allow_unknown=True
    )

    assert (await read_again(store)).toggles["a"] == toggle
    configured = toggle.environments["default"]
    assert configured.variants is None
    assert [strategy.constraints for strategy in configured.strategies] == [None, ()]
    assert [strategy.parameters for strategy in configured.strategies] == [UNSET, {"n": 1}]


async def test_every_error_of_an_input_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        create_toggle,
        name="a b",
        description="\x00",
        type="nothing",
        project="nowhere",
        tags=[Tag("simple", "ok"), Tag("odd", ""), Tag("simple", "x" * 51)],
        environment="moon",
        strategies=[
            StrategySpec(name="default"),
            StrategySpec(
                name="noSuchStrategy",
                title="a\nb",
                parameters={"x": "\x00"},
                constraints=(
                    Constraint("a", "IN", values=("b",)),
                    Constraint("a", "NUM_EQ", values=("b",)),
                ),
                segments=(7,),
                variants=(Variant("v", 2000),),
            ),
            StrategySpec(name="flexibleRollout", parameters={"rollout": "101"}),
        ],
        variants=[Variant("v", 1), Variant("v", 1)],
    )

    assert problems == [
        ("name-pattern", ("name",)),
        ("text-characters", ("description",)),
        ("NOT_FOUND", ("type",)),
        ("NOT_FOUND", ("project",)),
        ("NOT_FOUND", ("tags", "1", "type")),
        ("text-length", ("tags", "1", "value")),
        ("text-length", ("tags", "2", "value")),
        ("NOT_FOUND", ("environment",)),
        ("NOT_FOUND", ("strategies", "1", "name")),
        ("text-characters", ("strategies", "1", "title")),
        ("text-characters", ("strategies", "1", "parameters", "0", "value")),
        ("constraint-number", ("strategies", "1", "constraints", "1", "values", "0")),
        ("NOT_FOUND", ("strategies", "1", "segments", "0")),
        ("weight-range", ("strategies", "1", "variants", "0", "weight")),
        ("parameter-percentage", ("strategies", "2", "parameters", "0", "value")),
        ("variants-unique", ("variants", "1", "name")),
    ]


@pytest.mark.parametrize("name", ["", "a b", "a\x00", "\ud800"])
async def test_a_name_that_breaks_the_rule_is_refused(store: Store, name: str):
    assert [path for _, path in await error_paths(store, create_toggle, name=name)] == [("name",)]


async def test_a_taken_name_is_refused_with_the_toggle_that_has_it(store: Store):
    toggle = await carry_out(store, create_toggle, name="checkout")

    [error] = await refused(store, create_toggle, name="checkout")

    assert isinstance(error, AlreadyExistsError)
    assert (error.existing, error.archived, error.path) == (toggle, False, ("name",))


async def test_the_name_of_an_archived_toggle_is_taken(store: Store):
    await carry_out(store, create_toggle, name="checkout")
    archived = await carry_out(store, archive_toggle, "checkout")

    [error] = await refused(store, create_toggle, name="checkout")

    assert isinstance(error, AlreadyExistsError)
    assert (error.existing, error.archived) == (archived, True)


async def test_names_that_differ_in_case_are_different(store: Store):
    await carry_out(store, create_toggle, name="Checkout")

    await carry_out(store, create_toggle, name="checkout")

    assert set(store.snapshot.toggles) == {"Checkout", "checkout"}


async def test_of_many_creates_of_one_name_exactly_one_wins(store: Store):
    results = await asyncio.gather(
        *(carry_out(store, create_toggle, name="checkout") for _ in range(30)),
        return_exceptions=True,
    )

    refusals = [result for result in results if isinstance(result, Refusal)]
    assert len(refusals) == 29
    assert {error.code for refusal in refusals for error in refusal.errors} == {"ALREADY_EXISTS"}
    assert len(await log(store)) == 1


async def test_rest_may_name_what_nobody_declared(store: Store):
    toggle = await carry_out(
        store,
        create_toggle,
        name="checkout",
        type="killswitch",
        project="payments",
        strategies=[
            StrategySpec(name="mine", constraints=(Constraint("a", "LIKE", values=("b",)),))
        ],
        variants=[Variant("a", 0.5, payload=VariantPayload("xml", "<a/>"))],
        allow_unknown=True,
    )

    kind = store.snapshot.toggle_types["killswitch"]
    others = [other for other in store.snapshot.toggle_types.values() if other is not kind]
    assert kind.sort_order > max(other.sort_order for other in others)
    project = store.snapshot.projects["payments"]
    assert (kind.declared, project.declared) == (False, False)
    assert kind.revision == project.revision == toggle.revision
    assert "mine" not in store.snapshot.strategies
    assert len(await log(store)) == 1


async def test_what_cannot_be_stored_is_refused_over_rest_too(store: Store):
    problems = await error_paths(
        store,
        create_toggle,
        name="a",
        type="",
        project="a\x00b",
        strategies=[
            StrategySpec(name="a b", parameters={"x": ["\ud800"]}, segments=(1,)),
        ],
        allow_unknown=True,
    )

    assert problems == [
        ("text-length", ("type",)),
        ("text-characters", ("project",)),
        ("name-pattern", ("strategies", "0", "name")),
        ("text-characters", ("strategies", "0", "parameters", "x", "0")),
        ("NOT_FOUND", ("strategies", "0", "segments", "0")),
    ]
