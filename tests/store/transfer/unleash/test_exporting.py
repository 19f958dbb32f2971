"""The 3.x document of the existing configuration."""

from datetime import UTC, datetime

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.environments import create_environment
from store.operations.fields import SegmentFields, ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy, update_strategy
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.transfer.unleash.exporting import export_unleash
from store.values import Constraint, StrategyParameter, Tag, Variant
from tests.store.operations.doing import carry_out
from tests.store.transfer.unleash.documents import exported, exported_toggle, feature, take


async def test_a_new_installation_has_what_3x_has(store: Store):
    document = exported(store)

    assert [*document] == [
        "version",
        "features",
        "strategies",
        "projects",
        "tagTypes",
        "tags",
        "featureTags",
    ]
    assert (document["version"], document["features"], document["strategies"]) == (1, [], [])
    assert [project["id"] for project in document["projects"]] == ["default"]
    assert document["tagTypes"] == [
        {"name": "simple", "description": "A simple label.", "icon": "#"}
    ]
    assert (document["tags"], document["featureTags"]) == ([], [])


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        ("features", ["features"]),
        ("strategies", ["strategies"]),
        ("projects", ["projects"]),
        ("tags", ["tagTypes", "tags", "featureTags"]),
    ],
)
async def test_parts_that_are_not_requested_are_missing(store: Store, part: str, keys: list[str]):
    parts = dict.fromkeys(["features", "strategies", "projects", "tags"], False) | {part: True}

    assert [*exported(store, **parts)] == ["version", *keys]


async def test_archived_toggles_and_their_tags_are_left_out(store: Store):
    await carry_out(store, create_toggle, name="a", tags=[Tag("simple", "x")])
    await carry_out(store, create_toggle, name="b", tags=[Tag("simple", "y")])
    await carry_out(store, archive_toggle, "a")

    document = exported(store)

    assert [item["name"] for item in document["features"]] == ["b"]
    assert document["tags"] == [{"type": "simple", "value": "x"}, {"type": "simple", "value": "y"}]
    assert document["featureTags"] == [{"featureName": "b", "tagType": "simple", "tagValue": "y"}]


async def test_only_own_strategies_and_declared_projects_are_in(store: Store):
    await carry_out(store, create_project, name="shop", title="Shop", description="All")
    await carry_out(store, create_toggle, name="a", project="ghost", allow_unknown=True)
    await carry_out(
        store,
        create_strategy,
        name="mine",
        description="Mine",
        parameters=[StrategyParameter("p", "list", required=True)],
    )
    await carry_out(store, update_strategy, "remoteAddress", deprecated=True)

    document = exported(store)

    assert document["strategies"] == [
        {
            "name": "mine",
            "description": "Mine",
            "parameters": [{"name": "p", "type": "list", "required": True}],
            "deprecated": False,
        }
    ]
    assert [project["id"] for project in document["projects"]] == ["default", "shop"]
    assert document["projects"][1] | {"createdAt": ""} == {
        "id": "shop",
        "name": "Shop",
        "description": "All",
        "createdAt": "",
    }


