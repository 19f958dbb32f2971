"""The rules for variants, and the distribution of their weights."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from store.operations.variants import (
    VariantSpec,
    check_variants,
    complete_variant,
    distribute_weights,
    reuse_unchanged_variants,
)
from store.values import Variant, VariantOverride, VariantPayload
from tests.store.operations.doing import noted


def variables(count: int) -> list[VariantSpec]:
    return [VariantSpec(name=f"v{at}") for at in range(count)]


def fixed(*weights: int | None) -> list[VariantSpec]:
    return [
        VariantSpec(name=f"f{at}", weight_type="fix", weight=weight)
        for at, weight in enumerate(weights)
    ]


def shared_out(specs: list[VariantSpec]) -> list[float]:
    distributed: list[Variant] = []
    problems = noted(
        lambda specs, **options: distributed.extend(distribute_weights(specs, **options)), specs
    )
    assert problems == []
    return [variant.weight for variant in distributed]


def strictly(*variants: Variant) -> list[tuple[str, tuple[str, ...]]]:
    return noted(check_variants, variants, allow_unknown=False)


def leniently(*variants: Variant) -> list[tuple[str, tuple[str, ...]]]:
    return noted(check_variants, variants, allow_unknown=True)


def test_whole_weights_are_integers():
    weights = shared_out([*fixed(100), *variables(4)])

    assert {type(weight) for weight in weights} == {int}


def test_no_variants_share_nothing():
    assert shared_out([]) == []


@pytest.mark.parametrize(
    ("specs", "weights"),
    [
        (variables(1), [1000]),
        (variables(3), [334, 333, 333]),
        (variables(6), [167, 167, 167, 167, 166, 166]),
        ([*fixed(100), *variables(2)], [100, 450, 450]),
        ([*variables(1), *fixed(999), *variables(1)], [1, 999, 0]),
        ([*fixed(1000), *variables(2)], [1000, 0, 0]),
        (fixed(400, 600), [400, 600]),
        (fixed(0, 1000), [0, 1000]),
    ],
)
def test_variable_ones_share_equally_what_fixed_ones_leave(
    specs: list[VariantSpec], weights: list[int]
):
    assert shared_out(specs) == weights


def test_a_weight_given_for_a_variable_one_does_not_count():
    assert shared_out([VariantSpec(name="a", weight=7), VariantSpec(name="b")]) == [500, 500]


def test_everything_but_the_weight_is_taken_over():
    spec = VariantSpec(
        name="a",
        stickiness="userId",
        payload=VariantPayload("string", "x"),
        overrides=(VariantOverride("userId", ("7",)),),
    )
    result: list[Variant] = []

    noted(lambda specs, **options: result.extend(distribute_weights(specs, **options)), [spec])

    assert result == [
        Variant(
            "a",
            1000,
            weight_type="variable",
            stickiness="userId",
            payload=VariantPayload("string", "x"),
            overrides=(VariantOverride("userId", ("7",)),),
        )
    ]


@pytest.mark.parametrize(
    ("specs", "problems"),
    [
        (fixed(600, 600), [("weights-sum", ())]),
        ([*fixed(600, 401), *variables(1)], [("weights-sum", ())]),
        (fixed(999), [("weights-sum", ())]),
        (fixed(1001), [("weight-range", ("0", "weight"))]),
        ([*fixed(-1), *variables(1)], [("weight-range", ("0", "weight"))]),
        ([*variables(1), *fixed(None)], [("weight-required", ("1", "weight"))]),
    ],
)
def test_weights_that_cannot_add_up_are_refused(
    specs: list[VariantSpec], problems: list[tuple[str, tuple[str, ...]]]
):
    assert noted(distribute_weights, specs) == problems


@settings(max_examples=50)
@given(
    st.lists(
        st.one_of(st.none(), st.integers(min_value=0, max_value=1000)), min_size=1, max_size=40
    )
)
def test_shares_always_add_up_to_1000_or_there_is_a_problem(weights: list[int | None]):
    specs = [
        VariantSpec(
            name=f"v{at}", weight_type="variable" if weight is None else "fix", weight=weight
        )
        for at, weight in enumerate(weights)
    ]
    result: list[Variant] = []

    problems = noted(
        lambda inputs, **options: result.extend(distribute_weights(inputs, **options)), specs
    )

    total = sum(weight for weight in weights if weight is not None)
    possible = total <= 1000 if None in weights else total == 1000
    assert (not problems) == possible
    if possible:
        shares = [
            item.weight for item, weight in zip(result, weights, strict=True) if weight is None
        ]
        assert sum(variant.weight for variant in result) == 1000
        assert max(shares, default=0) - min(shares, default=0) <= 1
        assert shares == sorted(shares, reverse=True)
        assert [item.weight for item in result if item.weight_type == "fix"] == [
            weight for weight in weights if weight is not None
        ]


def test_a_full_variant_is_fine():
    variant = Variant(
        "a",
        1000,
        weight_type="fix",
        stickiness="random",
        payload=VariantPayload("json", '{"a": [1]}'),
        overrides=(VariantOverride("userId", ("7", "8")), VariantOverride("plan")),
    )

    assert strictly(variant) == []
    assert leniently(variant) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "a b"}, ("name-pattern", ("0", "name"))),
        ({"weight": -1}, ("weight-range", ("0", "weight"))),
        ({"weight": 1000.5}, ("weight-range", ("0", "weight"))),
        ({"weight": float("nan")}, ("weight-range", ("0", "weight"))),
        ({"weight_type": "other"}, ("weight-type", ("0", "weightType"))),
        ({"stickiness": ""}, ("text-length", ("0", "stickiness"))),
        ({"payload": VariantPayload("string", "")}, ("text-length", ("0", "payload", "value"))),
        (
            {"payload": VariantPayload("string", "\x00")},
            ("text-characters", ("0", "payload", "value")),
        ),
        (
            {"overrides": (VariantOverride("", ("7",)),)},
            ("text-length", ("0", "overrides", "0", "contextName")),
        ),
        (
            {"overrides": (VariantOverride("userId", ("7", "")),)},
            ("text-length", ("0", "overrides", "0", "values", "1")),
        ),
    ],
)
def test_a_variant_that_breaks_a_rule_is_refused(
    changes: dict[str, Any], problem: tuple[str, tuple[str, ...]]
):
    variant = Variant(**{"name": "a", "weight": 1000, **changes})

    assert strictly(variant) == [problem]
    assert leniently(variant) == [problem]


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (VariantPayload("xml", "<a/>"), ("payload-type", ("0", "payload", "type"))),
        (VariantPayload("number", "one"), ("payload-value", ("0", "payload", "value"))),
        (VariantPayload("json", "{"), ("payload-value", ("0", "payload", "value"))),
        (VariantPayload("json", "NaN"), ("payload-value", ("0", "payload", "value"))),
        (VariantPayload("json", "[" * 50_000), ("payload-value", ("0", "payload", "value"))),
    ],
)
def test_payloads_are_read_unless_the_unknown_is_allowed(
    payload: VariantPayload, problem: tuple[str, tuple[str, ...]]
):
    assert strictly(Variant("a", 1000, payload=payload)) == [problem]
    assert leniently(Variant("a", 1000, payload=payload)) == []


def test_names_are_unique_among_siblings():
    problems = strictly(Variant("a", 500), Variant("b", 250), Variant("a", 250))

    assert problems == [("variants-unique", ("2", "name"))]


def test_what_an_import_leaves_out_of_a_variant_means_a_default():
    assert leniently(Variant("a", 1)) == strictly(Variant("a", 1)) == []
    assert complete_variant(Variant("a", 1)) == Variant("a", 1, "variable", "default")
    assert complete_variant(Variant("a", 1, "fix")) == Variant("a", 1, "fix", "default")


def test_weights_are_neither_summed_nor_rounded_here():
    assert leniently(Variant("a", 1), Variant("b", 0.5)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (UNSET, ()),
        (None, ()),
        ((), UNSET),
        ((Variant("a", 1),), [Variant("a", 1, overrides=())]),
        ((Variant("a", 1),), [Variant("a", 1, "variable", "default")]),
        ((Variant("a", 1, "variable", "default"),), [Variant("a", 1)]),
    ],
)
def test_variants_that_graphql_displays_equally_are_reused(old: Any, new: Any):
    assert reuse_unchanged_variants(old, new, allow_unknown=False) is old


@pytest.mark.parametrize(
    ("old", "new", "stored"),
    [
        (UNSET, (), ()),
        (None, UNSET, UNSET),
        ((), None, None),
        ((Variant("a", 1),), [Variant("a", 1.0)], (Variant("a", 1.0),)),
        (
            (Variant("a", 1),),
            [Variant("a", 1, "variable", "default")],
            (Variant("a", 1, "variable", "default"),),
        ),
    ],
)
def test_rest_distinguishes_absent_null_and_empty(old: Any, new: Any, stored: Any):
    assert repr(reuse_unchanged_variants(old, new, allow_unknown=True)) == repr(stored)
