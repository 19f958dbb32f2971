"""Tag types in the 3.x admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from store.operations.tag_types import create_tag_type
from store.operations.toggles import create_toggle
from store.values import Tag
from tests.rest_compat.unleash3.responses import newest_event, violations_in
from tests.store.operations.doing import carry_out, log

PATH = "/api/admin/tag-types"
SIMPLE = {
    "name": "simple",
    "description": "A simple label.",
    "icon": "#",
    "color": None,
}
SQUAD = {"name": "squad", "description": "Who", "icon": "S"}


async def test_the_list_shows_the_tag_types_with_their_colors(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_tag_type, name="Area", color="#00ff7f")

    answer = await admin.get(PATH)

    assert answer.status_code == 200
    assert answer.json() == {
        "version": 1,
        "tagTypes": [
            {"name": "Area", "description": None, "icon": None, "color": "#00ff7f"},
            SIMPLE,
        ],
    }


async def test_a_tag_type_is_read(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{PATH}/simple")

    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "tagType": SIMPLE}


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {})])
async def test_an_unknown_tag_type_is_404(
    admin: httpx.AsyncClient, method: str, body: dict[str, Any] | None
) -> None:
    answer = await admin.request(method, f"{PATH}/ghost", json=body)

    assert (answer.status_code, answer.text) == (404, "")


@pytest.mark.parametrize("name", ["ghost", "a%20b", "x" * 5_000])
async def test_deleting_a_tag_type_that_is_not_there_does_nothing(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    before = store.snapshot

    answer = await admin.delete(f"{PATH}/{name}")

    assert (answer.status_code, answer.text) == (200, "")
    assert store.snapshot is before


@pytest.mark.parametrize(
    "body",
    [
        SQUAD,
        {"name": "squad"},
        {"name": "squad", "icon": ""},
        {"name": "squad", "color": None},
        {"name": "squad", "color": "#Ff00fF"},
    ],
)
async def test_a_tag_type_is_created_and_answered_as_it_was_sent(
    store: Store, admin: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    answer = await admin.post(PATH, json={**body, "x": 5})

    assert answer.status_code == 201
    assert answer.headers["location"] == "tag-types/squad"
    assert answer.json() == body
    assert await newest_event(store) == ("tag-type-created", body)
    assert (await admin.get(f"{PATH}/squad")).json()["tagType"] == {
        "description": None,
        "icon": None,
        "color": None,
        **body,
    }


@pytest.mark.parametrize("path", [PATH, f"{PATH}/validate"])
async def test_a_taken_name_is_409(store: Store, admin: httpx.AsyncClient, path: str) -> None:
    before = store.snapshot

    answer = await admin.post(path, json={"name": "simple"})

    assert answer.status_code == 409
    assert answer.json() == {
        "isJoi": True,
        "name": "NameExistsError",
        "details": [{"message": "A tag type named 'simple' already exists."}],
    }
    assert store.snapshot is before


async def test_a_valid_body_comes_back_and_is_not_stored(
    store: Store, admin: httpx.AsyncClient
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{PATH}/validate", json={"name": "fresh", "icon": "", "x": 1})

    assert answer.status_code == 200
    assert answer.json() == {"valid": True, "tagType": {"name": "fresh", "icon": ""}}
    assert store.snapshot is before


@pytest.mark.parametrize("path", [PATH, f"{PATH}/validate"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("name", "any.required")]),
        (
            {"name": "two words", "description": 1, "icon": []},
            [
                ("name", "isUrlFriendly.base"),
                ("description", "string.base"),
                ("icon", "string.base"),
            ],
        ),
        ({"name": "s"}, [("name", "string.min")]),
        ({"name": "s" * 51}, [("name", "string.max")]),
        ({"name": "squad", "color": "red"}, [("color", "string.pattern.name")]),
        ({"name": "squad", "color": ""}, [("color", "string.pattern.name")]),
        ({"name": "squad", "color": "#FFF"}, [("color", "string.pattern.name")]),
        ({"name": "squad", "color": 5}, [("color", "string.base")]),
    ],
)
async def test_all_violations_of_a_body_are_reported_and_nothing_is_stored(
    store: Store,
    admin: httpx.AsyncClient,
    path: str,
    body: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    before = store.snapshot

    answer = await admin.post(path, json=body)

    assert violations_in(answer) == expected
    assert store.snapshot is before


async def test_an_icon_of_several_lines_is_refused(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, json={"name": "squad", "icon": "a\nb"})

    assert violations_in(answer) == [("icon", "text-characters")]


async def test_an_update_leaves_what_it_does_not_name_unchanged(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(
        store, create_tag_type, name="squad", description="Who", icon="S", color="#00ff7f"
    )

    answer = await admin.put(f"{PATH}/squad", json={"name": "ignored", "icon": "Q"})

    assert (answer.status_code, answer.text) == (200, "")
    squad = store.snapshot.tag_types["squad"]
    assert (squad.description, squad.icon, squad.color) == ("Who", "Q", "#00ff7f")
    assert await newest_event(store) == ("tag-type-updated", {"name": "squad", "icon": "Q"})


async def test_an_update_without_a_change_writes_an_event_nevertheless(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await admin.post(PATH, json=SQUAD)

    await admin.put(f"{PATH}/squad", json={"description": "Who", "icon": "S"})

    assert [item.wire_type for item in (await log(store))[-2:]] == [
        "tag-type-created",
        "tag-type-updated",
    ]
    assert await newest_event(store) == ("tag-type-updated", SQUAD)


async def test_an_update_changes_the_color(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.put(f"{PATH}/simple", json={"color": "#00ff7f"})

    assert answer.status_code == 200
    assert (await admin.get(f"{PATH}/simple")).json()["tagType"] == SIMPLE | {"color": "#00ff7f"}


async def test_a_flawed_update_changes_nothing(store: Store, admin: httpx.AsyncClient) -> None:
    before = store.snapshot

    answer = await admin.put(f"{PATH}/simple", json={"icon": 7})

    assert violations_in(answer) == [("icon", "string.base")]
    assert store.snapshot is before


async def test_a_tag_type_is_deleted_with_its_free_tags(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await admin.post(PATH, json=SQUAD)
    await admin.post("/api/admin/tags", json={"type": "squad", "value": "lonely"})

    answer = await admin.delete(f"{PATH}/squad")

    assert (answer.status_code, answer.text) == (200, "")
    assert "squad" not in store.snapshot.tag_types
    assert dict(store.snapshot.tags) == {}
    assert await newest_event(store) == ("tag-type-deleted", {"name": "squad"})


async def test_a_tag_type_that_a_toggle_carries_is_not_deleted(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_toggle, name="t", tags=[Tag("simple", "red")])

    answer = await admin.delete(f"{PATH}/simple")

    assert answer.status_code == 409
    assert answer.json() == {
        "isJoi": True,
        "name": "ConflictError",
        "details": [{"message": "Tag type 'simple' cannot be deleted: one toggle uses it."}],
    }
    assert "simple" in store.snapshot.tag_types
