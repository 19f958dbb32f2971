"""Toggle types and projects in the 3.x admin API, which only lists them."""

import httpx

from store import Store
from store.operations.projects import create_project
from store.operations.toggle_types import update_toggle_type
from tests.rest_compat.conftest import begins_with, create
from tests.store.operations.doing import carry_out


async def undeclared(store: Store) -> None:
    """A toggle whose type and project are undeclared."""
    await create(store, "t", type="odd", project="nowhere")


pytestmark = begins_with(undeclared)


async def test_toggle_types_are_listed_in_their_order(admin: httpx.AsyncClient) -> None:
    answer = await admin.get("/api/admin/feature-types")

    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    types = answer.json()["types"]
    assert [
        (toggle_type["id"], toggle_type["name"], toggle_type["lifetimeDays"])
        for toggle_type in types
    ] == [
        ("release", "Release", 40),
        ("experiment", "Experiment", 40),
        ("operational", "Operational", 7),
        ("kill-switch", "Kill switch", None),
        ("permission", "Permission", None),
        ("sunset", "Sunset", 90),
    ]
    assert types[4] == {
        "id": "permission",
        "name": "Permission",
        "description": "Gives a feature to the users who are entitled to it.",
        "lifetimeDays": None,
    }


async def test_a_toggle_type_is_listed_once_it_is_declared(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, update_toggle_type, "odd", lifetime_days=3)

    answer = await admin.get("/api/admin/feature-types")

    assert answer.json()["types"][6:] == [
        {"id": "odd", "name": "odd", "description": "", "lifetimeDays": 3}
    ]


async def test_projects_are_listed_by_name(store: Store, admin: httpx.AsyncClient) -> None:
    project = await carry_out(
        store, create_project, name="Web", title="Web shop", description="All"
    )

    answer = await admin.get("/api/admin/projects")

    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert [item["id"] for item in answer.json()["projects"]] == ["Web", "default"]
    assert answer.json()["projects"][0] == {
        "id": "Web",
        "name": "Web shop",
        "description": "All",
        "createdAt": project.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
