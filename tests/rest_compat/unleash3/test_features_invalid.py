"""Invalid toggles in bodies of the 3.x admin API: path and rule of each violation."""

from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.unleash3.responses import violations_in
from tests.rest_compat.unleash3.toggles import DEFAULT, FEATURES

VALIDATE = f"{FEATURES}/validate"
VARIANT = {"name": "vv", "weight": 1000}
CONSTRAINT = {"contextName": "userId", "operator": "IN", "values": ["1"]}


@pytest.mark.parametrize("path", [FEATURES, VALIDATE])
@pytest.mark.parametrize(
    ("body", "violation"),
    [
        ({}, ("name", "any.required")),
        ([], ("name", "any.required")),
        (42, ("name", "any.required")),
        ({"name": ""}, ("name", "string.empty")),
        ({"name": "a"}, ("name", "string.min")),
        ({"name": "a" * 101}, ("name", "string.max")),
        ({"name": None}, ("name", "string.base")),
        ({"name": 5}, ("name", "string.base")),
        ({"name": ["aa"]}, ("name", "string.base")),
        ({"name": "a b"}, ("name", "isUrlFriendly.base")),
        ({"name": "a/b"}, ("name", "isUrlFriendly.base")),
        ({"name": "a%20b"}, ("name", "isUrlFriendly.base")),
        ({"name": "ånd"}, ("name", "isUrlFriendly.base")),
        ({"name": ".."}, ("name", "isUrlFriendly.base")),
        ({"name": "aa\n"}, ("name", "isUrlFriendly.base")),
        ({"name": "<script>"}, ("name", "isUrlFriendly.base")),
        ({"name": "a\u202eb"}, ("name", "isUrlFriendly.base")),
        ({"name": "😀😀"}, ("name", "isUrlFriendly.base")),
        ({"name": "a b", "enabled": 5}, ("name", "isUrlFriendly.base")),
    ],
)
async def test_the_rules_of_names_come_first_and_alone(
    store: Store, admin: httpx.AsyncClient, path: str, body: Any, violation: tuple[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.post(path, json=body)

    assert violations_in(answer) == [violation]
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("fields", "violation"),
    [
        ({"strategies": None}, ("strategies", "array.base")),
        ({"strategies": {}}, ("strategies", "array.base")),
        ({"strategies": []}, ("strategies", "array.min")),
        ({"strategies": DEFAULT * 501}, ("strategies", "array.max")),
        ({"strategies": [5]}, ("strategies[0]", "object.base")),
        ({"strategies": [{}]}, ("strategies[0].name", "any.required")),
        ({"strategies": [{"name": "a b"}]}, ("strategies[0].name", "isUrlFriendly.base")),
        ({"strategies": [{"name": "a"}]}, ("strategies[0].name", "string.min")),
        ({"enabled": "yes"}, ("enabled", "boolean.base")),
        ({"enabled": None}, ("enabled", "boolean.base")),
        ({"stale": 1}, ("stale", "boolean.base")),
        ({"type": 7}, ("type", "string.base")),
        ({"type": ""}, ("type", "string.empty")),
        ({"type": None}, ("type", "string.base")),
        ({"project": ""}, ("project", "string.empty")),
        ({"project": "x" * 101}, ("project", "text-length")),
        ({"type": "a\nb"}, ("type", "text-characters")),
        ({"description": 5}, ("description", "string.base")),
        ({"description": "\u0007"}, ("description", "text-characters")),
        ({"variants": {}}, ("variants", "array.base")),
        ({"variants": [VARIANT, 5]}, ("variants[1]", "object.base")),
        ({"variants": [VARIANT, VARIANT]}, ("variants[1]", "array.unique")),
        ({"variants": [VARIANT] * 501}, ("variants", "array.max")),
    ],
)
async def test_what_is_wrong_with_a_toggle(
    store: Store, admin: httpx.AsyncClient, fields: dict[str, Any], violation: tuple[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.post(FEATURES, json={"name": "aa", "strategies": DEFAULT} | fields)

    assert violations_in(answer) == [violation]
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("parameters", "violation"),
    [
        (None, ("", "object.base")),
        ("x", ("", "object.base")),
        ([], ("", "object.base")),
        ({"a": {"b": ["\u0007"]}}, (".a.b[0]", "text-characters")),
        ({"x" * 101: ""}, (f".{'x' * 59}…", "text-length")),
    ],
)
async def test_what_is_wrong_with_parameters(
    admin: httpx.AsyncClient, parameters: Any, violation: tuple[str, str]
) -> None:
    strategies = [{"name": "default", "parameters": parameters}]

    answer = await admin.post(FEATURES, json={"name": "aa", "strategies": strategies})

    path, rule = violation
    assert violations_in(answer) == [(f"strategies[0].parameters{path}", rule)]


@pytest.mark.parametrize(
    ("constraints", "violation"),
    [
        ("x", ("", "array.base")),
        ([5], ("[0]", "object.base")),
        ([{"operator": "IN"}], ("[0].contextName", "any.required")),
        ([{"contextName": "c"}], ("[0].operator", "any.required")),
        ([CONSTRAINT | {"contextName": ""}], ("[0].contextName", "string.empty")),
        ([CONSTRAINT | {"operator": 5}], ("[0].operator", "string.base")),
        ([CONSTRAINT | {"values": []}], ("[0].values", "array.min")),
        ([CONSTRAINT | {"values": None}], ("[0].values", "array.base")),
        ([CONSTRAINT | {"values": [1]}], ("[0].values[0]", "string.base")),
        ([CONSTRAINT | {"values": ["a", ""]}], ("[0].values[1]", "string.empty")),
        ([CONSTRAINT | {"values": ["a" * 101]}], ("[0].values[0]", "string.max")),
        ([CONSTRAINT | {"inverted": "perhaps"}], ("[0].inverted", "boolean.base")),
        ([CONSTRAINT] * 501, ("", "array.max")),
    ],
)
async def test_what_is_wrong_with_constraints(
    admin: httpx.AsyncClient, constraints: Any, violation: tuple[str, str]
) -> None:
    strategies = [{"name": "default", "constraints": constraints}]

    answer = await admin.post(FEATURES, json={"name": "aa", "strategies": strategies})

    path, rule = violation
    assert violations_in(answer) == [(f"strategies[0].constraints{path}", rule)]


@pytest.mark.parametrize(
    ("fields", "violation"),
    [
        ({"name": None}, ("name", "string.base")),
        ({"name": "v"}, ("name", "string.min")),
        ({"name": "a b"}, ("name", "isUrlFriendly.base")),
        ({"weight": None}, ("weight", "number.base")),
        ({"weight": True}, ("weight", "number.base")),
        ({"weight": "much"}, ("weight", "number.base")),
        ({"weight": "NaN"}, ("weight", "number.base")),
        ({"weight": "1e999"}, ("weight", "number.base")),
        ({"weight": -0.001}, ("weight", "number.min")),
        ({"weight": 1000.5}, ("weight", "number.max")),
        ({"weightType": "heavy"}, ("weightType", "any.only")),
        ({"weightType": None}, ("weightType", "any.only")),
        ({"stickiness": ""}, ("stickiness", "string.empty")),
        ({"payload": None}, ("payload", "object.base")),
        ({"payload": "x"}, ("payload", "object.base")),
        ({"payload": {"type": "t"}}, ("payload.value", "any.required")),
        ({"payload": {"type": "", "value": "v"}}, ("payload.type", "string.empty")),
        ({"payload": {"type": "t", "value": 5}}, ("payload.value", "string.base")),
        ({"overrides": None}, ("overrides", "array.base")),
        ({"overrides": [{}]}, ("overrides[0].contextName", "any.required")),
        (
            {"overrides": [{"contextName": "c", "values": [1]}]},
            ("overrides[0].values[0]", "string.base"),
        ),
    ],
)
async def test_what_is_wrong_with_a_variant(
    admin: httpx.AsyncClient, fields: dict[str, Any], violation: tuple[str, str]
) -> None:
    body = {"name": "aa", "strategies": DEFAULT, "variants": [VARIANT | fields]}

    answer = await admin.post(FEATURES, json=body)

    path, rule = violation
    assert violations_in(answer) == [(f"variants[0].{path}", rule)]


async def test_all_violations_are_reported_at_once_in_the_order_of_3x(
    admin: httpx.AsyncClient,
) -> None:
    body = {
        "variants": [{"name": "vv"}],
        "strategies": [],
        "type": 7,
        "description": 5,
        "enabled": 5,
        "name": "aa",
    }

    assert violations_in(await admin.post(FEATURES, json=body)) == [
        ("enabled", "boolean.base"),
        ("type", "string.base"),
        ("description", "string.base"),
        ("strategies", "array.min"),
        ("variants[0].weight", "any.required"),
    ]


async def test_a_flood_of_violations_is_cut_off(admin: httpx.AsyncClient) -> None:
    parameters = {"list": ["\u0007"] * 5_000}
    body = {"name": "aa", "strategies": [{"name": "default", "parameters": parameters}]}

    answer = await admin.post(FEATURES, json=body)

    assert len(violations_in(answer)) == 100


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b'{"name": NaN}', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b'{"name": "a\\u0000b"}', {}, 400),
        (b'{"name": "a\\ud800b"}', {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"name": "aa"}', {"content-type": "text/plain"}, 415),
        (b"name=aa", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b" " * 1_000_001, {}, 413),
    ],
)
async def test_a_body_that_is_no_json_is_refused(
    admin: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    headers = {"content-type": "application/json"} | headers

    answer = await admin.post(FEATURES, content=content, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/validate"), ("PUT", "/x"), ("POST", "/x/tags")]
)
async def test_a_body_that_is_no_json_is_refused_before_anything_else(
    admin: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await admin.request(
        method, f"{FEATURES}{path}", content=b"{", headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
