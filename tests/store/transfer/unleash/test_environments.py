"""Documents of versions 2 to 4: their configurations of toggles in environments."""

import pytest

from store import Store
from store.model import SYSTEM, ApiTokenType, EnvironmentType
from store.operations.change_sets import revert_change_set
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.transfer.exporting import export_document
from store.values import Constraint, Variant
from tests.store.operations.doing import carry_out, log
from tests.store.transfer.unleash.documents import (
    ADULTS,
    AGE,
    LAB,
    bare,
    configured,
    feature,
    names,
    state,
    strategy,
    take,
)


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

    assert made.warnings == []
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


async def test_a_toggle_is_off_where_the_document_does_not_say_that_it_is_on(store: Store):
    entry = {"featureName": "a", "environment": "default"}

    await take(store, version=4, features=[bare("a")], featureEnvironments=[entry])

    assert not configured(store, "a", "default").enabled


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


async def test_an_environment_that_is_not_defined_is_created_with_a_warning(store: Store):
    made = await take(
        store,
        version=4,
        features=[bare("a")],
        featureEnvironments=[state("a", "production")],
        featureStrategies=[strategy("a", "lab", "default")],
    )

    types = {name: environment.type for name, environment in store.snapshot.environments.items()}
    assert (types["production"], types["lab"]) == (
        EnvironmentType.PRODUCTION,
        EnvironmentType.DEVELOPMENT,
    )
    assert [warning.path for warning in made.warnings] == [
        ("featureEnvironments", "0", "environment"),
        ("featureStrategies", "0", "environment"),
    ]
    assert made.warnings[1].message == (
        "The document does not define the environment 'lab'; it is created with the type "
        "development."
    )


async def test_default_stays_enabled_and_unknown_types_are_reported(store: Store):
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
    assert [warning.path for warning in made.warnings] == [
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
    assert [warning.path for warning in made.warnings] == [("segments",), ("environments",)]
    assert made.made.change_set is not None
    await carry_out(store, revert_change_set, made.made.change_set.id)
    assert export_document(store.snapshot, archived=True) == before


async def test_version_1_keeps_strategies_in_toggles(store: Store):
    made = await take(
        store,
        version=1,
        features=[feature("a", enabled=True)],
        featureStrategies=[strategy("a", "default", "other")],
    )

    assert names(store, "a", "default") == ["default"]
    assert [warning.path for warning in made.warnings] == [("featureStrategies",)]


async def test_strategies_in_toggles_give_way_to_those_next_to_them(store: Store):
    made = await take(
        store,
        version=4,
        features=[feature("a", enabled=True)],
        featureStrategies=[strategy("a", "default", "other")],
    )

    assert names(store, "a", "default") == ["other"]
    assert [warning.path for warning in made.warnings] == [("features", "0", "strategies")]


async def test_later_versions_may_have_no_other_parts(store: Store):
    await take(store, version=3, features=[feature("a", enabled=True), bare("b")])

    assert names(store, "a", "default") == ["default"]
    assert store.snapshot.toggles["b"].environments == {}
