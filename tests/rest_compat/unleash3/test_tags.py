"""Tags of all toggles in the 3.x admin API."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from store import Store
from store.operations.tag_types import create_tag_type
from store.operations.tags import create_tag
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Tag
from tests.rest_compat.conftest import begins_with
from tests.rest_compat.unleash3.responses import newest_event, violations_in
from tests.store.operations.doing import carry_out, log

PATH = "/api/admin/tags"
RED = {"type": "simple", "value": "red"}


async def two_tags(store: Store) -> None:
    """One tag on a toggle, and one tag without a toggle."""
    await carry_out(store, create_tag_type, name="squad")
    await carry_out(store, create_toggle, name="t", tags=[Tag("simple", "red")])
    await carry_out(store, create_tag, Tag("squad", "a/b ü"))


pytestmark = begins_with(two_tags)


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("", [RED, {"type": "squad", "value": "a/b ü"}]),
        ("/simple", [RED]),
        ("/nobody", []),
    ],
)
async def test_tags_are_listed_altogether_and_by_type(
    store: Store, admin: httpx.AsyncClient, path: str, tags: list[dict[str, str]]
) -> None:
    answer = await admin.get(PATH + path)

    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "tags": tags}


async def test_a_tag_is_read_by_type_and_value(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{PATH}/squad/{quote('a/b ü', safe='')}")

    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "tag": {"type": "squad", "value": "a/b ü"}}


@pytest.mark.parametrize("path", ["squad/red", "nobody/red"])
async def test_an_unknown_tag_is_404(admin: httpx.AsyncClient, path: str) -> None:
    answer = await admin.get(f"{PATH}/{path}")

    assert (answer.status_code, answer.text) == (404, "")


@pytest.mark.parametrize("path", ["squad/red", "nobody/red", "a%20b/%2F", f"squad/{'x' * 5_000}"])
async def test_deleting_a_tag_that_is_not_there_does_nothing(
    store: Store, admin: httpx.AsyncClient, path: str
) -> None:
    before = store.snapshot

    answer = await admin.delete(f"{PATH}/{path}")

    assert (answer.status_code, answer.text) == (200, "")
    assert store.snapshot is before


async def test_a_tag_is_deleted_once_however_often_that_is_requested(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await admin.post(PATH, json={"type": "simple", "value": "once"})

    statuses = [(await admin.delete(f"{PATH}/simple/once")).status_code for _ in range(2)]

    events = (await admin.get("/api/admin/events")).json()["events"]
    assert statuses == [200, 200]
    assert [event["type"] for event in events].count("tag-deleted") == 1


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        ({"type": "squad", "value": "lonely"}, {"type": "squad", "value": "lonely"}),
        ({"value": "lonely", "color": 1}, {"type": "simple", "value": "lonely"}),
    ],
)
async def test_a_tag_is_created_that_no_toggle_carries(
    store: Store, admin: httpx.AsyncClient, body: dict[str, Any], tag: dict[str, str]
) -> None:
    answer = await admin.post(PATH, json=body)

    assert answer.status_code == 201
    assert answer.headers["location"] == f"tags/{tag['type']}/lonely"
    assert answer.json() == {"version": 1, "tag": tag}
    assert (await admin.get(f"{PATH}/{tag['type']}/lonely")).json()["tag"] == tag
    assert await newest_event(store) == ("tag-created", tag)


async def test_a_tag_that_is_there_is_409(store: Store, admin: httpx.AsyncClient) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, json=RED)

    assert answer.status_code == 409
    assert answer.json() == {
        "isJoi": True,
        "name": "NameExistsError",
        "details": [{"message": "The tag 'simple:red' already exists."}],
    }
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("value", "any.required")]),
        (
            {"value": "x", "type": "two words"},
            [("value", "string.min"), ("type", "isUrlFriendly.base")],
        ),
        ({"value": "x" * 51, "type": "t" * 51}, [("value", "string.max"), ("type", "string.max")]),
        ({"value": 5, "type": None}, [("value", "string.base"), ("type", "string.base")]),
        ({"value": "a\nb"}, [("value", "text-characters")]),
        ({"value": "lonely", "type": "nobody"}, [("type", "not_found")]),
    ],
)
async def test_all_violations_of_a_body_are_reported_and_nothing_is_stored(
    store: Store, admin: httpx.AsyncClient, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    before = store.snapshot

    answer = await admin.post(PATH, json=body)

    assert violations_in(answer) == expected
    assert store.snapshot is before


async def test_a_free_tag_is_deleted_with_its_event(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.delete(f"{PATH}/squad/{quote('a/b ü', safe='')}")

    assert (answer.status_code, answer.text) == (200, "")
    assert [*store.snapshot.tags] == [("simple", "red")]
    assert await newest_event(store) == ("tag-deleted", {"type": "squad", "value": "a/b ü"})


async def test_toggles_lose_a_tag_that_is_deleted(store: Store, admin: httpx.AsyncClient) -> None:
    tags = [Tag("simple", "red"), Tag("simple", "blue")]
    await carry_out(store, create_toggle, name="old", tags=tags)
    await carry_out(store, archive_toggle, "old")

    answer = await admin.delete(f"{PATH}/simple/red")

    assert (answer.status_code, answer.text) == (200, "")
    assert store.snapshot.toggles["t"].tags == ()
    assert store.snapshot.toggles["old"].tags == (Tag("simple", "blue"),)
    assert [item.wire_type for item in (await log(store))[-3:]] == [
        "feature-untagged",
        "feature-untagged",
        "tag-deleted",
    ]
