"""Values that an 8.2 server refuses or replaces by defaults, according to recordings."""

from typing import Any

import httpx
import pytest

from store import Store
from store.operations.context_fields import create_context_field
from store.values import LegalValue
from tests.patterns import LARGE, note_compiled, only_in_threads
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash8.conftest import (
    FEATURES,
    SEGMENTS,
    add_strategy,
    create_feature,
    create_segment,
    problems,
)
from tests.store.operations.doing import carry_out

STRATEGIES = f"{FEATURES}/x/environments/default/strategies"
VARIANTS = f"{FEATURES}/x/environments/default/variants"
BLUE = {"name": "blue", "weight": 1000, "weightType": "variable", "stickiness": "default"}


async def toggle(store: Store) -> None:
    """The toggle `x`, and a context field with legal values."""
    await create_feature(admin_of(store), "x")
    legal = [LegalValue("free"), LegalValue("1")]
    await carry_out(store, create_context_field, name="plan", legal_values=legal)


pytestmark = begins_with(toggle)


def constraint(operator: str, **fields: Any) -> dict[str, Any]:
    """A constraint on an undefined field."""
    return {"contextName": "a", "operator": operator, **fields}


@pytest.mark.parametrize(
    ("sent", "displayed"),
    [
        ({}, {"rollout": "100", "stickiness": "default", "groupId": "x"}),
        ({"rollout": 50}, {"rollout": "50", "stickiness": "default", "groupId": "x"}),
        ({"rollout": 33.5}, {"rollout": "33.5", "stickiness": "default", "groupId": "x"}),
        ({"rollout": 150}, {"rollout": "150", "stickiness": "default", "groupId": "x"}),
        ({"rollout": "", "groupId": "g", "stickiness": "userId"}, {}),
        (
            {"rollout": None, "groupId": None, "stickiness": None},
            {"rollout": "", "stickiness": "default", "groupId": "x"},
        ),
        (
            {"rollout": True, "groupId": "", "stickiness": "", "more": 7},
            {"rollout": "true", "stickiness": "default", "groupId": "x", "more": "7"},
        ),
    ],
)
async def test_the_parameters_of_a_gradual_rollout_are_filled_in(
    admin: httpx.AsyncClient, sent: dict[str, Any], displayed: dict[str, str]
) -> None:
    added = await add_strategy(admin, "x", name="flexibleRollout", parameters=sent)
    changed = await admin.put(
        f"{STRATEGIES}/{added['id']}", json={"name": "flexibleRollout", "parameters": sent}
    )

    assert added["parameters"] == (displayed or sent)
    assert changed.json()["parameters"] == (displayed or sent)


async def test_a_change_that_does_not_name_the_strategy_fills_in_nothing(
    admin: httpx.AsyncClient,
) -> None:
    added = await add_strategy(admin, "x", name="flexibleRollout")

    answer = await admin.put(f"{STRATEGIES}/{added['id']}", json={"parameters": {"rollout": 20}})

    assert answer.json()["parameters"] == {"rollout": "20"}


async def test_other_strategies_have_the_parameters_that_were_sent_as_strings(
    admin: httpx.AsyncClient,
) -> None:
    sent = {"n": 5, "b": False, "f": 1.5, "w": 2.0, "e": ""}

    added = await add_strategy(admin, "x", name="default", parameters=sent)

    assert added["parameters"] == {"n": "5", "b": "false", "f": "1.5", "w": "2", "e": ""}


ECHOED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (constraint("IN", values=["1"]), {}),
    (constraint("IN", values=["1"], inverted=False, caseInsensitive=False), {}),
    (constraint("STR_CONTAINS", values=["1"], inverted=True, caseInsensitive=True), {}),
    (constraint("IN", values=["x", "x"]), {}),
    (constraint("IN", values=["a"], value="z"), {}),
    (constraint("IN", values=[5, True, 2.5]), {"values": ["5", "true", "2.5"]}),
    (
        constraint("IN", values=["a"], inverted=None, caseInsensitive="true"),
        {"inverted": False, "caseInsensitive": True},
    ),
    (constraint("IN", values=["a"], inverted=1), {"inverted": True}),
    (constraint("NUM_GT", value=5), {"value": "5", "values": []}),
    (constraint("NUM_GT", value=" .5 "), {"values": []}),
    (constraint("NUM_GT", value="1e3", inverted=False), {"values": []}),
    (constraint("DATE_AFTER", value="2030-01-01T00:00:00.5Z"), {"values": []}),
    (constraint("DATE_AFTER", value="2030-01-01"), {"values": []}),
    (constraint("DATE_AFTER", value="2030-01-01T00:00"), {"values": []}),
    (constraint("DATE_AFTER", value="2030-01-01 00:00:00.123456+02:00"), {"values": []}),
    (constraint("DATE_AFTER", value="1900000000000"), {"values": []}),
    (constraint("SEMVER_EQ", value="1.2.3-rc.1+b"), {"values": []}),
    (constraint("REGEX", value="^a.*$", inverted=False), {"values": []}),
    (constraint("IN_CIDR", values=["10.0.0.0/8"]), {}),
    ({"contextName": 5, "operator": "IN", "values": ["a"]}, {"contextName": "5"}),
    ({"contextName": "plan", "operator": "NUM_EQ", "value": "1"}, {"values": []}),
]


