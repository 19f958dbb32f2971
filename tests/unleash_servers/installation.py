"""An invented installation with toggles of every kind. Early versions can have only some of it."""

import random
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

SEED = 22
ENVIRONMENTS = ("development", "production")
TOGGLES = 60
OLD_OPERATORS = ("IN", "NOT_IN")
_TYPES = ("release", "experiment", "operational", "kill-switch", "permission")
_AREAS = ("checkout", "search", "billing", "profile", "inbox", "pricing")
_PURPOSES = (
    *("new-flow", "limits", "retry", "export", "beta", "dark-mode", "v2", "hints", "audit", "kill"),
)
# For each operator, the fields of constraints.
_CONSTRAINTS: Sequence[dict[str, Any]] = (
    {"contextName": "country", "operator": "IN", "values": ["NO", "SE", "DK"]},
    {"contextName": "plan", "operator": "NOT_IN", "values": ["free"]},
    {"contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@example.com"]},
    {
        "contextName": "email",
        "operator": "STR_STARTS_WITH",
        "values": ["ADA"],
        "caseInsensitive": True,
    },
    {"contextName": "email", "operator": "STR_CONTAINS", "values": ["a@"], "inverted": True},
    {"contextName": "age", "operator": "NUM_EQ", "value": "18"},
    {"contextName": "age", "operator": "NUM_GT", "value": "18"},
    {"contextName": "age", "operator": "NUM_GTE", "value": "18"},
    {"contextName": "age", "operator": "NUM_LT", "value": "65"},
    {"contextName": "age", "operator": "NUM_LTE", "value": "64.5"},
    {"contextName": "currentTime", "operator": "DATE_AFTER", "value": "2026-01-01T00:00:00.000Z"},
    {"contextName": "currentTime", "operator": "DATE_BEFORE", "value": "2030-01-01T00:00:00.000Z"},
    {"contextName": "appVersion", "operator": "SEMVER_EQ", "value": "2.1.0"},
    {"contextName": "appVersion", "operator": "SEMVER_GT", "value": "2.1.0"},
    {"contextName": "appVersion", "operator": "SEMVER_LT", "value": "3.0.0"},
)
SEGMENTS: Sequence[dict[str, Any]] = (
    {"name": "nordic", "constraints": [_CONSTRAINTS[0]]},
    {"name": "grown-up", "constraints": [_CONSTRAINTS[7], _CONSTRAINTS[1]]},
)
# The first is the installation's. The others are built into early versions only.
STRATEGIES: Sequence[dict[str, Any]] = (
    {"name": "country", "parameters": [{"name": "countries", "type": "list"}]},
    {"name": "userWithId", "parameters": [{"name": "userIds", "type": "list"}]},
    {"name": "remoteAddress", "parameters": [{"name": "IPs", "type": "list"}]},
    {
        "name": "gradualRolloutUserId",
        "parameters": [
            {"name": "percentage", "type": "percentage"},
            {"name": "groupId", "type": "string"},
        ],
    },
)


class Toggle(Struct, kw_only=True):
    """A toggle, with its strategies in both environments. `parent` is the name of a toggle."""

    name: str
    type: str
    description: str
    enabled: tuple[bool, bool]
    strategies: list[dict[str, Any]]
    variants: list[dict[str, Any]]
    archived: bool
    stale: bool
    impression_data: bool
    tag: str | None
    parent: str | None


def toggles(*, is_old: bool) -> list[Toggle]:
    """Return the toggles. If `is_old`, constraints have only the operators of 3.x."""
    chance = random.Random(SEED)
    names = [f"{area}.{purpose}" for area in _AREAS for purpose in _PURPOSES][:TOGGLES]
    found: list[Toggle] = []
    for number, name in enumerate(names):
        strategies = [_strategy(chance, name, number + n, is_old) for n in range(1 + number % 3)]
        found.append(
            Toggle(
                name=name,
                type=_TYPES[number % len(_TYPES)],
                description=f"Toggle {number} of the installation.",
                enabled=(number % 4 != 3, number % 3 != 1),
                strategies=strategies,
                variants=_variants(number) if number % 5 == 2 else [],
                archived=number % 10 == 9,
                stale=number % 12 == 5,
                impression_data=number % 6 == 0,
                tag=_AREAS[number % len(_AREAS)] if number % 3 == 0 else None,
                parent=names[number - 1] if number % 10 == 7 else None,
            )
        )
    return found


def contexts(count: int) -> list[dict[str, Any]]:
    """Return contexts around the values of the constraints."""
    chance = random.Random(SEED)
    return [
        {
            "userId": str(chance.randrange(200)),
            "sessionId": f"s{chance.randrange(200)}",
            "remoteAddress": f"10.0.0.{chance.randrange(8)}",
            "appName": chance.choice(["shop", "worker"]),
            "currentTime": chance.choice(["2025-12-31T23:59:59.000Z", "2027-05-06T07:08:09.000Z"]),
            "properties": {
                "country": chance.choice(["NO", "SE", "DE", ""]),
                "plan": chance.choice(["free", "pro"]),
                "email": chance.choice(["ada@example.com", "Bob@other.example", "eve@example.com"]),
                "age": chance.choice(["17", "18", "19", "64.5", "65", "old"]),
                "appVersion": chance.choice(["2.0.9", "2.1.0", "2.1.1", "3.0.0", "x"]),
            },
        }
        for _ in range(count)
    ]


def _strategy(chance: random.Random, name: str, number: int, is_old: bool) -> dict[str, Any]:
    usable = [c for c in _CONSTRAINTS if not is_old or c["operator"] in OLD_OPERATORS]
    constraints = [usable[number % len(usable)]] if number % 2 else []
    percentage = str(chance.choice([10, 50, 90]))
    stickiness = chance.choice(["default", "userId", "sessionId"])
    made: dict[str, Any] = {"name": "default", "parameters": {}}
    match number % 7:
        case 1:
            made = {"name": "userWithId", "parameters": {"userIds": "1,2,3,50,51"}}
        case 2 | 3:
            made = {
                "name": "flexibleRollout",
                "parameters": {"rollout": percentage, "stickiness": stickiness, "groupId": name},
            }
        case 4:
            made = {"name": "remoteAddress", "parameters": {"IPs": "10.0.0.1,10.0.0.4/30"}}
        case 5:
            made = {"name": "country", "parameters": {"countries": "NO,SE"}}
        case 6:
            made = {
                "name": "gradualRolloutUserId",
                "parameters": {"percentage": percentage, "groupId": name},
            }
        case _:
            pass
    return {**made, "constraints": constraints}


def _variants(number: int) -> list[dict[str, Any]]:
    """Return variants with an override and a payload."""
    return [
        {
            "name": "blue",
            "weight": 500,
            "weightType": "variable",
            "stickiness": "userId",
            "overrides": [{"contextName": "userId", "values": ["7", "8"]}],
            "payload": {"type": "string", "value": f"#00{number:02}ff"},
        },
        {
            "name": "green",
            "weight": 500,
            "weightType": "variable",
            "stickiness": "userId",
            "overrides": [],
        },
    ]
