"""Tags on toggles in the 3.x admin API."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from store import Store
from store.operations.tag_types import create_tag_type
from store.operations.toggles import archive_toggle
from store.values import Tag
from tests.rest_compat.conftest import begins_with, create
from tests.rest_compat.unleash3.responses import newest_event, violations_in
from tests.rest_compat.unleash3.toggles import FEATURES
from tests.store.operations.doing import carry_out, log

TAGS = f"{FEATURES}/aa/tags"
RED = {"type": "simple", "value": "red"}


async def live_and_archived(store: Store) -> None:
    """The live toggle `aa` without tags, and the archived toggle `archived` with one tag."""
    await carry_out(store, create_tag_type, name="squad")
    await create(store, "aa")
    await create(store, "archived", tags=[Tag("simple", "blue")])
    await carry_out(store, archive_toggle, "archived")


pytestmark = begins_with(live_and_archived)


async def test_a_toggle_without_tags(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(TAGS)

    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "tags": []}


@pytest.mark.parametrize(
    ("sent", "tag"),
    [
        ({"type": "squad", "value": "red"}, {"type": "squad", "value": "red"}),
        ({"value": "red"}, RED),
        (RED | {"colour": 5}, RED),
        (RED | {"value": "a/b: ü%"}, RED | {"value": "a/b: ü%"}),
        (RED | {"value": "x" * 50}, RED | {"value": "x" * 50}),
    ],
)
async def test_a_toggle_is_tagged(
    admin: httpx.AsyncClient, sent: dict[str, Any], tag: dict[str, str]
) -> None:
    answer = await admin.post(TAGS, json=sent)

    assert (answer.status_code, answer.json()) == (201, tag)
    assert answer.headers["location"] == TAGS.removeprefix("/api/admin/features/")
    assert (await admin.get(TAGS)).json()["tags"] == [tag]


async def test_a_new_tag_is_two_events_a_known_one_is_one(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await create(store, "bb")
    before = len(await log(store))

    await admin.post(TAGS, json=RED)
    await admin.post(f"{FEATURES}/bb/tags", json=RED)

    events = [
        (item.wire_type, item.wire_data, item.actor.name) for item in (await log(store))[before:]
    ]
    assert events == [
        ("tag-created", {"tag": RED}, "ada"),
        ("feature-tagged", {"featureName": "aa", "tag": RED}, "ada"),
        ("feature-tagged", {"featureName": "bb", "tag": RED}, "ada"),
    ]


async def test_a_tag_is_put_on_once(store: Store, admin: httpx.AsyncClient) -> None:
    await admin.post(TAGS, json=RED)
    before = store.snapshot

    answer = await admin.post(TAGS, json=RED)

    assert answer.status_code == 409
    assert answer.json() == {
        "isJoi": True,
        "name": "FeatureHasTagError",
        "details": [{"message": "Toggle 'aa' already has the tag 'simple:red'."}],
    }
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("body", "violation"),
    [
        ({}, ("value", "any.required")),
        ([], ("value", "any.required")),
        ({"value": "x"}, ("value", "string.min")),
        ({"value": "x" * 51}, ("value", "string.max")),
        ({"value": ""}, ("value", "string.empty")),
        ({"value": 55}, ("value", "string.base")),
        ({"value": "a\nb"}, ("value", "text-characters")),
        (RED | {"type": "s"}, ("type", "string.min")),
        (RED | {"type": "s" * 51}, ("type", "string.max")),
        (RED | {"type": "a b"}, ("type", "isUrlFriendly.base")),
        (RED | {"type": None}, ("type", "string.base")),
        (RED | {"type": "nobody"}, ("type", "not_found")),
    ],
)
async def test_what_is_wrong_with_a_tag(
    store: Store, admin: httpx.AsyncClient, body: Any, violation: tuple[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.post(TAGS, json=body)

    assert violations_in(answer) == [violation]
    assert store.snapshot is before


async def test_a_toggle_carries_a_bounded_number_of_tags(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await create(store, "bb", tags=[Tag("simple", f"tag{number}") for number in range(500)])
    before = store.snapshot

    answer = await admin.post(f"{FEATURES}/bb/tags", json=RED)

    assert [rule for _, rule in violations_in(answer)] == ["limit_exceeded"]
    assert store.snapshot is before


@pytest.mark.parametrize("value", ["red", "a/b: ü%", ".."])
async def test_a_tag_is_taken_off_and_stays_known(
    store: Store, admin: httpx.AsyncClient, value: str
) -> None:
    tag = RED | {"value": value}
    await admin.post(TAGS, json=tag)

    answer = await admin.delete(f"{TAGS}/simple/{quote(value, safe='').replace('.', '%2E')}")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (await admin.get(TAGS)).json()["tags"] == []
    assert await newest_event(store) == ("feature-untagged", {"featureName": "aa", "tag": tag})
    assert ("simple", value) in store.snapshot.tags


@pytest.mark.parametrize("tag", ["simple/red", "nobody/red", "simple/%2F", f"simple/{'x' * 5_000}"])
async def test_taking_off_a_tag_that_is_not_there_does_nothing(
    store: Store, admin: httpx.AsyncClient, tag: str
) -> None:
    before = store.snapshot

    answer = await admin.delete(f"{TAGS}/{tag}")

    assert (answer.status_code, answer.content) == (200, b"")
    assert store.snapshot is before


@pytest.mark.parametrize("name", ["nope", "archived", "a%20b"])
async def test_unknown_and_archived_toggles_are_not_tagged(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{FEATURES}/{name}/tags", json=RED)

    assert (answer.status_code, answer.content) == (404, b"")
    assert store.snapshot is before


@pytest.mark.parametrize("name", ["nope", "a%20b"])
async def test_taking_a_tag_off_an_unknown_toggle_does_nothing(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    before = store.snapshot

    answer = await admin.delete(f"{FEATURES}/{name}/tags/simple/blue")

    assert (answer.status_code, answer.content) == (200, b"")
    assert store.snapshot is before


async def test_a_tag_is_taken_off_an_archived_toggle(
    store: Store, admin: httpx.AsyncClient
) -> None:
    answer = await admin.delete(f"{FEATURES}/archived/tags/simple/blue")

    data = {"featureName": "archived", "tag": {"type": "simple", "value": "blue"}}
    assert (answer.status_code, answer.content) == (200, b"")
    assert (await admin.get(f"{FEATURES}/archived/tags")).json()["tags"] == []
    assert await newest_event(store) == ("feature-untagged", data)
    assert store.snapshot.toggles["archived"].archived


async def test_the_tags_of_an_archived_toggle_can_be_read(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{FEATURES}/archived/tags")

    assert answer.json()["tags"] == [{"type": "simple", "value": "blue"}]


async def test_an_unknown_toggle_has_no_tags(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"{FEATURES}/nope/tags")

    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "tags": []}