@pytest.mark.parametrize(("sent", "changed"), ECHOED)
async def test_constraints_are_shown_as_they_were_sent(
    admin: httpx.AsyncClient, sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    strategy = await add_strategy(admin, "x", name="default", constraints=[sent])
    segment = await create_segment(admin, "s", sent)

    assert strategy["constraints"] == [sent | changed]
    assert segment["constraints"] == [sent | changed]
    assert (await admin.get(f"{SEGMENTS}/{segment['id']}")).json() == segment


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (constraint("NOPE", values=["a"]), "operator"),
        (constraint("in", values=["a"]), "operator"),
        (constraint("IN"), "values"),
        (constraint("STR_CONTAINS", values=[]), "values"),
        (constraint("IN", values=[""]), "values/0"),
        (constraint("IN", values=["a", None]), "values/1"),
        (constraint("STR_CONTAINS", values=["x" * 101]), "values/0"),
        (constraint("IN", values=None), "values"),
        (constraint("IN", values="a"), "values"),
        (constraint("IN", values=["a"], value=""), "value"),
        (constraint("IN", values=["a"], value=None), "value"),
        (constraint("IN", values=["a"], stray=1), "stray"),
        (constraint("IN", values=["a"], inverted="x"), "inverted"),
        (constraint("IN_CIDR", values=["10.0.0.0/99"]), "values/0"),
        (constraint("NUM_GT"), "value"),
        (constraint("NUM_GT", values=["5"]), "value"),
        (constraint("NUM_GT", value=""), "value"),
        (constraint("NUM_GT", value="abc"), "value"),
        (constraint("DATE_AFTER", value="abc"), "value"),
        (constraint("DATE_AFTER", value="2030-W01"), "value"),
        (constraint("DATE_AFTER", value="2030-02-30"), "value"),
        (constraint("DATE_AFTER", value="20300101T000000Z"), "value"),
        (constraint("DATE_AFTER", value="2030-01-01x00:00:00Z"), "value"),
        (constraint("DATE_AFTER", value="2030-01-01T000000Z"), "value"),
        (constraint("SEMVER_EQ", value="1.2"), "value"),
        (constraint("SEMVER_EQ", value="v1.2.3"), "value"),
        (constraint("REGEX", value="("), "value"),
        (constraint("REGEX", value="(?=x)"), "value"),
        (constraint("REGEX", value=LARGE), "value"),
        (constraint("REGEX", value="a" * 1_001), "value"),
        (constraint("REGEX", value="x", inverted=True), "inverted"),
        ({"operator": "IN", "values": ["a"]}, "contextName"),
        ({"contextName": "", "operator": "IN", "values": ["a"]}, "contextName"),
        ({"contextName": "a", "values": ["a"]}, "operator"),
        ({"contextName": "plan", "operator": "IN", "values": ["free", "z"]}, "values"),
        ({"contextName": "plan", "operator": "STR_CONTAINS", "values": ["z"]}, "values"),
        ({"contextName": "plan", "operator": "NUM_EQ", "value": "2"}, "value"),
    ],
)
async def test_constraints_that_8_2_refuses_are_400_everywhere(
    admin: httpx.AsyncClient, store: Store, sent: dict[str, Any], path: str
) -> None:
    strategy = await add_strategy(admin, "x", name="default")
    segment = await create_segment(admin, "s")
    before = store.snapshot
    strategy_body = {"name": "default", "constraints": [sent]}
    segment_body = {"name": "s2", "constraints": [sent]}

    with note_compiled() as compiled:
        answers = [
            await admin.post(STRATEGIES, json=strategy_body),
            await admin.put(f"{STRATEGIES}/{strategy['id']}", json=strategy_body),
            await admin.post(SEGMENTS, json=segment_body),
            await admin.put(f"{SEGMENTS}/{segment['id']}", json=segment_body),
        ]

    assert len(only_in_threads(compiled)) <= 1

    assert [[*problems(answer, 400)] for answer in answers] == [[f"/body/constraints/0/{path}"]] * 4
    assert store.snapshot is before


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_each_pattern_is_compiled_once_in_a_thread(
    admin: httpx.AsyncClient, method: str
) -> None:
    strategy = await add_strategy(admin, "x", name="default")
    segment = await create_segment(admin, "s")
    paths = {
        "POST": (STRATEGIES, SEGMENTS),
        "PUT": (f"{STRATEGIES}/{strategy['id']}", f"{SEGMENTS}/{segment['id']}"),
    }
    patterns = ["^a", "^b"]

    with note_compiled() as compiled:
        for path, pattern in zip(paths[method], patterns, strict=True):
            body = {"name": "default", "constraints": [constraint("REGEX", value=pattern)]}
            answer = await admin.request(method, path, json=body)
            assert answer.status_code < 300, answer.text

    assert only_in_threads(compiled) == patterns


