"""The effect of an import on a configuration, in each mode."""

from datetime import UTC, datetime
from typing import Any

import pytest

from store import Store
from store.events import EventType
from store.model import Actor, ActorKind, EnvironmentType
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy
from store.operations.tags import create_tag
from store.operations.toggles import archive_toggle, create_toggle
from store.transfer.context import ImportMode
from store.transfer.importing import import_state
from store.values import Constraint, Dependency, LegalValue, Tag, Variant
from tests.store.operations.doing import carry_out
from tests.store.transfer.documents import configured, state, take

PAST = datetime(2020, 2, 29, 12, tzinfo=UTC)
KEEP_EXISTING = ImportMode.KEEP_EXISTING


# ------------------------------------------------------------------ what is created


async def test_a_toggle_is_created_with_everything_the_document_says(store: Store):
    segment = await carry_out(store, create_segment, name="beta")
    actor = Actor("someone", ActorKind.TOKEN)
    document = state(
        environments=[{"name": "prod"}],
        tagTypes=[{"name": "team"}],
        toggles=[
            {
                "name": "a",
                "description": "A",
                "type": "odd type",
                "project": "odd project",
                "impressionData": True,
                "createdAt": "2020-02-29T13:00:00+01:00",
                "staleAt": "2021-01-01T00:00:00Z",
                "archivedAt": "2022-01-01T00:00:00Z",
                "tags": [{"type": "team", "value": "b"}, {"type": "simple", "value": "a"}],
                "dependencies": [{"toggle": "b", "variants": ["x", "x"]}],
                "environments": [
                    {
                        "environment": "prod",
                        "enabled": True,
                        "strategies": [
                            {
                                "name": "odd",
                                "title": "T",
                                "disabled": True,
                                "parameters": {"n": [1, None]},
                                "constraints": [
                                    {"contextName": "age", "operator": "NUM_GT", "values": ["1"]}
                                ],
                                "segments": ["beta"],
                                "variants": [{"name": "own", "weight": 1000}],
                            }
                        ],
                        "variants": [{"name": "v", "weight": 333.3, "weightType": "fix"}],
                    }
                ],
            },
            {"name": "b"},
        ],
    )

    async with store.write(actor) as work:
        await import_state(work, document)

    toggle = store.snapshot.toggles["a"]
    assert (toggle.description, toggle.type, toggle.project) == ("A", "odd type", "odd project")
    assert (toggle.impression_data, toggle.created_by) == (True, actor)
    assert (toggle.created_at, toggle.created_at.tzinfo) == (PAST, UTC)
    assert (toggle.stale_at, toggle.archived_at) == (
        datetime(2021, 1, 1, tzinfo=UTC),
        datetime(2022, 1, 1, tzinfo=UTC),
    )
    assert toggle.tags == (Tag("simple", "a"), Tag("team", "b"))
    assert toggle.dependencies == (Dependency("b", variants=("x",)),)
    assert toggle.environments.keys() == {"prod"}
    there = toggle.environments["prod"]
    (strategy,) = there.strategies
    assert (there.enabled, there.variants) == (True, (Variant("v", 333.3, "fix"),))
    assert (strategy.name, strategy.title, strategy.disabled) == ("odd", "T", True)
    assert strategy.parameters == {"n": [1, None]}
    assert strategy.constraints == (Constraint("age", "NUM_GT", (), "1"),)
    assert (strategy.segments, strategy.variants) == ((segment.id,), (Variant("own", 1000),))
    assert not store.snapshot.toggle_types["odd type"].declared
    assert not store.snapshot.projects["odd project"].declared


async def test_a_toggle_that_says_nothing_but_its_name_is_off(store: Store):
    await take(store, state(toggles=[{"name": "a"}]))

    toggle = store.snapshot.toggles["a"]
    assert (toggle.type, toggle.project, toggle.environments) == ("release", "default", {})
    assert toggle.created_at == toggle.updated_at


