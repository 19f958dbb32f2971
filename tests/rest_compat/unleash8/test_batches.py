"""Exports of toggles with their settings in one environment, and imports of such exports."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from store import Store
from store.operations.context_fields import create_context_field
from store.operations.dependencies import set_dependencies
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.segments import create_segment
from store.operations.toggles import archive_toggle, create_toggle, delete_toggle
from store.values import Constraint, Dependency, Tag, Variant
from tests.rest_compat.conftest import begins_with
from tests.rest_compat.unleash8.conftest import problems
from tests.store.operations.doing import carry_out

BATCH = "/api/admin/features-batch"
DATA = Path(__file__).parents[2] / "data"
SECTIONS = {
    name: []
    for name in (
        "features",
        "featureStrategies",
        "featureEnvironments",
        "contextFields",
        "featureTags",
        "segments",
        "tagTypes",
        "dependencies",
        "links",
    )
}


async def shop(store: Store) -> None:
    """A project with a toggle that has everything, and a plain toggle in `default`."""
    await carry_out(store, create_project, name="shop")
    await carry_out(store, create_context_field, name="country")
    segment = await carry_out(
        store,
        create_segment,
        name="germans",
        constraints=[Constraint("country", "IN", values=("DE",))],
    )
    await carry_out(store, create_toggle, name="plain")
    await carry_out(
        store,
        create_toggle,
        name="full",
        project="shop",
        description="Everything.",
        tags=[Tag("simple", "red")],
        strategies=[
            StrategySpec(
                name="flexibleRollout",
                title="Half",
                parameters={"rollout": "50", "stickiness": "default", "groupId": "full"},
                constraints=(Constraint("country", "IN", values=("DE",)),),
                segments=(segment.id,),
                variants=(),
            ),
            StrategySpec(name="default", disabled=True, parameters={}, constraints=(), variants=()),
        ],
        variants=(Variant("blue", 1000, "variable", "default"),),
        enabled=True,
    )
    await carry_out(store, set_dependencies, "full", [Dependency("plain", True, ())])


pytestmark = begins_with(shop)


async def export(admin: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await admin.post(f"{BATCH}/export", json={"environment": "default", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def batch(**sections: Any) -> dict[str, Any]:
    return {"project": "shop", "environment": "default", "data": {**SECTIONS, **sections}}


def new(name: str = "new") -> dict[str, Any]:
    return {"name": name, "type": "release", "project": "shop"}


async def test_an_export_has_the_form_of_today(admin: httpx.AsyncClient, store: Store) -> None:
    exported = await export(admin, features=["full"])

    recorded = json.loads((DATA / "unleash-8.2-batch-export-production.json").read_text("utf-8"))
    assert exported.keys() == recorded.keys()
    for section in recorded.keys() - {"links"}:
        ours, theirs = exported[section][0], recorded[section]
        assert ours.keys() >= set.intersection(*(set(item) for item in theirs)), section
    assert exported["featureEnvironments"][0]["enabled"] is True
    assert [item["title"] for item in exported["featureStrategies"]] == ["Half", ""]
    assert [field["name"] for field in exported["contextFields"]] == ["country"]
    assert exported["segments"] == [{"id": 1, "name": "germans"}]
    assert exported["dependencies"] == [
        {"feature": "full", "dependencies": [{"feature": "plain", "enabled": True, "variants": []}]}
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"features": ["plain", "full", "plain"]}, ["plain", "full"]),
        ({"features": []}, ["full", "plain"]),
        ({}, ["full", "plain"]),
        ({"project": "shop"}, ["full"]),
        ({"tag": "red"}, ["full"]),
        ({"tag": "simple:red", "features": ["plain"]}, ["full"]),
        ({"tag": "nothing"}, []),
        ({"environment": "staging"}, ["full", "plain"]),
    ],
)
async def test_toggles_are_chosen_by_name_tag_or_project(
    admin: httpx.AsyncClient, query: dict[str, Any], names: list[str]
) -> None:
    assert [feature["name"] for feature in (await export(admin, **query))["features"]] == names


async def test_an_export_that_is_imported_twice_changes_nothing_the_second_time(
    admin: httpx.AsyncClient, store: Store
) -> None:
    exported = await export(admin, features=["full"])
    body = {"project": "shop", "environment": "default", "data": exported}

    # The first import adds the keys that stored objects lack, such as empty lists.
    first = await admin.post(f"{BATCH}/import", json=body)
    before = store.snapshot
    second = await admin.post(f"{BATCH}/import", json=body)

    assert (first.status_code, first.content) == (200, b""), first.text
    assert "x-flagstaff-warnings" not in first.headers
    assert await export(admin, features=["full"]) == exported
    assert second.status_code == 200
    assert store.snapshot.revision == before.revision


async def test_an_export_restores_a_deleted_toggle_elsewhere(
    admin: httpx.AsyncClient, store: Store
) -> None:
    exported = await export(admin, features=["full"])
    before = store.snapshot.toggles["full"].in_environment("default")
    await carry_out(store, archive_toggle, "full")
    await carry_out(store, delete_toggle, "full")

    body = {"project": "default", "environment": "staging", "data": exported}
    answer = await admin.post(f"{BATCH}/import", json=body)

    assert answer.status_code == 200, answer.text
    toggle = store.snapshot.toggles["full"]
    after = toggle.in_environment("staging")
    assert (toggle.project, after.enabled) == ("default", True)
    assert toggle.dependencies == (Dependency("plain", True, ()),)
    assert [(each.name, each.title, each.segments) for each in after.strategies] == [
        (each.name, each.title, each.segments) for each in before.strategies
    ]
    assert not toggle.in_environment("default").enabled


async def test_validation_reports_errors_and_warnings_and_stores_nothing(
    admin: httpx.AsyncClient, store: Store
) -> None:
    before = store.snapshot
    used = {"name": "default", "featureName": "new", "segments": [7], "id": "s"}

    good = await admin.post(f"{BATCH}/validate", json=batch(features=[new() | {"odd": 1}]))
    bad = await admin.post(
        f"{BATCH}/validate",
        json=batch(
            features=[new()], featureStrategies=[used], segments=[{"id": 7, "name": "elsewhere"}]
        ),
    )
    foreign = await admin.post(f"{BATCH}/validate", json=batch(features=[new("plain")]))

    assert good.json() == {
        "errors": [],
        "warnings": [
            {
                "message": "The key is unknown and has no effect.",
                "affectedItems": ["data.features[0].odd"],
            }
        ],
        "permissions": [],
    }
    (error,) = bad.json()["errors"]
    assert error["affectedItems"] == ["data.segments[0]"]
    assert "'elsewhere' without its constraints" in error["message"]
    assert [each["affectedItems"] for each in foreign.json()["errors"]] == [
        ["data.features[0].name"]
    ]
    assert store.snapshot is before


async def test_an_import_lists_what_it_ignored_in_a_header(
    admin: httpx.AsyncClient, store: Store
) -> None:
    answer = await admin.post(f"{BATCH}/import", json=batch(features=[new() | {"odd": 1}]))

    assert answer.status_code == 200, answer.text
    assert json.loads(answer.headers["x-flagstaff-warnings"]) == [
        '"data.features[0].odd": The key is unknown and has no effect.'
    ]
    assert store.snapshot.toggles["new"].project == "shop"


async def test_an_import_is_refused_as_a_whole(admin: httpx.AsyncClient, store: Store) -> None:
    before = store.snapshot
    features = [new(), new("not a name"), new("plain")]

    names = await admin.post(f"{BATCH}/import", json=batch(features=features[:2]))
    foreign = await admin.post(f"{BATCH}/import", json=batch(features=features[::2]))

    assert list(problems(names, 400)) == ["/body/data/features/1/name"]
    assert problems(foreign, 400) == {
        "/body/data/features/1/name": (
            "Toggle 'plain' belongs to project 'default'; an import into project 'shop' cannot "
            "change it."
        )
    }
    assert store.snapshot is before


@pytest.mark.parametrize("path", ["validate", "import"])
@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"project": "moon"}, ["/body/project"]),
        ({"environment": "moon"}, ["/body/environment"]),
        ({"data": []}, ["/body/data"]),
        ({"data": {}}, ["/body/data"]),
        ({"data": {"version": 3, "features": []}}, ["/body/data"]),
        ({"data": {"format": "flagstaff", "version": 1}}, ["/body/data"]),
    ],
)
async def test_invalid_imports_are_refused(
    admin: httpx.AsyncClient, path: str, changes: dict[str, Any], paths: list[str]
) -> None:
    answer = await admin.post(f"{BATCH}/{path}", json={**batch(), **changes})

    assert list(problems(answer, 400)) == paths


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ({}, ["/body/environment"]),
        ({"environment": "moon"}, ["/body/environment"]),
        ({"environment": "default", "project": "moon"}, ["/body/project"]),
        (
            {"environment": "default", "features": ["plain", "x", "y"]},
            ["/body/features/1", "/body/features/2"],
        ),
        (
            {"environment": "default", "features": [f"t-{number}" for number in range(10_000)]},
            [f"/body/features/{number}" for number in range(100)],
        ),
    ],
)
async def test_invalid_exports_are_refused(
    admin: httpx.AsyncClient, query: dict[str, Any], paths: list[str]
) -> None:
    assert list(problems(await admin.post(f"{BATCH}/export", json=query), 400)) == paths