async def test_the_3x_routes_stay_lenient(admin: httpx.AsyncClient) -> None:
    sent: dict[str, Any] = {
        "name": "old",
        "type": "some-day",
        "strategies": [
            {
                "name": "nosuch",
                "parameters": {"rollout": 50},
                "constraints": [{"contextName": "a", "operator": "NOPE", "values": ["b"]}],
            }
        ],
        "variants": [{"name": "blue", "weight": 333.3, "payload": {"type": "json", "value": "{"}}],
    }

    answer = await admin.post("/api/admin/features", json=sent)

    assert answer.status_code == 201
    assert answer.json()["strategies"] == sent["strategies"]
    assert answer.json()["variants"][0]["weight"] == 333.3


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("json", "{}"),
        ("json", ' [1, {"a": null}] '),
        ("number", "5"),
        ("number", "abc"),
        ("csv", "a,b"),
        ("string", "x"),
    ],
)
async def test_payloads_are_shown_as_they_were_sent(
    admin: httpx.AsyncClient, type: str, value: str
) -> None:
    sent = BLUE | {"payload": {"type": type, "value": value}}

    strategy = await add_strategy(admin, "x", name="default", variants=[sent])
    configured = await admin.put(VARIANTS, json=[sent])

    assert strategy["variants"] == [sent]
    assert configured.json()["variants"] == [sent]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"payload": {"type": "json", "value": "{"}}, "payload/value"),
        ({"payload": {"type": "json", "value": "5"}}, "payload/value"),
        ({"payload": {"type": "json", "value": "null"}}, "payload/value"),
        ({"payload": {"type": "json", "value": ""}}, "payload/value"),
        ({"payload": {"type": "number", "value": ""}}, "payload/value"),
        ({"payload": {"type": "xml", "value": "<a/>"}}, "payload/type"),
        ({"payload": {"type": "string"}}, "payload/value"),
        ({"payload": None}, "payload"),
        ({"weight": 333.3}, "weight"),
        ({"weight": "333.3"}, "weight"),
        ({"weight": 333.3, "weightType": "fix"}, "weight"),
        ({"weight": 1001}, "weight"),
        ({"weight": -1}, "weight"),
        ({"weightType": "other"}, "weightType"),
        ({"stickiness": ""}, "stickiness"),
        ({"overrides": [{"contextName": "a"}]}, "overrides/0/values"),
    ],
)
async def test_variants_that_8_2_refuses_are_400_everywhere(
    admin: httpx.AsyncClient, store: Store, fields: dict[str, Any], path: str
) -> None:
    strategy = await add_strategy(admin, "x", name="default")
    before = store.snapshot
    body = {"name": "default", "variants": [BLUE | fields]}

    added = await admin.post(STRATEGIES, json=body)
    changed = await admin.put(f"{STRATEGIES}/{strategy['id']}", json=body)
    configured = await admin.put(VARIANTS, json=[BLUE | fields])

    assert [*problems(added, 400)] == [f"/body/variants/0/{path}"]
    assert [*problems(changed, 400)] == [f"/body/variants/0/{path}"]
    assert [*problems(configured, 400)] == [f"/body/0/{path}"]
    assert store.snapshot is before