async def test_what_toggles_refer_to_is_created_first(store: Store):
    await take(
        store,
        state(
            environments=[
                {"name": "prod"},
                {"name": "lab", "type": "test", "enabled": False, "sortOrder": 7},
            ],
            projects=[{"name": "shop", "title": "Shop", "description": "S"}, {"name": "odd one"}],
            toggleTypes=[
                {"name": "release", "lifetimeDays": 9},
                {"name": "own", "lifetimeDays": 1},
            ],
            contextFields=[
                {
                    "name": "plan",
                    "description": "P",
                    "legalValues": [{"value": "free", "description": "F"}, {"value": "paid"}],
                    "stickiness": True,
                    "sortOrder": 3,
                }
            ],
            tagTypes=[{"name": "team", "icon": "T", "color": "#00ff7f"}],
            tags=[{"type": "team", "value": "free"}],
            segments=[
                {
                    "name": "two words",
                    "constraints": [{"contextName": "x", "operator": "ODD", "values": ["1"]}],
                }
            ],
            strategies=[
                {
                    "name": "mine",
                    "parameters": [{"name": "n", "type": "odd"}],
                    "deprecated": True,
                },
                {"name": "userWithId", "deprecated": True},
            ],
        ),
    )

    snapshot = store.snapshot
    lab = snapshot.environments["lab"]
    assert (lab.type, lab.enabled, lab.sort_order) == (EnvironmentType.TEST, False, 7)
    assert snapshot.environments["prod"].type is EnvironmentType.PRODUCTION
    assert snapshot.projects["shop"].title == "Shop"
    assert "odd one" in snapshot.projects
    types = snapshot.toggle_types
    assert (types["release"].lifetime_days, types["own"].lifetime_days) == (9, 1)
    assert types["own"].declared
    assert types["own"].sort_order == 1 + max(
        each.sort_order for each in types.values() if each.name != "own"
    )
    plan = snapshot.context_fields["plan"]
    assert plan.legal_values == (LegalValue("free", "F"), LegalValue("paid"))
    assert (plan.stickiness, plan.sort_order) == (True, 3)
    assert snapshot.tag_types["team"].color == "#00ff7f"
    assert ("team", "free") in snapshot.tags
    assert snapshot.segments_by_name["two words"].constraints == (
        Constraint("x", "ODD", values=("1",)),
    )
    assert snapshot.strategies["mine"].parameters[0].type == "odd"
    assert snapshot.strategies["mine"].deprecated
    assert snapshot.strategies["userWithId"].deprecated


async def test_what_only_toggles_named_is_declared(store: Store):
    await carry_out(store, create_toggle, name="a", type="own", project="shop", allow_unknown=True)

    document = state(projects=[{"name": "shop"}], toggleTypes=[{"name": "own"}])
    await take(store, document, mode=KEEP_EXISTING)

    assert store.snapshot.projects["shop"].declared
    assert store.snapshot.toggle_types["own"].declared
    assert (await take(store, document)).change_set is None


# ------------------------------------------------------------------ merge


async def test_a_merge_overwrites_what_is_named_and_leaves_the_rest(store: Store):
    before = await carry_out(
        store,
        create_toggle,
        name="a",
        description="Old",
        tags=[Tag("simple", "x")],
        enabled=True,
        strategies=[StrategySpec(name="default"), StrategySpec(name="userWithId")],
        variants=[Variant("v", 1000)],
    )
    await carry_out(store, create_environment, name="prod", copy_from="default")
    await carry_out(store, create_toggle, name="untouched")
    snapshot = store.snapshot

    await take(
        store,
        state(
            toggles=[
                {
                    "name": "a",
                    "type": "experiment",
                    "environments": [
                        {"environment": "prod", "enabled": False},
                        {"strategies": [{"name": "default"}, {"name": "applicationHostname"}]},
                    ],
                }
            ]
        ),
    )

    after = store.snapshot.toggles["a"]
    assert (after.id, after.created_at, after.created_by) == (
        before.id,
        before.created_at,
        before.created_by,
    )
    assert (after.description, after.type, after.tags) == ("Old", "experiment", before.tags)
    prod, default = after.environments["prod"], after.environments["default"]
    assert (prod.enabled, len(prod.strategies)) == (False, 2)
    assert (default.enabled, default.variants) == (True, (Variant("v", 1000),))
    unchanged, replaced = default.strategies
    old_default = snapshot.toggles["a"].environments["default"]
    assert unchanged is old_default.strategies[0]
    assert (replaced.name, replaced.id != old_default.strategies[1].id) == (
        "applicationHostname",
        True,
    )
    assert store.snapshot.toggles["untouched"] is snapshot.toggles["untouched"]


