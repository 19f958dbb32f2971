"""The fields of a toggle: stored values, the expiry, and related objects."""

from datetime import timedelta

import pytest
from msgspec import structs

from store import Store
from store.model import Project, ToggleType
from store.values import Dependency
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import datetime_in, toggle

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(store: Store) -> None:
    """Create a toggle with a value in every field, and toggles for single tests."""
    installed = Installation(store)
    await installed.rich_toggle("checkout")
    await installed.toggles("plain", "old", "parent")
    await installed.archive("old")
    child = await installed.toggle("child")
    dependency = Dependency("parent", enabled=False, variants=("red",))
    await installed.put(structs.replace(child, dependencies=(dependency,)))
    await fill_lifetimes(installed)
    await fill_project(installed)


async def fill_lifetimes(installed: Installation) -> None:
    """Create toggles before and after the end of their lifetime. Only `young` is new."""
    young = await installed.toggle("young")
    born = young.created_at - timedelta(days=40)
    await installed.toggle("past")
    await installed.toggle("marked", stale=True)
    await installed.toggle("lasting", type="kill-switch")
    toggles = installed.store.snapshot.toggles
    for name in ("past", "marked", "lasting"):
        await installed.put(structs.replace(toggles[name], created_at=born))
    await installed.put(ToggleType(name="geological", title="Geological", lifetime_days=2**30))
    await installed.toggle("eternal", type="geological")


async def fill_project(installed: Installation) -> None:
    """Create a project with an active and an archived toggle."""
    now = installed.store.clock()
    await installed.put(Project(name="shop", title="Shop", created_at=now))
    await installed.toggles("shop-a", "shop-c", project="shop")
    await installed.archive("shop-c")


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(furnished_database, fill)


async def test_a_name_that_no_toggle_has_is_null(shared_gateway: Gateway) -> None:
    assert await toggle(shared_gateway, "nope", "id") is None


async def test_an_archived_toggle_is_found_by_name(shared_gateway: Gateway) -> None:
    result = await toggle(shared_gateway, "old", "name archived archivedAt")

    assert result["archived"] is True
    assert (
        datetime_in(result["archivedAt"])
        == shared_gateway.store.snapshot.toggles["old"].archived_at
    )


async def test_a_toggle_shows_its_own_fields(shared_gateway: Gateway) -> None:
    stored = shared_gateway.store.snapshot.toggles["checkout"]

    result = await toggle(
        shared_gateway,
        "checkout",
        """
        name description stale archived archivedAt impressionData revision createdAt updatedAt
        type { name title lifetimeDays } project { name title builtIn }
        tags { value type { name color } toggleCount } createdBy { name kind apiToken { id } }
        """,
    )

    assert datetime_in(result.pop("createdAt")) == stored.created_at
    assert datetime_in(result.pop("updatedAt")) == stored.updated_at
    assert result == {
        "name": "checkout",
        "description": "What checkout is for.",
        "stale": False,
        "archived": False,
        "archivedAt": None,
        "impressionData": False,
        "revision": stored.revision,
        "type": {"name": "release", "title": "Release", "lifetimeDays": 40},
        "project": {"name": "default", "title": "Default", "builtIn": True},
        "tags": [
            {"value": "shop", "type": {"name": "simple", "color": None}, "toggleCount": 1},
            {"value": "blue", "type": {"name": "team", "color": "#00ff00"}, "toggleCount": 1},
        ],
        "createdBy": {"name": "flagstaff", "kind": "SYSTEM", "apiToken": None},
    }


async def test_a_toggle_without_description_has_an_empty_one(shared_gateway: Gateway) -> None:
    assert await toggle(shared_gateway, "plain", "description") == {"description": ""}


async def test_dependencies_are_shown_both_ways(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{
          child: toggle(name: "child") { dependencies { enabled variants toggle { name } } }
          parent: toggle(name: "parent") { dependents { name } dependencies { enabled } }
        }"""
    )

    assert data == {
        "child": {
            "dependencies": [{"enabled": False, "variants": ["red"], "toggle": {"name": "parent"}}]
        },
        "parent": {"dependents": [{"name": "child"}], "dependencies": []},
    }


async def test_a_toggle_is_potentially_stale_when_its_lifetime_is_over(
    shared_gateway: Gateway,
) -> None:
    born = shared_gateway.store.snapshot.toggles["young"].created_at
    data = await shared_gateway.run(
        """{ toggles(filter: { names: ["lasting", "marked", "past", "young"] }) { nodes {
          name stale potentiallyStale expiresAt
        } } }"""
    )
    by_name = {node.pop("name"): node for node in data["toggles"]["nodes"]}

    assert {name: item["potentiallyStale"] for name, item in by_name.items()} == {
        "lasting": False,
        "marked": False,
        "past": True,
        "young": False,
    }
    assert by_name["lasting"]["expiresAt"] is None
    assert datetime_in(by_name["past"]["expiresAt"]) == born
    assert datetime_in(by_name["young"]["expiresAt"]) == born + timedelta(days=40)


async def test_a_lifetime_beyond_the_calendar_never_ends(shared_gateway: Gateway) -> None:
    assert await toggle(shared_gateway, "eternal", "expiresAt potentiallyStale") == {
        "expiresAt": None,
        "potentiallyStale": False,
    }


async def test_a_project_shows_its_active_toggles(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{ project(name: "shop") {
          title toggles { totalCount nodes { name } }
          archived: toggles(filter: { archived: true }) { nodes { name } }
          both: toggles(
            filter: { archived: null }, orderBy: { field: NAME, direction: DESC }
          ) { nodes { name } }
        } }"""
    )

    assert data["project"] == {
        "title": "Shop",
        "toggles": {"totalCount": 1, "nodes": [{"name": "shop-a"}]},
        "archived": {"nodes": [{"name": "shop-c"}]},
        "both": {"nodes": [{"name": "shop-c"}, {"name": "shop-a"}]},
    }
