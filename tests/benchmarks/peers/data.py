"""The toggles of all servers, in documents for Flagstaff and for peers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

PREFIX = "toggle-"
# The numbers of different tags and descriptions of toggles.
TEAMS, PARTS = 20, 97
REPORTED = 20
_TYPE_DESCRIPTION = "Releases a new feature to users step by step."
_TYPES = ("release", "experiment", "operational", "kill-switch", "permission")


def toggle_name(number: int) -> str:
    """The name of a toggle."""
    return f"{PREFIX}{number:06}"


def toggles(count: int) -> Iterator[dict[str, Any]]:
    """Yield toggles as in a state export of Unleash 3.x, with the additional key `tag`."""
    for number in range(count):
        name = toggle_name(number)
        yield {
            "name": name,
            "description": f"Shows part {number % PARTS} of the shop",
            "type": _TYPES[number % len(_TYPES)],
            "project": "default",
            "enabled": number % 2 == 0,
            "stale": number % 10 == 0,
            "createdAt": f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}T10:00:00.000Z",
            "strategies": [
                {
                    "name": "flexibleRollout",
                    "parameters": {"rollout": "50", "stickiness": "default", "groupId": name},
                    "constraints": [
                        {
                            "contextName": "userId",
                            "operator": "NOT_IN",
                            "values": [f"user-{number}", "ada@example.com", "bob@example.com"],
                        }
                    ],
                }
            ],
            "variants": [
                {
                    "name": name,
                    "weight": 500,
                    "weightType": "variable",
                    "stickiness": "default",
                    "overrides": [],
                }
                for name in ("blue", "green")
            ],
            "tag": f"team-{number % TEAMS}",
        }


def flagstaff_document(count: int) -> bytes:
    """Return a state document that `flagstaff import` reads."""
    features = list(toggles(count))
    tags = [
        {"featureName": each["name"], "tagType": "simple", "tagValue": each.pop("tag")}
        for each in features
    ]
    document = {
        "version": 1,
        "features": features,
        "tagTypes": [{"name": "simple", "description": "Teams", "icon": "#"}],
        "tags": [{"type": "simple", "value": f"team-{number}"} for number in range(TEAMS)],
        "featureTags": tags,
    }
    return json.dumps(document).encode()


def unleash_document(count: int, environment: str) -> dict[str, Any]:
    """Return the body of an import into Unleash 8."""
    data: dict[str, list[dict[str, Any]]] = {
        "features": [],
        "featureStrategies": [],
        "featureEnvironments": [],
        "featureTags": [],
        "contextFields": [],
        "segments": [],
        "tagTypes": [],
    }
    for each in toggles(count):
        name = each["name"]
        settings = ("name", "description", "type", "project", "stale")
        data["features"].append({key: each[key] for key in settings} | {"archived": False})
        data["featureStrategies"] += [
            {**strategy, "featureName": name, "segments": []} for strategy in each["strategies"]
        ]
        data["featureEnvironments"].append(
            {
                "name": name,
                "featureName": name,
                "environment": environment,
                "enabled": each["enabled"],
                "variants": each["variants"],
            }
        )
        data["featureTags"].append(
            {"featureName": name, "tagType": "simple", "tagValue": each["tag"]}
        )
    return {"project": "default", "environment": environment, "data": data}


def listed(count: int) -> list[dict[str, Any]]:
    """Return toggles in the form of the list that GraphQL servers show."""
    return [
        {
            "id": str(number),
            "name": each["name"],
            "description": each["description"],
            "stale": each["stale"],
            "archived": False,
            "createdAt": each["createdAt"],
            "updatedAt": each["createdAt"],
            "type": {
                "name": each["type"],
                "description": "Releases a new feature to users step by step.",
            },
            "project": {"name": "default", "title": "Default"},
            "tags": [{"value": each["tag"]}],
            "environments": [
                {
                    "enabled": each["enabled"],
                    "revision": number + 1,
                    "environment": {"name": "default", "type": "PRODUCTION"},
                    "strategies": [
                        {
                            "name": "flexibleRollout",
                            "sortOrder": 0,
                            "constraints": [
                                {"contextName": item["contextName"], "values": item["values"]}
                                for item in each["strategies"][0]["constraints"]
                            ],
                        }
                    ],
                    "variants": [
                        {"name": variant["name"], "weight": variant["weight"]}
                        for variant in each["variants"]
                    ],
                }
            ],
        }
        for number, each in enumerate(toggles(count))
    ]


def metrics_bodies(count: int) -> list[bytes]:
    """Return reports in the form of the Node SDK. Each report has 20 toggles."""
    used = {
        toggle_name(number): {"yes": number, "no": 2, "variants": {"blue": 1, "green": 1}}
        for number in range(REPORTED)
    }
    now = datetime.now(UTC)
    bucket = {"start": (now - timedelta(minutes=1)).isoformat(), "stop": now.isoformat()}
    return [
        json.dumps(
            {
                "appName": f"application-{number % 5}",
                "instanceId": f"instance-{number % 50}",
                "sdkVersion": "unleash-node-sdk:6.12.1",
                "platformName": "node",
                "platformVersion": "22.1.0",
                "specVersion": "5.2.0",
                "bucket": {**bucket, "toggles": used},
            }
        ).encode()
        for number in range(count)
    ]
