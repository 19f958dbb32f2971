"""Numbers, datetimes and versions are parsed as by Unleash's engine."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from yggdrasil_engine.engine import UnleashEngine

from store.evaluation import Context, evaluate
from store.evaluation.payloads import snapshot_of
from store.model import DEFAULT_ENVIRONMENT

NOW = datetime(2026, 1, 1, tzinfo=UTC)

NUMBERS = ("6", "+6", "6.", ".6e1", "6E1", " 6", "6 ", "1_0", "٣", "1e999", "-InF", "nan", "")
DATETIMES = (
    "2021-01-01T00:00:00Z",
    "2021-01-01t00:00:00z",
    "2021-01-01 00:00:00 UTC",
    "2021-1-1T0:0:0Z",
    " 2021-01-01T00:00:00+00:00 ",
    "2021-01-01T00:00:00+0000",
    "2021-01-01T00:00:00+00",
    "2021-01-01T00:00:00+24:00",
    "2021-01-01T00:00Z",
    "2021-01-01T00:00:00",
    "20210101T000000Z",
    "2021-W01-1T00:00:00Z",
    "2021-01-01T00:00:00.1Z",
    "2021-01-01T00:00:00.123Z",
    "2021-01-01T00:00:00,1Z",
    "2021-01-01T23:59:60Z",
    "2021-02-30T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "+10000-01-01T00:00:00Z",
    "-0400-02-29T00:00:00Z",
)
VERSIONS = (
    "1.2.3",
    "1.2.3+a",
    "1.2.3-rc.1+a",
    "1.2.3-rc.10",
    "1.2.3-99999999999999999999",
    "18446744073709551615.0.0",
    "18446744073709551616.0.0",
    " 1.2.4",
    "v1.2.3",
)


@pytest.mark.parametrize(
    ("operators", "values"),
    [
        (("NUM_EQ", "NUM_GT", "NUM_LTE"), NUMBERS),
        (("DATE_AFTER", "DATE_BEFORE"), DATETIMES),
        (("SEMVER_EQ", "SEMVER_GT", "SEMVER_LTE"), VERSIONS),
        (("REGEX",), ("", "6", "(")),
    ],
    ids=["numbers", "moments", "versions", "patterns"],
)
def test_in_contexts_and_constraints_alike(
    operators: tuple[str, ...], values: tuple[str, ...]
) -> None:
    disagreements = [
        (operator, value, inverted)
        for operator in operators
        for value in (*values, None)
        for inverted in (False, True)
        if _ours(constraint := _constraint(operator, value, inverted=inverted), values)
        != _of_engine(constraint, values)
    ]

    assert disagreements == []


@pytest.mark.parametrize("operator", ["IN", "NOT_IN", "IN_CIDR", "STR_CONTAINS", "STR_ENDS_WITH"])
@pytest.mark.parametrize("inverted", [False, True])
def test_a_list_of_nothing_is_read_alike(operator: str, inverted: bool) -> None:
    constraint = {"contextName": "x", "operator": operator, "values": [], "inverted": inverted}

    assert _ours(constraint, ["10.0.0.1"]) == _of_engine(constraint, ["10.0.0.1"])


def _constraint(operator: str, value: str | None, *, inverted: bool) -> dict[str, Any]:
    return {"contextName": "x", "operator": operator, "value": value, "inverted": inverted}


def _payload(constraint: dict[str, Any]) -> dict[str, Any]:
    strategy = {"name": "default", "parameters": {}, "constraints": [constraint]}
    feature = {"name": "one", "type": "release", "enabled": True, "strategies": [strategy]}
    return {"version": 2, "features": [feature]}


def _ours(constraint: dict[str, Any], values: Any) -> list[bool]:
    snapshot = snapshot_of(_payload(constraint))
    contexts = [Context(current_time=NOW, properties={"x": value}) for value in values]
    toggle = snapshot.toggles["one"]
    return [
        evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context).enabled for context in contexts
    ]


def _of_engine(constraint: dict[str, Any], values: Any) -> list[bool]:
    engine = UnleashEngine()
    engine.take_state(json.dumps(_payload(constraint)))
    return [engine.is_enabled("one", {"properties": {"x": value}}).is_enabled for value in values]
