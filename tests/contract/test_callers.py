"""Programs that call the admin API get answers that they can decode (rest-v8-callers.yaml)."""

import json
from typing import Any

import pytest

from store import Store
from tests.contract.operations import unleash_operations
from tests.contract.playing import play_recording, undocumented_differences
from tests.contract.replaying import Exchange, load_recording
from tests.contract.typed import type_problem

RECORDING = load_recording("rest-v8-callers.yaml")
RECORDINGS = ("rest-v8-admin.yaml", "rest-v8-callers.yaml", "rest-v8-client.yaml")


async def test_callers_can_decode_the_answers(prepared: Store) -> None:
    played = await play_recording(prepared, RECORDING)

    assert played.problems == {}
    assert played.areas == {
        "unleash-server-api-go": 12,
        "terraform-provider-unleash (philips-labs)": 19,
        "unleasherator": 5,
        "scripts": 65,
        "operators": 14,
    }


@pytest.mark.parametrize(
    "exchange",
    [exchange for exchange in RECORDING.exchanges if "types" in exchange],
    ids=lambda exchange: exchange["name"],
)
def test_callers_can_decode_the_recorded_answers(exchange: Exchange) -> None:
    text = json.dumps(exchange["response"]["json"])
    for marker, value in (
        ("<int>", 1),
        ("<number>", 1),
        ("<iso-timestamp>", "2026-01-01T00:00:00Z"),
    ):
        text = text.replace(json.dumps(marker), json.dumps(value))

    assert type_problem(exchange["types"], json.loads(text)) is None


@pytest.mark.parametrize(
    ("types", "body", "problem"),
    [
        ({"secret": "string"}, {}, "secret is missing"),
        ({"secret": "string"}, {"secret": None}, "secret is None, not string"),
        (
            {"tokens[].secret": "string"},
            {"tokens": [{"secret": ""}, {}]},
            "tokens[].secret is missing",
        ),
        ({"weight": "int?"}, {"weight": 33.3}, "weight is 33.3, not int?"),
        ({"weight": "int"}, {"weight": True}, "weight is True, not int"),
        ({"projects": "[string]"}, {"projects": [1]}, "projects is [1], not [string]"),
        ({"createdAt": "time"}, {"createdAt": "yesterday"}, "createdAt is 'yesterday', not time"),
        ({"[].id": "int"}, [{"id": "7"}], "[].id is '7', not int"),
    ],
)
def test_other_types_are_found(types: dict[str, str], body: Any, problem: str) -> None:
    assert type_problem(types, body) == problem


def test_optional_keys_may_be_missing_or_null() -> None:
    types = {"seenAt": "time?", "payload.type": "string?", "variants[].weight": "int?"}

    assert type_problem(types, {"seenAt": None, "payload": None}) is None


def test_every_accepted_difference_of_callers_is_documented() -> None:
    assert undocumented_differences(RECORDING) == []


def test_operations_that_programs_call_are_recorded() -> None:
    requests = [
        exchange["request"] for name in RECORDINGS for exchange in load_recording(name).exchanges
    ]
    recorded = {(request["method"], request["path"].partition("?")[0]) for request in requests}

    missing = [
        one.id
        for one in unleash_operations()
        if one.callers
        and not one.left_out
        and not any(
            method == one.method and one.pattern.fullmatch(path) for method, path in recorded
        )
    ]

    assert missing == []
