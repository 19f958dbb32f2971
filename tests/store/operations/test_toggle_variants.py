"""Adding, changing, moving and removing single variants of a toggle."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import UNSET, structs

from store import Store
from store.events import EventType
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import configure_toggle
from store.operations.toggle_variants import (
    VariantFields,
    add_toggle_variant,
    remove_toggle_variant,
    update_toggle_variant,
)
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.variants import VariantSpec
from store.values import Variant, VariantOverride, VariantPayload
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, error_paths, last_event, log, refused

RED = Variant("red", 200, weight_type="fix", payload=VariantPayload("string", "#f00"))
# Two variable variants share the weight that the fixed variant leaves.
VARIANTS = (RED, Variant("green", 400), Variant("blue", 400))


async def furnish(store: Store) -> None:
    """Create the toggle `a` with `VARIANTS` in its environment and in its only strategy."""
    await carry_out(store, create_environment, name="staging")
    await carry_out(
        store,
        create_toggle,
        name="a",
        variants=VARIANTS,
        strategies=[StrategySpec(name="default", variants=VARIANTS)],
    )


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the toggle of `furnish`."""
    return filled(beginning, furnish)


def variants_of(store: Store, *, strategy: bool = False) -> Sequence[Variant]:
    configured = store.snapshot.toggles["a"].in_environment("default")
    variants = configured.strategies[0].variants if strategy else configured.variants
    return variants or ()


def weights(variants: Sequence[Variant]) -> dict[str, float]:
    return {variant.name: variant.weight for variant in variants}


def strategy_id(store: Store) -> str:
    return store.snapshot.toggles["a"].in_environment("default").strategies[0].id


# ------------------------------------------------------------------ add


async def test_a_variable_variant_is_added_at_the_end_and_shares_the_rest(store: Store):
    toggle, added = await carry_out(
        store, add_toggle_variant, "a", variant=VariantSpec(name="grey", stickiness="userId")
    )

    event = await last_event(store)
    assert toggle == store.snapshot.toggles["a"]
    assert added == Variant("grey", 266, weight_type="variable", stickiness="userId")
    assert weights(variants_of(store)) == {"red": 200, "green": 267, "blue": 267, "grey": 266}
    assert variants_of(store)[0] == RED
    assert variants_of(store, strategy=True) == VARIANTS
    assert event.type is EventType.TOGGLE_VARIANTS_UPDATED
    assert event.summary == "Added variant 'grey' to toggle 'a' in default."
    assert event.environment == "default"


async def test_a_fixed_variant_is_added_at_a_position_and_takes_from_the_variable_ones(
    store: Store,
):
    grey = VariantSpec(name="grey", weight_type="fix", weight=301)

    await carry_out(store, add_toggle_variant, "a", variant=grey, position=1)

    names = [variant.name for variant in variants_of(store)]
    assert names == ["red", "grey", "green", "blue"]
    assert weights(variants_of(store)) == {"red": 200, "grey": 301, "green": 250, "blue": 249}


async def test_the_first_variant_gets_the_whole(store: Store):
    await carry_out(
        store, add_toggle_variant, "a", environment="staging", variant=VariantSpec(name="only")
    )

    configured = store.snapshot.toggles["a"].in_environment("staging")
    assert configured.variants == (
        Variant("only", 1000, weight_type="variable", stickiness="default"),
    )


async def test_a_variant_is_added_to_one_strategy(store: Store):
    before = store.snapshot.toggles["a"].in_environment("default")

    await carry_out(
        store,
        add_toggle_variant,
        "a",
        strategy_id=strategy_id(store),
        variant=VariantSpec(name="grey"),
    )

    event = await last_event(store)
    after = store.snapshot.toggles["a"].in_environment("default")
    assert len(variants_of(store, strategy=True)) == 4
    assert after.variants is before.variants
    assert after.strategies[0].id == before.strategies[0].id
    assert event.type is EventType.TOGGLE_STRATEGY_UPDATED
    assert event.summary == "Added variant 'grey' to strategy 'Standard' on toggle 'a' in default."


