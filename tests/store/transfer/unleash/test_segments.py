"""Segments, constraints and dependencies in state documents."""

from typing import Any

import pytest
from msgspec import UNSET

from store import Store
from store.constraints.operators import compared_values
from store.operations.segments import create_segment
from store.values import Constraint, Dependency
from tests.store.operations.doing import carry_out
from tests.store.transfer.unleash.documents import (
    ADULTS,
    AGE,
    LAB,
    bare,
    configured,
    feature,
    state,
    strategy,
    take,
    wrong_with,
)


async def test_segments_are_found_by_name_and_have_ids_of_their_own(store: Store):
    for name in ("one", "two", "adults"):
        await carry_out(store, create_segment, name=name)
    known = store.snapshot.segments_by_name["adults"]

    await take(
        store,
        version=4,
        segments=[ADULTS, ADULTS | {"id": 6, "name": "new", "createdBy": "x"}],
        features=[bare("a")],
        featureStrategies=[strategy("a", "default", "default", id="s", constraints=[])],
        featureStrategySegments=[
            {"featureStrategyId": "s", "segmentId": 6},
            {"featureStrategyId": "s", "segmentId": 5},
            {"featureStrategyId": "s", "segmentId": 5},
        ],
    )

    by_name = store.snapshot.segments_by_name
    assert by_name["adults"].id == known.id
    assert by_name["adults"].constraints == (Constraint("age", "NUM_GTE", values=(), value="18"),)
    (strategy_made,) = configured(store, "a", "default").strategies
    assert strategy_made.segments == (by_name["new"].id, known.id)


async def test_version_1_names_segments_by_the_ids_of_the_document(store: Store):
    await carry_out(store, create_segment, name="another")

    await take(
        store,
        features=[feature("a", strategies=[{"name": "default", "segments": [5]}])],
        segments=[ADULTS],
    )

    (made,) = configured(store, "a", "default").strategies
    assert made.segments == (store.snapshot.segments_by_name["adults"].id,)


async def test_a_segment_that_is_nowhere_rejects_everything(store: Store):
    parts = {
        "version": 4,
        "segments": [ADULTS],
        "features": [bare("a")],
        "featureStrategies": [
            strategy("a", "default", "default", id="s"),
            strategy("a", "default", "default", id="t"),
        ],
        "featureStrategySegments": [
            {"featureStrategyId": "s", "segmentId": 5},
            {"featureStrategyId": "s", "segmentId": 7},
        ],
    }

    assert await wrong_with(store, parts) == [
        ("NOT_FOUND", ("featureStrategySegments", "1", "segmentId"))
    ]


async def test_strategies_next_to_toggles_may_hold_their_segments_themselves(store: Store):
    await take(
        store,
        version=4,
        segments=[ADULTS, ADULTS | {"id": 6, "name": "new"}],
        features=[bare("a")],
        featureStrategies=[
            strategy("a", "default", "default", id="s", segments=[6]),
            strategy("a", "default", "default", segments=[5, 5]),
            strategy("a", "default", "default", segments=[]),
            strategy("a", "default", "default", segments=None),
        ],
        featureStrategySegments=[
            {"featureStrategyId": "s", "segmentId": 5},
            {"featureStrategyId": "s", "segmentId": 6},
        ],
    )

    keys = {name: item.id for name, item in store.snapshot.segments_by_name.items()}
    made = [strategy.segments for strategy in configured(store, "a", "default").strategies]
    assert made == [(keys["new"], keys["adults"]), (keys["adults"],), (), ()]


async def test_a_segment_in_a_strategy_that_is_nowhere_rejects_everything(store: Store):
    parts = {
        "version": 4,
        "features": [bare("a")],
        "featureStrategies": [strategy("a", "default", "default", segments=[7])],
    }

    assert await wrong_with(store, parts) == [
        ("NOT_FOUND", ("featureStrategies", "0", "segments", "0"))
    ]


