"""Reads the client specification: features bodies, and the decisions that every SDK must make."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.clients.packages import fetch_packages

_SOURCES = Path(__file__).parent
# All files of the version that package.json names.
FILES = 22


class Specification(Struct, frozen=True):
    """A file of the specification: a payload, and contexts with the expected decisions."""

    name: str
    payload: Mapping[str, Any]
    tests: list[Mapping[str, Any]]
    variant_tests: list[Mapping[str, Any]]


def fetch_specifications(folder: Path) -> list[Specification]:
    """Return all files of the specification; skip the test if npm is missing."""
    fetch_packages(_SOURCES, folder, what="the client specification")
    package = folder / "node_modules/@unleash/client-specification/specifications"
    names = json.loads((package / "index.json").read_text(encoding="utf-8"))
    assert len(names) == FILES
    return [
        _specification(json.loads((package / name).read_text(encoding="utf-8"))) for name in names
    ]


def _specification(document: Mapping[str, Any]) -> Specification:
    return Specification(
        document["name"],
        _payload(document["state"]),
        document.get("tests", []),
        document.get("variantTests", []),
    )


def _payload(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the state as one payload; some files contain it as events of the delta API."""
    if "events" not in state:
        return state
    features: dict[str, Any] = {}
    segments: dict[int, Any] = {}
    for event in state["events"]:
        match event["type"]:
            case "hydration":
                features = {feature["name"]: feature for feature in event["features"]}
                segments = {segment["id"]: segment for segment in event["segments"]}
            case "feature-updated":
                features[event["feature"]["name"]] = event["feature"]
            case "feature-removed":
                features.pop(event["featureName"], None)
            case "segment-updated":
                segments[event["segment"]["id"]] = event["segment"]
            case _:
                segments.pop(event["segmentId"], None)
    return {"version": 2, "features": [*features.values()], "segments": [*segments.values()]}