@pytest.mark.parametrize(
    ("spec", "options", "expected"),
    [
        ({"name": "red"}, {}, ("variants-unique", ("variant", "name"))),
        ({"name": "a b"}, {}, ("name-pattern", ("variant", "name"))),
        ({"weight_type": "fix"}, {}, ("weight-required", ("variant", "weight"))),
        ({"weight_type": "fix", "weight": 1001}, {}, ("weight-range", ("variant", "weight"))),
        ({"weight_type": "fix", "weight": 801}, {}, ("weights-sum", ("variant",))),
        (
            {"payload": VariantPayload("json", "{")},
            {},
            ("payload-value", ("variant", "payload", "value")),
        ),
        ({}, {"position": 4}, ("position-range", ("position",))),
        ({}, {"position": -1}, ("position-range", ("position",))),
        ({}, {"expected_revision": 1}, ("REVISION_CONFLICT", ("expectedRevision",))),
        ({}, {"environment": "none"}, ("NOT_FOUND", ("environment",))),
        ({}, {"strategy_id": "none"}, ("NOT_FOUND", ("strategy",))),
    ],
)
async def test_a_variant_that_breaks_a_rule_is_not_added(
    store: Store, spec: Any, options: Any, expected: Any
):
    variant = VariantSpec(**{"name": "grey", **spec})

    found = await error_paths(store, add_toggle_variant, "a", variant=variant, **options)

    assert expected in found
    # If a weight is out of range, the sum of all weights is also too large.
    assert {*found} - {("weights-sum", ("variant",))} <= {expected}


async def test_there_are_at_most_five_hundred_variants(store: Store):
    many = [Variant(f"v{number}", 2) for number in range(500)]
    await carry_out(store, configure_toggle, "a", variants=many)

    assert await error_paths(store, add_toggle_variant, "a", variant=VariantSpec(name="more")) == [
        ("LIMIT_EXCEEDED", ("variant",))
    ]


# ------------------------------------------------------------------ update


async def test_only_given_fields_of_a_variant_change(store: Store):
    _, changed = await carry_out(
        store,
        update_toggle_variant,
        "a",
        "red",
        VariantFields(name="crimson", overrides=(VariantOverride("userId", ("ada",)),)),
    )

    expected = structs.replace(
        RED, name="crimson", overrides=(VariantOverride("userId", ("ada",)),)
    )
    assert changed == variants_of(store)[0] == expected
    assert variants_of(store)[1:] == VARIANTS[1:]
    event = await last_event(store)
    assert event.summary == "Changed variant 'red' of toggle 'a' in default."


async def test_a_new_fixed_weight_takes_from_the_variable_ones(store: Store):
    await carry_out(store, update_toggle_variant, "a", "red", VariantFields(weight=500))

    assert weights(variants_of(store)) == {"red": 500, "green": 250, "blue": 250}


async def test_a_variant_becomes_fixed_or_variable(store: Store):
    await carry_out(
        store, update_toggle_variant, "a", "green", VariantFields(weight_type="fix", weight=100)
    )
    fixed = weights(variants_of(store))
    await carry_out(store, update_toggle_variant, "a", "red", VariantFields(weight_type="variable"))

    assert fixed == {"red": 200, "green": 100, "blue": 700}
    assert weights(variants_of(store)) == {"red": 450, "green": 100, "blue": 450}


async def test_a_payload_is_removed(store: Store):
    await carry_out(store, update_toggle_variant, "a", "red", VariantFields(payload=None))

    assert variants_of(store)[0].payload is UNSET


async def test_a_variant_is_moved(store: Store):
    await carry_out(store, update_toggle_variant, "a", "blue", VariantFields(), position=0)

    assert [variant.name for variant in variants_of(store)] == ["blue", "red", "green"]
    event = await last_event(store)
    assert event.summary == "Moved variant 'blue' of toggle 'a' in default."


async def test_an_update_without_effect_leaves_no_event(store: Store):
    events = len(await log(store))
    same = VariantFields(weight=200, stickiness="default", payload=RED.payload)

    toggle, variant = await carry_out(store, update_toggle_variant, "a", "red", same, position=0)

    assert (toggle, variant) == (store.snapshot.toggles["a"], RED)
    assert len(await log(store)) == events


