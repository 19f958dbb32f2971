"""Convert lists of events to a form that can be compared between servers."""

import json
from itertools import groupby
from typing import Any

# A new 3.17.6 server has seven events about its initial objects. A new Flagstaff server has the
# same objects, but no events.
_MIGRATION = "migration"


def comparable_events(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return events without IDs. The events of an import are in a deterministic order."""
    remaining = [event for event in events if event.get("createdBy") != _MIGRATION]
    made: list[dict[str, Any]] = []
    for imported, run in groupby(remaining, _is_of_import):
        if imported:
            made += sorted(map(_without_chance, run), key=_order)
        else:
            made += map(_without_id, run)
    return made


def _is_of_import(event: dict[str, Any]) -> bool:
    """Whether an import causes the event. 3.17.6 writes the events of an import in any order."""
    return event["type"].endswith("-import") or event["type"].startswith("drop-")


def _without_id(event: dict[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in event.items() if key != "id"}
    if isinstance(made.get("diffs"), list):
        made["diffs"] = sorted(made["diffs"], key=_path)
    return made


def _without_chance(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event without the parts that depend on the order of the events of an import."""
    made = _without_id(event)
    if event["type"] in ("tag-import", "feature-tag-import"):
        made.pop("diffs", None)
    return made


def _order(event: dict[str, Any]) -> str:
    return json.dumps([event["type"], event["data"]], sort_keys=True)


def _path(entry: dict[str, Any]) -> str:
    return json.dumps([entry.get("path"), entry.get("index"), entry["kind"]])
