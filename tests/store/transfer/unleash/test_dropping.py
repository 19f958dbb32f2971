"""Imports of a 3.x document that replace the existing configuration."""

from typing import Any

import pytest
import pytest_asyncio
from msgspec import structs

from store import Store
from store.events import EventType
from store.model import SYSTEM, ApiTokenType
from store.operations.change_sets import revert_change_set
from store.operations.environments import create_environment
from store.operations.fields import ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.strategies import create_strategy
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token
from store.transfer.exporting import export_document
from store.unit_of_work import UnitOfWork
from store.values import Dependency, Tag
from tests.store.operations.doing import carry_out, log
from tests.store.transfer.unleash.documents import exported, feature, take


async def furnish(work: UnitOfWork) -> None:
    await create_environment(work, name="lab")
    await create_project(work, name="shop")
    await create_project(work, name="bound")
    await create_strategy(work, name="mine")
    await create_tag_type(work, name="team")
    await create_token(
        work, name="sdk", type=ApiTokenType.CLIENT, environment="lab", projects=["bound"]
    )
    await create_toggle(
        work, name="gone", fields=ToggleFields(project="shop"), tags=[Tag("team", "web")]
    )
    await create_toggle(
        work, name="stays", fields=ToggleFields(impression_data=True), tags=[Tag("simple", "x")]
    )
    await create_toggle(work, name="archived", tags=[Tag("team", "web")])
    await archive_toggle(work, "archived")
    await configure_toggle(
        work, "stays", environment="lab", enabled=True, strategies=[StrategySpec(name="default")]
    )


@pytest_asyncio.fixture(loop_scope="module")
async def furnished(store: Store) -> Store:
    await carry_out(store, furnish)
    return store


async def test_toggles_make_room_for_those_of_the_document(furnished: Store):
    before = furnished.snapshot.toggles["stays"]

    await take(furnished, drop=True, features=[feature("stays", enabled=True), feature("new")])

    toggles = furnished.snapshot.toggles
    assert sorted(toggles) == ["new", "stays"]
    after = toggles["stays"]
    assert after.id == before.id
    assert [*after.environments] == ["default"]
    assert (after.impression_data, after.tags) == (False, ())


async def test_parts_that_the_document_does_not_have_stay(furnished: Store):
    before = furnished.snapshot

    await take(furnished, drop=True, features=[])

    after = furnished.snapshot
    assert not after.toggles
    assert after.tokens == before.tokens
    assert (after.strategies, after.projects) == (before.strategies, before.projects)
    assert (after.tag_types, after.tags) == (before.tag_types, before.tags)


async def test_strategies_that_are_not_built_in_go(furnished: Store):
    built_in = {
        name for name, strategy in furnished.snapshot.strategies.items() if strategy.built_in
    }

    await take(furnished, drop=True, strategies=[{"name": "other", "parameters": []}])

    assert furnished.snapshot.strategies.keys() == built_in | {"other"}
    assert "gone" in furnished.snapshot.toggles


async def test_projects_that_toggles_or_tokens_name_are_only_declared_no_more(furnished: Store):
    await take(furnished, drop=True, projects=[{"id": "web", "name": "Web"}])

    projects = furnished.snapshot.projects
    assert {name: project.declared for name, project in projects.items()} == {
        "default": False,
        "shop": False,
        "bound": False,
        "web": True,
    }
    assert [item["id"] for item in exported(furnished)["projects"]] == ["web"]


async def test_projects_that_nothing_names_any_more_go(furnished: Store):
    await take(furnished, drop=True, features=[], projects=[{"id": "bound", "name": "B"}])

    projects = furnished.snapshot.projects
    assert {name: project.declared for name, project in projects.items()} == {
        "default": False,
        "bound": True,
    }


async def test_tags_and_their_types_go_from_the_toggles_too(furnished: Store):
    await take(
        furnished,
        drop=True,
        tagTypes=[{"name": "owner", "icon": "O"}],
        tags=[{"type": "owner", "value": "a"}],
        featureTags=[{"featureName": "gone", "tagType": "owner", "tagValue": "a"}],
    )

    assert [*furnished.snapshot.tag_types] == ["owner"]
    assert [*furnished.snapshot.tags] == [("owner", "a")]
    assert furnished.snapshot.toggles["gone"].tags == (Tag("owner", "a"),)
    assert furnished.snapshot.toggles["stays"].tags == ()
    assert furnished.snapshot.toggles["archived"].tags == ()