async def test_a_toggle_is_what_it_is_in_the_environment_default(store: Store):
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="lab")
        await create_toggle(
            work,
            name="a",
            fields=ToggleFields(description="A"),
            enabled=True,
            strategies=[
                StrategySpec(
                    name="flexibleRollout",
                    title="Half",
                    parameters={"rollout": "50"},
                    constraints=(
                        Constraint("country", "IN", values=("DE",)),
                        Constraint("age", "NUM_GTE", values=(), value="18", inverted=True),
                        Constraint("plan", "NOT_IN", values=(), case_insensitive=True),
                    ),
                    variants=(Variant("v", 1000),),
                )
            ],
            variants=[Variant("w", 1000, "fix", "userId")],
        )
        await configure_toggle(work, "a", environment="lab", strategies=[])
    seen = datetime(2024, 5, 6, 7, 8, 9, 123456, UTC)

    document = export_unleash(store.snapshot, last_seen_at={"a": seen}.get)

    (entry,) = document["features"]
    assert entry.pop("createdAt").endswith("Z")
    assert entry == {
        "name": "a",
        "description": "A",
        "type": "release",
        "project": "default",
        "enabled": True,
        "stale": False,
        "strategies": [
            {
                "name": "flexibleRollout",
                "title": "Half",
                "parameters": {"rollout": "50"},
                "constraints": [
                    {"contextName": "country", "operator": "IN", "values": ["DE"]},
                    {
                        "contextName": "age",
                        "operator": "NUM_GTE",
                        "values": ["18"],
                        "inverted": True,
                    },
                    {"contextName": "plan", "operator": "NOT_IN", "caseInsensitive": True},
                ],
                "variants": [{"name": "v", "weight": 1000}],
            }
        ],
        "variants": [{"name": "w", "weight": 1000, "weightType": "fix", "stickiness": "userId"}],
        "lastSeenAt": "2024-05-06T07:08:09.123Z",
    }


async def test_a_toggle_without_strategies_has_the_one_for_everybody(store: Store):
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="a", enabled=True, strategies=[])
        await create_environment(work, name="lab")
        await create_toggle(work, name="b", environment="lab", enabled=True)

    assert exported_toggle(store, "a")["strategies"] == [{"name": "default"}]
    assert exported_toggle(store, "a")["enabled"] is True
    assert exported_toggle(store, "b")["strategies"] == [{"name": "default"}]
    assert exported_toggle(store, "b")["enabled"] is False


async def test_disabled_strategies_are_left_out_and_never_open_a_toggle(store: Store):
    off, on = StrategySpec(name="userWithId", disabled=True), StrategySpec(name="remoteAddress")
    await carry_out(store, create_toggle, name="a", enabled=True, strategies=[off, on])
    await carry_out(store, create_toggle, name="b", enabled=True, strategies=[off])

    assert exported_toggle(store, "a")["strategies"] == [{"name": "remoteAddress"}]
    assert exported_toggle(store, "a")["enabled"] is True
    assert exported_toggle(store, "b")["strategies"] == [{"name": "default"}]
    assert exported_toggle(store, "b")["enabled"] is False


async def test_segments_are_reported_by_their_constraints(store: Store):
    async with store.write(SYSTEM) as work:
        segment = await create_segment(
            work,
            name="beta",
            fields=SegmentFields(constraints=(Constraint("plan", "IN", values=("beta",)),)),
        )
        await create_toggle(
            work,
            name="a",
            strategies=[
                StrategySpec(
                    name="default",
                    segments=(segment.id,),
                    constraints=(Constraint("country", "IN", values=("DE",)),),
                ),
                StrategySpec(name="default", segments=(segment.id,)),
            ],
        )

    country = {"contextName": "country", "operator": "IN", "values": ["DE"]}
    beta = {"contextName": "plan", "operator": "IN", "values": ["beta"]}
    assert exported_toggle(store, "a")["strategies"] == [
        {"name": "default", "constraints": [country, beta]},
        {"name": "default", "constraints": [beta]},
    ]


async def test_what_was_exported_comes_in_as_it_was(store: Store):
    await take(
        store,
        features=[
            feature("a", variants=[], enabled=True, project="web", createdAt=1580637600123),
            feature("b", strategies=[{"name": "x", "constraints": None}], variants=None),
        ],
        strategies=[{"name": "s", "description": None, "parameters": []}],
        projects=[{"id": "web", "name": "Web"}],
        tagTypes=[],
        tags=[],
        featureTags=[{"featureName": "a", "tagType": "simple", "tagValue": "x"}],
    )
    document = exported(store)

    unchanged = await take(store, **document)
    await take(store, drop=True, **document)

    assert unchanged.made.changes == []
    again = exported(store)
    assert [project.pop("createdAt") for project in again["projects"]]
    assert [project.pop("createdAt") for project in document["projects"]]
    assert again == document