async def test_what_belongs_to_no_toggle_of_the_document_is_left_out(store: Store):
    made = await take(
        store,
        version=4,
        features=[bare("a")],
        segments=[ADULTS],
        featureEnvironments=[state("gone", "default")],
        featureStrategies=[strategy("gone", "default", "default", id="s")],
        featureStrategySegments=[{"featureStrategyId": "t", "segmentId": 5}],
    )

    assert [warning.path for warning in made.warnings] == [
        ("featureStrategySegments", "0"),
        ("featureEnvironments", "0"),
        ("featureStrategies", "0"),
    ]


async def test_dependencies_are_imported_parents_first(store: Store):
    await take(
        store,
        version=4,
        features=[
            bare("child", dependencies=[{"feature": "parent", "variants": ["v"]}]),
            bare("parent", dependencies=[]),
            bare("other", dependencies=[{"feature": "parent", "enabled": False}]),
        ],
        featureEnvironments=[],
    )

    toggles = store.snapshot.toggles
    assert toggles["child"].dependencies == (Dependency("parent", True, ("v",)),)
    assert toggles["other"].dependencies == (Dependency("parent", False),)


@pytest.mark.parametrize("drop", [False, True])
async def test_dependencies_that_cannot_be_are_reported_with_their_path(store: Store, drop: bool):
    parts = {
        "features": [
            feature("a", dependencies=[{"feature": "b"}]),
            feature("b", dependencies=[{"feature": "a"}]),
            feature("c", dependencies=[{"feature": "nowhere"}]),
        ]
    }

    assert await wrong_with(store, parts, drop=drop) == [
        ("dependency-cycle", ("features", "0", "dependencies", "0", "feature")),
        ("NOT_FOUND", ("features", "2", "dependencies", "0", "feature")),
    ]


async def test_a_constraint_with_one_value_is_kept(store: Store):
    constraints = [
        {"contextName": "age", "operator": "NUM_GT", "value": "18"},
        AGE | {"inverted": True, "caseInsensitive": False},
        {"contextName": "v", "operator": "SEMVER_EQ", "values": [], "value": "1.2.3"},
        {"contextName": "id", "operator": "IN", "values": ["1"], "value": None},
    ]

    await take(
        store, features=[feature("a", strategies=[{"name": "s", "constraints": constraints}])]
    )

    (made,) = configured(store, "a", "default").strategies
    assert [
        (constraint.value, compared_values(constraint)) for constraint in made.constraints or ()
    ] == [
        ("18", ("18",)),
        ("18", ("18",)),
        ("1.2.3", ("1.2.3",)),
        (UNSET, ("1",)),
    ]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (
            {"environments": [LAB, LAB]},
            ("array.unique", ("environments", "1", "name")),
        ),
        (
            {"environments": [{"name": "a b"}]},
            ("name-pattern", ("environments", "0", "name")),
        ),
        (
            {"environments": [LAB, {"name": "qa", "sortOrder": -1}]},
            ("sort-order-range", ("environments", "1", "sortOrder")),
        ),
        (
            {"segments": [ADULTS, ADULTS | {"name": "b"}]},
            ("array.unique", ("segments", "1", "id")),
        ),
        (
            {"segments": [{"id": 1, "name": "a"}]},
            ("any.required", ("segments", "0", "constraints")),
        ),
        (
            {"featureStrategies": [strategy("a", "default", "x y")]},
            ("name-pattern", ("featureStrategies", "0", "strategyName")),
        ),
        (
            {"featureStrategies": [strategy("a", "default", "x", parameters=[])]},
            ("object.base", ("featureStrategies", "0", "parameters")),
        ),
        (
            {"featureEnvironments": [state("a", "default", variants=[{"name": "v"}])]},
            ("any.required", ("featureEnvironments", "0", "variants", "0", "weight")),
        ),
        (
            {"featureEnvironments": [state("a", "a b")], "features": [bare("a")]},
            ("name-pattern", ("featureEnvironments", "0", "environment")),
        ),
        (
            {
                "features": [bare("a")],
                "featureStrategies": [strategy("a", "default", "x")] * 600,
            },
            ("LIMIT_EXCEEDED", ("features", "0")),
        ),
    ],
)
async def test_what_is_wrong_is_reported_with_its_path(
    store: Store, parts: dict[str, Any], problem: tuple[str, tuple[str, ...]]
):
    assert await wrong_with(store, {"version": 4, **parts}) == [problem]
