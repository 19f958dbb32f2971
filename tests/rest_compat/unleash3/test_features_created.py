"""Creating toggles in the 3.x admin API, and the rules for the request."""

import asyncio
from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import begins_with
from tests.rest_compat.unleash3.responses import newest_event
from tests.rest_compat.unleash3.toggles import DEFAULT, FEATURES, live_and_archived, make, read
from tests.store.operations.doing import log

VALIDATE = f"{FEATURES}/validate"
VARIANT = {"name": "vv", "weight": 1000}
CONSTRAINT = {"contextName": "userId", "operator": "IN", "values": ["1"]}


async def test_a_new_toggle_has_defaults(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.post(FEATURES, json={"name": "aa", "strategies": [{"name": "default"}]})

    assert answer.status_code == 201
    toggle = store.snapshot.toggles["aa"]
    assert answer.json() == {
        "name": "aa",
        "description": None,
        "type": "release",
        "project": "default",
        "enabled": False,
        "stale": False,
        "strategies": [{"name": "default"}],
        "variants": None,
        "createdAt": toggle.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "lastSeenAt": None,
    }
    assert await read(admin, "aa") == answer.json()
    assert toggle.created_by is not None
    assert toggle.created_by.name == "ada"


async def test_a_new_toggle_is_what_was_sent(admin: httpx.AsyncClient) -> None:
    sent: dict[str, Any] = {
        "name": "aa",
        "description": "",
        "type": "whatever",
        "project": "no such project",
        "enabled": True,
        "stale": True,
        "strategies": [
            {"name": "nobodyKnows", "parameters": {"a": "1", "b": {"c": [2]}}},
            {"name": "default", "constraints": [CONSTRAINT, CONSTRAINT | {"operator": "ODD"}]},
            {"name": "default", "constraints": None},
            {"name": "default", "constraints": []},
        ],
        "variants": [
            {
                "name": "red",
                "weight": 0.5,
                "weightType": "fix",
                "stickiness": "userId",
                "payload": {"type": "odd", "value": "x"},
                "overrides": [{"contextName": "userId", "values": ["1"]}, {"contextName": "b"}],
            },
            {
                "name": "blue",
                "weight": 1,
                "weightType": "variable",
                "stickiness": "default",
                "overrides": [],
            },
        ],
    }

    created = await make(admin, **sent)

    assert {key: created[key] for key in sent} == sent
    assert await read(admin, "aa") == created


async def test_single_values_are_shown_as_they_were_sent(admin: httpx.AsyncClient) -> None:
    constraint = {"contextName": "c", "operator": "NUM_EQ", "values": ["5"], "inverted": True}
    strategies = [{"name": "default", "constraints": [constraint]}]

    assert (await make(admin, "aa", strategies=strategies))["strategies"] == strategies


async def test_variants_get_their_defaults_and_keep_their_weights(
    admin: httpx.AsyncClient,
) -> None:
    variants = [{"name": "aa", "weight": 1}, {"name": "bb", "weight": 1, "weightType": "fix"}]

    created = await make(admin, "aa", variants=variants)

    assert created["variants"] == [
        {"name": "aa", "weight": 1, "weightType": "variable", "stickiness": "default"},
        {"name": "bb", "weight": 1, "weightType": "fix", "stickiness": "default"},
    ]


@pytest.mark.parametrize("sent", [{}, {"variants": None}])
async def test_no_variants_are_null(admin: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    assert (await make(admin, "aa", **sent))["variants"] is None


async def test_an_empty_list_of_variants_stays_one(admin: httpx.AsyncClient) -> None:
    assert (await make(admin, "aa", variants=[]))["variants"] == []


async def test_strings_that_say_a_boolean_or_a_number_count_as_one(
    admin: httpx.AsyncClient,
) -> None:
    created = await make(
        admin,
        "aa",
        enabled="TRUE",
        stale="false",
        variants=[{"name": "vv", "weight": " 1e2 "}, {"name": "ww", "weight": "0.25"}],
    )

    assert (created["enabled"], created["stale"]) == (True, False)
    assert [variant["weight"] for variant in created["variants"]] == [100, 0.25]


async def test_unknown_keys_are_dropped_at_every_level(admin: httpx.AsyncClient) -> None:
    created = await make(
        admin,
        "aa",
        colour="red",
        archived=True,
        createdAt="2020-01-01T00:00:00.000Z",
        lastSeenAt="2020-01-01T00:00:00.000Z",
        strategies=[
            {
                "name": "default",
                "id": 1,
                "segments": [99],
                "constraints": [{"contextName": "c", "operator": "IN", "value": "x", "odd": 1}],
            }
        ],
        variants=[
            VARIANT
            | {
                "odd": 1,
                "payload": {"type": "t", "value": "v", "odd": 1},
                "overrides": [{"contextName": "c", "odd": 1}],
            }
        ],
    )

    assert created["strategies"] == [
        {"name": "default", "constraints": [{"contextName": "c", "operator": "IN"}]}
    ]
    assert created["variants"] == [
        VARIANT
        | {
            "weightType": "variable",
            "stickiness": "default",
            "payload": {"type": "t", "value": "v"},
            "overrides": [{"contextName": "c"}],
        }
    ]
    assert created.keys() == (await read(admin, "aa")).keys()
    assert "colour" not in created
    assert created["lastSeenAt"] is None
    assert not created["createdAt"].startswith("2020")


async def test_a_description_may_fill_the_body(admin: httpx.AsyncClient) -> None:
    assert (await make(admin, "aa", description="x" * 101_000))["description"] == "x" * 101_000


async def test_unknown_types_and_projects_are_not_declared_by_it(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await make(admin, "aa", type="odd", project="nowhere")

    assert not store.snapshot.toggle_types["odd"].declared
    assert not store.snapshot.projects["nowhere"].declared


async def test_the_event_shows_the_cleaned_body_with_defaults(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await make(admin, "aa", colour="red")
    least = await newest_event(store)
    await make(admin, "bb", description=None, enabled="true", variants=[VARIANT])
    newest = await newest_event(store)

    defaults = {"stale": False, "type": "release", "project": "default", "strategies": DEFAULT}
    assert least == ("feature-created", defaults | {"name": "aa", "enabled": False})
    assert newest == (
        "feature-created",
        defaults
        | {
            "name": "bb",
            "enabled": True,
            "description": None,
            "variants": [VARIANT | {"weightType": "variable", "stickiness": "default"}],
        },
    )


async def test_variants_of_null_are_reported_in_the_event(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await make(admin, "aa", variants=None)

    assert (await newest_event(store))[1]["variants"] is None


@pytest.mark.parametrize("name", ["aa", "a" * 100, "a-_.~!*'()", "...", "__proto__"])
async def test_names_at_the_edge_of_the_rules(admin: httpx.AsyncClient, name: str) -> None:
    assert (await admin.post(VALIDATE, json={"name": name})).status_code == 200
    assert (await make(admin, name))["name"] == name


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (FEATURES, {"strategies": DEFAULT}),
        (FEATURES, {"strategies": "no", "enabled": 5}),
        (VALIDATE, {}),
    ],
)
@pytest.mark.parametrize("name", ["aa", "archived"])
@begins_with(live_and_archived)
async def test_a_taken_name_comes_before_the_rest_of_the_body(
    store: Store, admin: httpx.AsyncClient, path: str, body: dict[str, Any], name: str
) -> None:
    before = store.snapshot

    answer = await admin.post(path, json={"name": name, **body})

    assert answer.status_code == 409
    article = "An archived toggle" if name == "archived" else "A toggle"
    assert answer.json() == {
        "isJoi": True,
        "name": "NameExistsError",
        "details": [{"message": f"{article} named '{name}' already exists."}],
    }
    assert store.snapshot is before


async def test_a_free_name_is_valid_and_stays_free(store: Store, admin: httpx.AsyncClient) -> None:
    before = store.snapshot

    answer = await admin.post(VALIDATE, json={"name": "aa"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert store.snapshot is before


async def test_of_many_that_create_one_name_one_wins(
    store: Store, admin: httpx.AsyncClient
) -> None:
    body = {"name": "aa", "strategies": DEFAULT}

    answers = await asyncio.gather(*(admin.post(FEATURES, json=body) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {answer.json()["name"] for answer in answers if answer.status_code == 409} == {
        "NameExistsError"
    }
    created = [item for item in await log(store) if item.wire_type == "feature-created"]
    assert len(created) == 1