@pytest.mark.parametrize(
    ("entry", "type", "environment"),
    [
        (configured(enabled=True), EventType.TOGGLE_ENABLED, "default"),
        (
            configured(variants=[{"name": "v", "weight": 1}]),
            EventType.TOGGLE_VARIANTS_UPDATED,
            "default",
        ),
        (configured(strategies=[]), EventType.TOGGLE_CONFIGURED, "default"),
        (configured(enabled=True) | {"description": "x"}, EventType.TOGGLE_UPDATED, None),
        ({"name": "a", "tags": [{"type": "simple", "value": "x"}]}, EventType.TOGGLE_UPDATED, None),
        ({"name": "a", "archivedAt": "2030-01-01T00:00:00Z"}, EventType.TOGGLE_ARCHIVED, None),
        ({"name": "a", "createdAt": "2020-01-01T00:00:00Z"}, EventType.TOGGLE_UPDATED, None),
    ],
)
async def test_an_overwritten_toggle_makes_one_event(
    store: Store, entry: dict[str, Any], type: EventType, environment: str | None
):
    await carry_out(store, create_toggle, name="a")
    await carry_out(store, create_tag, Tag("simple", "x"))

    made = await take(store, state(toggles=[entry]))

    (change,) = made.changes
    assert change.event is not None
    assert (change.event.type, change.event.environment) == (type, environment)
    assert change.event.before != change.event.after


async def test_a_live_toggle_of_the_document_comes_back_from_the_archive(store: Store):
    await carry_out(store, create_toggle, name="a", enabled=True)
    await carry_out(store, archive_toggle, "a")

    made = await take(store, state(toggles=[{"name": "a", "archivedAt": None}]))

    assert store.snapshot.toggles["a"].archived is False
    assert [change.event.type for change in made.changes if change.event] == [
        EventType.TOGGLE_REVIVED
    ]


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "a"},
        {"name": "a", "description": None, "tags": [], "dependencies": [], "staleAt": None},
        configured(),
        configured(enabled=False, variants=None, strategies=[{"name": "default"}]),
        {"name": "a", "environments": [{"environment": "prod", "enabled": False}]},
    ],
)
async def test_what_is_there_already_makes_no_event(store: Store, entry: dict[str, Any]):
    await carry_out(store, create_environment, name="prod")
    await carry_out(store, create_toggle, name="a")
    revision = store.snapshot.revision

    made = await take(store, state(toggles=[entry]))

    assert (made.change_set, [*made.changes]) == (None, [])
    assert store.snapshot.revision == revision


async def test_variants_of_null_were_never_set(store: Store):
    await carry_out(store, create_toggle, name="a", variants=[Variant("v", 1000)])

    await take(store, state(toggles=[configured(variants=None)]))

    assert not store.snapshot.toggles["a"].environments["default"].variants


# ------------------------------------------------------------------ targets


async def test_project_and_environment_can_be_given(store: Store):
    await carry_out(store, create_environment, name="prod")
    document = state(
        projects=[{"name": "shop"}],
        toggles=[
            {
                "name": "a",
                "project": "elsewhere",
                "environments": [{"enabled": True}, {"environment": "default"}],
            }
        ],
    )

    await take(store, document, project="shop", environment="prod")

    toggle = store.snapshot.toggles["a"]
    assert toggle.project == "shop"
    assert {name: environment.enabled for name, environment in toggle.environments.items()} == {
        "prod": True,
        "default": False,
    }
    assert "elsewhere" not in store.snapshot.projects


# ------------------------------------------------------------------ keep existing


async def test_what_exists_can_be_kept(store: Store):
    await carry_out(store, create_toggle, name="a", description="Old")
    await carry_out(store, create_segment, name="beta", description="Old")
    await carry_out(store, create_strategy, name="mine", description="Old")

    made = await take(
        store,
        state(
            environments=[{"name": "default", "sortOrder": 9}],
            segments=[{"name": "beta", "description": "New"}],
            strategies=[{"name": "mine", "description": "New"}],
            toggles=[{"name": "a", "description": "New"}, {"name": "b"}],
        ),
        mode=KEEP_EXISTING,
    )

    snapshot = store.snapshot
    assert snapshot.toggles["a"].description == "Old"
    assert snapshot.segments_by_name["beta"].description == "Old"
    assert snapshot.strategies["mine"].description == "Old"
    assert snapshot.environments["default"].sort_order == 0
    assert [change.event.subject_name for change in made.changes if change.event] == ["b"]
