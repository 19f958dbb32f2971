"""Random desired states of a configuration, as Flagstaff's own documents."""

from random import Random
from typing import Any

TOGGLES = [f"toggle-{number}" for number in range(10)]
SEGMENTS = ("members", "testers")
PROJECTS = ("default", "shop")
ENVIRONMENTS = ("default", "staging")
TAGS = [{"type": "simple", "value": value} for value in ("one", "two", "three")]
_NAME = "by-store"
_TIME = "2026-01-01T00:00:00Z"


def random_state(random: Random) -> dict[str, Any]:
    """Return a state with some of ten toggles, and with objects of all kinds to which they refer.

    There are few names, so that successive states often create, change and remove the same objects.
    """
    names = random.sample(TOGGLES, random.randint(0, 8))
    return {
        "format": "flagstaff",
        "version": 1,
        "environments": [
            {"name": name, "type": random.choice(["production", "development"])}
            for name in ENVIRONMENTS
        ],
        # Toggles can name projects, context fields and strategies that are not defined.
        "projects": [{"name": "shop", "title": _text(random)}] if _chance(random) else [],
        "contextFields": [
            {
                "name": name,
                "legalValues": [{"value": value} for value in random.sample(["a", "b", "c"], 2)],
                "stickiness": _chance(random),
            }
            for name in ("plan", "country")
            if random.random() < 0.3
        ],
        "tagTypes": [{"name": "team", "description": _text(random)}],
        "tags": random.sample(TAGS, random.randint(0, 2)),
        "segments": [
            {"name": name, "constraints": _constraints(random)}
            for name in random.sample(SEGMENTS, 2)
        ],
        "strategies": [
            {"name": name, "description": _text(random), "deprecated": _chance(random)}
            for name in (_NAME, "by-plan")
            if _chance(random)
        ],
        "toggles": [_toggle(random, name, names[:position]) for position, name in enumerate(names)],
    }


def _toggle(random: Random, name: str, others: list[str]) -> dict[str, Any]:
    is_archived = random.random() < 0.1
    has_parent = others and not is_archived and random.random() < 0.2
    parents = random.sample(others, 1) if has_parent else []
    return {
        "name": name,
        "description": _text(random),
        "type": random.choice(["release", "experiment"]),
        "project": random.choice(PROJECTS),
        "impressionData": _chance(random),
        "staleAt": random.choice([None, _TIME]),
        "archivedAt": _TIME if is_archived else None,
        "tags": random.sample(TAGS, random.randint(0, 2)),
        "dependencies": [{"toggle": parent} for parent in parents],
        "environments": [
            _configuration(random, name, environment)
            for environment in ENVIRONMENTS
            if _chance(random)
        ],
    }


def _configuration(random: Random, name: str, environment: str) -> dict[str, Any]:
    return {
        "environment": environment,
        "enabled": _chance(random),
        "strategies": [_strategy(random, name) for _ in range(random.randint(0, 3))],
        "variants": [
            {"name": variant, "weight": 500, "payload": {"type": "string", "value": variant}}
            for variant in ("a", "b")
        ]
        if _chance(random)
        else [],
    }


def _strategy(random: Random, name: str) -> dict[str, Any]:
    if random.random() < 0.2:
        return {"name": _NAME, "parameters": {"stores": str(random.randint(1, 3))}}
    return {
        "name": "flexibleRollout",
        "parameters": {
            "rollout": str(random.randint(0, 100)),
            "stickiness": "default",
            "groupId": name,
        },
        "constraints": _constraints(random),
        "segments": random.sample(SEGMENTS, random.randint(0, 2)),
    }


def _constraints(random: Random) -> list[dict[str, Any]]:
    values = [str(random.randint(1, 3))]
    name = random.choice(["userId", "plan", "country"])
    return random.choice([[], [{"contextName": name, "operator": "IN", "values": values}]])


def _text(random: Random) -> str:
    return random.choice(["", "One.", "Two."])


def _chance(random: Random) -> bool:
    return random.random() < 0.5