@pytest.mark.parametrize(
    ("variant", "fields", "options", "expected"),
    [
        ("none", {}, {}, ("NOT_FOUND", ("variant",))),
        ("red", {"name": "blue"}, {}, ("variants-unique", ("name",))),
        ("red", {"name": "a b"}, {}, ("name-pattern", ("name",))),
        ("green", {"weight_type": "fix"}, {}, ("weight-required", ("weight",))),
        ("green", {"weight": 5}, {}, ("weight-variable", ("weight",))),
        ("red", {"weight": 1001}, {}, ("weight-range", ("weight",))),
        ("red", {"weight": -1}, {}, ("weight-range", ("weight",))),
        ("red", {"stickiness": ""}, {}, ("text-length", ("stickiness",))),
        (
            "red",
            {"payload": VariantPayload("number", "x")},
            {},
            ("payload-value", ("payload", "value")),
        ),
        ("red", {}, {"position": 3}, ("position-range", ("position",))),
        ("red", {}, {"expected_revision": 1}, ("REVISION_CONFLICT", ("expectedRevision",))),
        ("red", {}, {"environment": "none"}, ("NOT_FOUND", ("environment",))),
    ],
)
async def test_an_update_that_breaks_a_rule_changes_nothing(
    store: Store, variant: str, fields: Any, options: Any, expected: Any
):
    found = await error_paths(
        store, update_toggle_variant, "a", variant, VariantFields(**fields), **options
    )

    assert expected in found
    assert {*found} - {("weights-sum", ("weight",))} <= {expected}


async def test_values_that_rest_clients_stored_are_no_obstacle(store: Store):
    odd = (
        Variant("odd", 333.4, weight_type="fix", payload=VariantPayload("xml", "<a/>")),
        Variant("rest", 666.6),
    )
    await carry_out(store, configure_toggle, "a", variants=odd, allow_unknown=True)

    await carry_out(store, update_toggle_variant, "a", "odd", VariantFields(stickiness="userId"))
    kept = weights(variants_of(store))
    await carry_out(store, add_toggle_variant, "a", variant=VariantSpec(name="third"))

    first, *_ = variants_of(store)
    assert first == structs.replace(odd[0], stickiness="userId")
    assert kept == {"odd": 333.4, "rest": 666.6}
    assert weights(variants_of(store)) == {
        "odd": 333.4,
        "rest": pytest.approx(333.6),
        "third": 333,
    }


# ------------------------------------------------------------------ remove


async def test_a_removed_variant_leaves_its_share_to_the_variable_ones(store: Store):
    await carry_out(store, remove_toggle_variant, "a", "red")

    assert weights(variants_of(store)) == {"green": 500, "blue": 500}
    event = await last_event(store)
    assert event.type is EventType.TOGGLE_VARIANTS_UPDATED
    assert event.summary == "Removed variant 'red' from toggle 'a' in default."


async def test_the_last_variant_can_be_removed(store: Store):
    for name in ("red", "green", "blue"):
        await carry_out(store, remove_toggle_variant, "a", name, strategy_id=strategy_id(store))

    assert variants_of(store, strategy=True) == ()
    assert variants_of(store) == VARIANTS


async def test_fixed_weights_that_remain_alone_must_make_up_the_whole(store: Store):
    await carry_out(store, remove_toggle_variant, "a", "green")

    [error] = await refused(store, remove_toggle_variant, "a", "blue")

    assert error.message == (
        "The fixed weights add up to 200, and no variant has a variable weight; "
        "they must add up to 1000."
    )
    assert error.path == ("variant",)


@pytest.mark.parametrize(
    ("variant", "options", "expected"),
    [
        ("none", {}, [("NOT_FOUND", ("variant",))]),
        ("red", {"expected_revision": 1}, [("REVISION_CONFLICT", ("expectedRevision",))]),
        ("red", {"strategy_id": "none"}, [("NOT_FOUND", ("strategy",))]),
        ("red", {"environment": "none"}, [("NOT_FOUND", ("environment",))]),
        (
            "red",
            {"environment": "none", "strategy_id": "none"},
            [("NOT_FOUND", ("environment",))],
        ),
    ],
)
async def test_what_is_not_there_cannot_be_removed(
    store: Store, variant: str, options: Any, expected: Any
):
    assert await error_paths(store, remove_toggle_variant, "a", variant, **options) == expected


async def test_variants_of_archived_or_unknown_toggles_stay(store: Store):
    unknown = await error_paths(store, remove_toggle_variant, "none", "red")
    await carry_out(store, archive_toggle, "a")

    assert unknown == [("NOT_FOUND", ("toggle",))]
    assert await error_paths(store, remove_toggle_variant, "a", "red") == [
        ("WRONG_STATE", ("toggle",))
    ]
