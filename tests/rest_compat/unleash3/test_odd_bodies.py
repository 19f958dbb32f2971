"""Bodies with unusual content, which must not get into columns, logs or answers."""

import json
from typing import Any

import httpx
import pytest
from yggdrasil_engine.engine import UnleashEngine

from store import Store
from tests.rest_compat.conftest import FEATURES, begins_with, create
from tests.rest_compat.unleash3.toggles import live_and_archived

TOGGLE = {"name": "new-one", "strategies": [{"name": "default"}]}
BODIES: list[tuple[str, dict[str, Any]]] = [
    ("features", {**TOGGLE, "description": "\0"}),
    ("features", {**TOGGLE, "type": "a\0b"}),
    ("features", {**TOGGLE, "unknown": {"\0": 1}}),
    ("features", {**TOGGLE, "strategies": [{"name": "default", "parameters": {"a": "\0"}}]}),
    ("strategies", {"name": "own", "parameters": [{"name": "a\0", "type": "string"}]}),
    ("context", {"name": "field", "legalValues": ["a", "\0"]}),
    ("tag-types", {"name": "owner", "icon": "\0"}),
    ("tags", {"type": "simple", "value": "a\0b"}),
    ("features/aa/tags", {"type": "simple", "value": "a\0b"}),
    ("metrics/applications/shop", {"description": "\0"}),
    ("state/import", {"features": [{**TOGGLE, "description": "\0"}]}),
]


@pytest.mark.parametrize(
    ("path", "body", "character"),
    [*((*item, "\\u0000") for item in BODIES), (*BODIES[0], "\\ud800"), (*BODIES[-1], "\\ud800")],
)
@begins_with(live_and_archived)
async def test_nul_and_halves_of_characters_are_in_nothing_that_is_stored(
    store: Store, admin: httpx.AsyncClient, path: str, body: dict[str, Any], character: str
) -> None:
    before = store.snapshot
    content = json.dumps(body).replace("\\u0000", character)

    answer = await admin.post(
        f"/api/admin/{path}", content=content, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.json()["name"] in ("BadDataError", "ValidationError")
    assert store.snapshot is before


async def test_of_equal_keys_the_last_one_is_checked_and_stored(
    store: Store, admin: httpx.AsyncClient
) -> None:
    headers = {"content-type": "application/json"}
    strategies = '"strategies": [{"name": "default"}]'

    stored = await admin.post(
        "/api/admin/features",
        content=f'{{"name": "..", "name": "last", {strategies}, "enabled": 5, "enabled": true}}',
        headers=headers,
    )
    refused = await admin.post(
        "/api/admin/features",
        content=f'{{"name": "fine", "name": "..", {strategies}}}',
        headers=headers,
    )

    assert (stored.status_code, stored.json()["name"]) == (201, "last")
    assert stored.json()["enabled"] is True
    assert refused.status_code == 400
    assert [*store.snapshot.toggles] == ["last"]


async def test_a_drop_is_one_revision_and_keeps_tokens_and_the_log(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await create(store, "old", "gone")
    before = store.snapshot
    (created,) = (await admin.get("/api/admin/events/gone")).json()["events"]

    answer = await admin.post(
        "/api/admin/state/import", params={"drop": "true"}, json={"features": [TOGGLE]}
    )

    events = (await admin.get("/api/admin/events")).json()["events"]
    assert answer.status_code == 202
    assert [*store.snapshot.toggles] == ["new-one"]
    assert store.snapshot.revision == before.revision + 1
    assert store.snapshot.tokens == before.tokens
    assert [event["type"] for event in events[:2]] == ["feature-import", "drop-features"]
    assert created in [event | {"diffs": created["diffs"]} for event in events]


@pytest.mark.parametrize(
    ("weights", "served"),
    [
        ([33.3, "33.3", 33.4], [33, 33, 34]),
        ([0.5, 1, 0.5], [0, 1, 1]),
        ([0.1] * 10, [0] * 9 + [1]),
        (["5e2", 500.0], [500, 500]),
        ([1e-320], [0]),
    ],
)
async def test_weights_that_are_fractions_leave_the_list_readable_to_the_official_engine(
    store: Store,
    admin: httpx.AsyncClient,
    client: httpx.AsyncClient,
    weights: list[Any],
    served: list[int],
) -> None:
    await create(store, "beside")
    variants = [{"name": f"v{at}", "weight": weight} for at, weight in enumerate(weights)]
    created = await admin.post("/api/admin/features", json=TOGGLE | {"variants": variants})

    payload = await client.get(FEATURES)

    engine = UnleashEngine()
    engine.take_state(payload.text)
    assert [variant["weight"] for variant in created.json()["variants"]] == [
        float(weight) for weight in weights
    ]
    (toggle,) = [feature for feature in payload.json()["features"] if feature["name"] == "new-one"]
    assert [variant["weight"] for variant in toggle["variants"]] == served
    assert [engine.is_enabled(item, {}).is_found for item in ("beside", "new-one")] == [True, True]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("features", {"name": "not a name"}),
        ("strategies", {"name": "not a name", "parameters": []}),
        ("context", {"name": "not a name"}),
        ("tag-types", {"name": "not a name"}),
        ("tags", {"type": "not a name", "value": "red"}),
        ("features/aa/tags", {"type": "not a name", "value": "red"}),
    ],
)
@begins_with(live_and_archived)
async def test_all_bodies_describe_a_wrong_name_alike(
    admin: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    answer = await admin.post(f"/api/admin/{path}", json=body)

    (key,) = [key for key, value in body.items() if value == "not a name"]
    assert answer.json()["details"] == [
        {
            "message": f"\"{key}\": The name 'not a name' must be URL friendly.",
            "path": [key],
            "type": "isUrlFriendly.base",
        }
    ]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("features", {"name": "a"}, '"name": The value must have at least 2 characters, not 1.'),
        ("strategies", {"name": "aa"}, "\"parameters\": The key 'parameters' is missing."),
        (
            "context",
            {"name": "aa", "legalValues": ["b", "b"]},
            "\"legalValues[1]\": The value 'b' occurs more than once.",
        ),
        (
            "tag-types",
            {"name": "aa", "color": "red"},
            "\"color\": The color 'red' is not hexadecimal, such as #00ff7f.",
        ),
        ("tags", {"value": ["red"]}, '"value": The value must be a string, not a list.'),
        ("metrics/applications/shop", {"size": 1}, "\"size\": The key 'size' is unknown."),
    ],
)
async def test_messages_name_the_path_the_value_and_the_rule(
    admin: httpx.AsyncClient, path: str, body: dict[str, Any], message: str
) -> None:
    answer = await admin.post(f"/api/admin/{path}", json=body)

    assert [detail["message"] for detail in answer.json()["details"]] == [message]
