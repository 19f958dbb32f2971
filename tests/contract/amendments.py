"""Replacements for recorded answers of 3.17.6. The routes answer like 8.2 instead.

The recordings themselves are unchanged.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeAlias

from tests.contract.replaying import Recording

Response: TypeAlias = dict[str, Any]
Amend: TypeAlias = Callable[[Response], None]


def _answers(document: dict[str, Any]) -> Amend:
    """Expect the new object. 8.2 returns the object, but 3.17.6 returned nothing."""

    def amend(response: Response) -> None:
        del response["body"]
        response["json"] = document

    return amend


def _add_sunset(response: Response) -> None:
    """Add the type that only 8.2 has."""
    added = {"id": "sunset", "name": "Sunset", "description": "<string>", "lifetimeDays": 90}
    response["json"]["types"].append(added)


def _add_colors(response: Response) -> None:
    """Add the color that tag types have in 8.2."""
    body = response["json"]
    for tag_type in body["tagTypes"] if "tagTypes" in body else [body["tagType"]]:
        tag_type["color"] = None


def _add_todays_keys(response: Response) -> None:
    """Add the keys that only 8.2 has in events."""
    for event in response.get("json", {}).get("events", ()):
        if isinstance(event, dict):
            event |= dict.fromkeys(("preData", "project", "environment", "featureName"), "<any>")


AMENDMENTS: dict[str, Amend] = {
    "feature-types-list": _add_sunset,
    "tag-types-list": _add_colors,
    "tag-type-get": _add_colors,
    "strategy-create": _answers(
        {
            "name": "byCountry",
            "editable": True,
            "description": "Enable for countries",
            "parameters": [
                {
                    "name": "countries",
                    "type": "list",
                    "description": "List of countries",
                    "required": True,
                }
            ],
            "deprecated": False,
        }
    ),
    "strategy-create-minimal": _answers(
        {
            "name": "byMoonPhase",
            "editable": True,
            "description": None,
            "parameters": [],
            "deprecated": False,
        }
    ),
    "strategy-create-unknown-keys-dropped": _answers(
        {
            "name": "extraKeys",
            "editable": True,
            "description": None,
            "parameters": [{"name": "p", "type": "whatever", "description": ""}],
            "deprecated": False,
        }
    ),
    "tag-create": _answers({"version": 1, "tag": {"type": "squad", "value": "lonely"}}),
    "context-create": _answers(
        {
            "name": "tenant",
            "description": "The tenant",
            "legalValues": ["one", "two"],
            "stickiness": True,
            "sortOrder": 10,
            "createdAt": "<iso-timestamp>",
        }
    ),
}


def amended(recording: Recording) -> Recording:
    """Return the recording after applying the amendments."""
    exchanges = deepcopy(recording.exchanges)
    for exchange in exchanges:
        response = exchange["response"]
        if amend := AMENDMENTS.get(exchange["name"]):
            amend(response)
        for answer in (response, *response.get("accept_also", ())):
            if exchange["request"]["path"].startswith("/api/admin/events"):
                _add_todays_keys(answer)
    return Recording(recording.variables, exchanges)
