"""Documents of versions 2 to 4: what they configure toggles to do in environments."""

from typing import Any

import pytest
from msgspec import UNSET

from store import Store
from store.model import SYSTEM, ApiTokenType, EnvironmentType, ToggleEnvironment
from store.operations.change_sets import revert_change_set
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.state.exporting import export_document
from store.values import Constraint, Dependency, Variant
from tests.store.operations.doing import carry_out, log
from tests.store.state.v3.documents import feature, take, wrong_with

LAB = {"name": "lab", "type": "test", "sortOrder": 7, "enabled": False, "protected": True}
AGE = {"contextName": "age", "operator": "NUM_GTE", "values": [], "value": "18"}
ADULTS = {"id": 5, "name": "adults", "description": "18+", "constraints": [AGE]}


def bare(name: str, **fields: Any) -> dict[str, Any]:
    """A toggle that is configured beside it."""
    return {"name": name, **fields}


def state(toggle: str, environment: str, **fields: Any) -> dict[str, Any]:
    """An item of featureEnvironments."""
    return {"featureName": toggle, "environment": environment, "enabled": True, **fields}


def strategy(toggle: str, environment: str, name: str, **fields: Any) -> dict[str, Any]:
    """An item of featureStrategies."""
    return {
        "featureName": toggle,
        "environment": environment,
        "strategyName": name,
        "projectId": "default",
        **fields,
    }


def configured(store: Store, name: str, environment: str) -> ToggleEnvironment:
    return store.snapshot.toggles[name].in_environment(environment)


def names(store: Store, name: str, environment: str) -> list[str]:
    """The strategies of a toggle in an environment, in order."""
    return [it.name for it in configured(store, name, environment).strategies]


async def test_toggles_are_configured_in_the_environments_of_the_document(store: Store):
    made = await take(
        store,
        version=4,
        features=[bare("a", impressionData=True), bare("b")],
        environments=[LAB],
        featureEnvironments=[
            state("a", "lab", variants=[{"name": "v", "weight": 1000}]),
            state("a", "default", enabled=False, variants=[]),
        ],
        featureStrategies=[
            strategy("a", "lab", "third", sortOrder=3),
            strategy("a", "lab", "last"),
            strategy(
                "a", "lab", "first", sortOrder=1, title="One", disabled=True, constraints=[AGE]
            ),
            strategy("a", "default", "other", parameters={"x": "1"}, title=None, variants=[]),
        ],
    )

    assert made.loose_ends == []
    environment = store.snapshot.environments["lab"]
    assert (environment.type, environment.enabled, environment.sort_order) == (
        EnvironmentType.TEST,
        False,
        7,
    )
    assert names(store, "a", "lab") == ["first", "third", "last"]
    first = configured(store, "a", "lab").strategies[0]
    assert (first.title, first.disabled) == ("One", True)
    assert first.constraints == (Constraint("age", "NUM_GTE", values=(), value="18"),)
    assert configured(store, "a", "lab").variants == (Variant("v", 1000),)
    assert (configured(store, "a", "lab").enabled, configured(store, "a", "default").enabled) == (
        True,
        False,
    )
    assert names(store, "a", "default") == ["other"]
    assert store.snapshot.toggles["a"].impression_data is True
    assert store.snapshot.toggles["b"].environments == {}


async def test_to_import_a_document_again_changes_nothing(store: Store):
    document = {
        "version": 4,
        "features": [bare("a", createdAt="2024-01-01T00:00:00.000Z"), bare("b")],
        "environments": [LAB],
        "segments": [ADULTS],
        "featureEnvironments": [state("a", "lab", variants=[]), state("b", "lab", variants=[])],
        "featureStrategies": [strategy("a", "lab", "default", id="s", constraints=[AGE])],
        "featureStrategySegments": [{"featureStrategyId": "s", "segmentId": 5}],
    }
    await take(store, **document)
    before, events = store.snapshot, await log(store)

    made = await take(store, **document)

    assert made.made.changes == []
    assert (store.snapshot, await log(store)) == (before, events)


async def test_what_the_document_does_not_mention_stays(store: Store):
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="other")
        await create_toggle(work, name="a")
        await configure_toggle(
            work, "a", environment="other", enabled=True, strategies=[StrategySpec(name="default")]
        )
    before = configured(store, "a", "other")

    await take(
        store,
        version=3,
        features=[bare("a")],
        environments=[LAB],
        featureEnvironments=[state("a", "lab")],
        featureStrategies=[],
    )

    assert configured(store, "a", "other") is before
    assert configured(store, "a", "lab").enabled


@pytest.mark.parametrize("version", [2, 3])
async def test_before_version_4_variants_are_those_of_the_toggle(store: Store, version: int):
    await take(
        store,
        version=version,
        features=[bare("a", variants=[{"name": "v", "weight": 1000}])],
        environments=[LAB],
        featureEnvironments=[state("a", "lab"), state("a", "default")],
        featureStrategies=[],
    )

    for environment in ("lab", "default"):
        assert configured(store, "a", environment).variants == (Variant("v", 1000),)