async def test_over_rest_a_drop_is_one_event_for_each_part(furnished: Store):
    before = len(await log(furnished))

    await take(
        furnished,
        drop=True,
        features=[feature("new")],
        strategies=[],
        projects=[],
        tagTypes=[],
        tags=[],
    )

    events = (await log(furnished))[before:]
    reported = [
        (event.wire_type, event.wire_data)
        for event in events
        if event.wire_type != "state-imported"
    ]
    assert reported == [
        ("drop-features", {"name": "all-features"}),
        ("feature-import", feature("new")),
        ("drop-strategies", {"name": "all-strategies"}),
        ("drop-projects", {"name": "all-projects"}),
        ("drop-feature-tags", {"name": "all-feature-tags"}),
        ("drop-tags", {"name": "all-tags"}),
        ("drop-tag-types", {"name": "all-tag-types"}),
        ("change-set-applied", None),
    ]
    removed = [event.subject_name for event in events if event.type is EventType.TOGGLE_DELETED]
    assert removed == ["stays", "gone", "archived"]
    assert events[-1].summary == ("Imported a state document: 1 created, 2 changed, 9 removed.")


async def test_what_is_dropped_and_comes_again_has_an_event(store: Store):
    sent = {
        "features": [feature("a")],
        "strategies": [{"name": "s", "parameters": []}],
    }
    await take(store, **sent)
    before, events = exported(store), len(await log(store))

    await take(store, drop=True, **sent)

    assert exported(store) == before
    event_types = [event.wire_type for event in (await log(store))[events:]]
    assert event_types.count("feature-import") == event_types.count("strategy-import") == 1


async def test_keep_has_nothing_to_keep_of_what_was_dropped(furnished: Store):
    await take(furnished, drop=True, keep=True, features=[feature("stays", enabled=True)])

    assert sorted(furnished.snapshot.toggles) == ["stays"]
    assert furnished.snapshot.toggles["stays"].in_environment("default").enabled is True


async def test_tags_of_a_toggle_that_was_dropped_are_those_of_the_document(furnished: Store):
    await take(
        furnished,
        drop=True,
        keep=True,
        features=[feature("stays"), feature("gone")],
        tagTypes=[{"name": "simple", "icon": "#"}],
        tags=[{"type": "simple", "value": "new"}],
        featureTags=[{"featureName": "stays", "tagType": "simple", "tagValue": "new"}],
    )

    toggles = furnished.snapshot.toggles
    assert toggles["stays"].tags == (Tag("simple", "new"),)
    assert toggles["gone"].tags == ()


async def test_toggles_that_others_depend_on_can_be_dropped(store: Store):
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="parent")
        child = await create_toggle(work, name="child")
        work.put(structs.replace(child, dependencies=(Dependency("parent"),)))

    await take(store, drop=True, features=[feature("child")])

    assert [*store.snapshot.toggles] == ["child"]
    assert store.snapshot.toggles["child"].dependencies == ()


@pytest.mark.parametrize(
    "parts",
    [
        {"features": [feature("new"), feature("stays", enabled=True)]},
        {"strategies": [{"name": "mine", "description": "x", "parameters": []}]},
        {"projects": [{"id": "shop", "name": "Shop"}]},
        {"tagTypes": [{"name": "team", "icon": "T"}], "tags": [{"type": "team", "value": "web"}]},
    ],
)
async def test_a_drop_can_be_undone(furnished: Store, parts: dict[str, Any]):
    before = export_document(furnished.snapshot, archived=True)

    made = await take(furnished, drop=True, **parts)

    assert export_document(furnished.snapshot, archived=True) != before
    assert made.made.change_set is not None
    await carry_out(furnished, revert_change_set, made.made.change_set.id)
    assert export_document(furnished.snapshot, archived=True) == before