async def test_version_2_calls_default_global(store: Store):
    await take(
        store,
        version=2,
        features=[bare("a")],
        environments=[{"name": ":global:", "type": "production"}],
        featureEnvironments=[state("a", ":global:")],
        featureStrategies=[strategy("a", ":global:", "default")],
    )

    assert [*store.snapshot.environments] == ["default"]
    assert configured(store, "a", "default").enabled
    assert names(store, "a", "default") == ["default"]


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


async def test_a_segment_that_is_nowhere_keeps_all_out(store: Store):
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

    assert [it.path for it in made.loose_ends] == [
        ("featureStrategySegments", "0"),
        ("featureEnvironments", "0"),
        ("featureStrategies", "0"),
    ]


async def test_an_environment_that_is_not_defined_is_created_with_a_warning(store: Store):
    made = await take(
        store,
        version=4,
        features=[bare("a")],
        featureEnvironments=[state("a", "production")],
        featureStrategies=[strategy("a", "lab", "default")],
    )

    types = {name: it.type for name, it in store.snapshot.environments.items()}
    assert (types["production"], types["lab"]) == (
        EnvironmentType.PRODUCTION,
        EnvironmentType.DEVELOPMENT,
    )
    assert [it.path for it in made.loose_ends] == [
        ("featureEnvironments", "0", "environment"),
        ("featureStrategies", "0", "environment"),
    ]
    assert made.loose_ends[1].message == (
        "The document does not define the environment 'lab'; it is created with the type "
        "development."
    )


async def test_default_stays_enabled_and_unknown_types_are_told(store: Store):
    made = await take(
        store,
        version=4,
        environments=[
            {"name": "default", "type": "production", "enabled": False},
            {"name": "qa", "type": "quality"},
        ],
    )

    environments = store.snapshot.environments
    assert (environments["default"].enabled, environments["default"].type) == (
        True,
        EnvironmentType.PRODUCTION,
    )
    assert environments["qa"].type is EnvironmentType.DEVELOPMENT
    assert [it.path for it in made.loose_ends] == [
        ("environments", "0", "enabled"),
        ("environments", "1", "type"),
    ]


async def test_keep_leaves_environments_segments_and_toggles_alone(store: Store):
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="lab")
        await create_segment(work, name="adults")
        await create_toggle(work, name="a")
    before = store.snapshot

    await take(
        store,
        keep=True,
        version=4,
        features=[bare("a")],
        environments=[LAB],
        segments=[ADULTS],
        featureEnvironments=[state("a", "lab")],
        featureStrategies=[strategy("a", "lab", "default")],
    )

    assert store.snapshot is before


async def test_a_drop_takes_environments_and_segments_that_nothing_needs(store: Store):
    async with store.write(SYSTEM) as work:
        for name in ("gone", "bound"):
            await create_environment(work, name=name)
        await create_segment(work, name="gone")
        used = await create_segment(work, name="used")
        await create_token(work, name="sdk", type=ApiTokenType.CLIENT, environment="bound")
        await create_toggle(work, name="a")
        await configure_toggle(
            work,
            "a",
            environment="gone",
            enabled=True,
            strategies=[StrategySpec(name="default", segments=(used.id,))],
        )
    before = export_document(store.snapshot, archived=True)

    made = await take(store, drop=True, version=4, environments=[LAB], segments=[ADULTS])

    assert sorted(store.snapshot.environments) == ["bound", "default", "lab"]
    assert sorted(store.snapshot.segments_by_name) == ["adults", "used"]
    assert [it.path for it in made.loose_ends] == [("segments",), ("environments",)]
    assert made.made.change_set is not None
    await carry_out(store, revert_change_set, made.made.change_set.id)
    assert export_document(store.snapshot, archived=True) == before


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
async def test_dependencies_that_cannot_be_are_told_with_their_place(store: Store, drop: bool):
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


async def test_version_1_keeps_strategies_in_toggles(store: Store):
    made = await take(
        store,
        version=1,
        features=[feature("a", enabled=True)],
        featureStrategies=[strategy("a", "default", "other")],
    )

    assert names(store, "a", "default") == ["default"]
    assert [it.path for it in made.loose_ends] == [("featureStrategies",)]


async def test_strategies_in_toggles_give_way_to_those_beside(store: Store):
    made = await take(
        store,
        version=4,
        features=[feature("a", enabled=True)],
        featureStrategies=[strategy("a", "default", "other")],
    )

    assert names(store, "a", "default") == ["other"]
    assert [it.path for it in made.loose_ends] == [("features", "0", "strategies")]


async def test_later_versions_may_have_no_parts_beside(store: Store):
    await take(store, version=3, features=[feature("a", enabled=True), bare("b")])

    assert names(store, "a", "default") == ["default"]
    assert store.snapshot.toggles["b"].environments == {}


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
    assert [(it.value, it.compared_values) for it in made.constraints or ()] == [
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
async def test_what_is_wrong_is_told_with_its_place(
    store: Store, parts: dict[str, Any], problem: tuple[str, tuple[str, ...]]
):
    assert await wrong_with(store, {"version": 4, **parts}) == [problem]
