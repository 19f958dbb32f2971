"""The ways in which recorded servers move in, as arguments of `flagstaff import`."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"


class Way(StrEnum):
    """What an import reads."""

    DATABASE = "database"
    SERVER = "running server"
    STATE = "state export"
    BATCHES = "batch exports"

    @property
    def has_dependencies(self) -> bool:
        """Whether the import takes the dependencies of toggles. State exports have none."""
        return self is not Way.STATE


_NEEDED = {
    Way.DATABASE: "database",
    Way.SERVER: "answers",
    Way.STATE: "state",
    Way.BATCHES: "batch-production",
}


def recorded_ways(version: str) -> Sequence[Way]:
    """Return the ways for which the version is recorded."""
    return [way for way, part in _NEEDED.items() if recording(version, part).exists()]


def recording(version: str, part: str) -> Path:
    """Return the file with a part of the recording of a version."""
    return DATA / f"unleash-{version}-server-{part}.json"


def recorded(version: str, part: str) -> Any:
    """Return the content of a part of the recording of a version."""
    return json.loads(recording(version, part).read_text("utf-8"))


def recorded_payloads(version: str) -> Mapping[str, Any]:
    """Return what the server sent to SDKs, by environment."""
    return recorded(version, "payloads")["payloads"]


def imported_payloads(version: str, way: Way) -> Mapping[str, Any]:
    """Return what SDKs get after an import of all that the server shows in this way.

    The open-source edition of 6.10.1 joins environments to toggles for batch exports, so that the
    field `enabled` of each toggle says whether the environment is enabled.
    """
    payloads = recorded_payloads(version)
    if (version, way) == ("6.10.1", Way.BATCHES):
        for payload in payloads.values():
            payload["features"] = [{**each, "enabled": True} for each in payload["features"]]
    return payloads


def file_imports(version: str, way: Way, folder: Path) -> Sequence[Sequence[str]]:
    """Return the arguments of the imports of export files, one import after the other.

    What the server sent to SDKs is written to the folder, because batch exports need it.
    """
    if way is Way.STATE:
        return [[str(recording(version, "state"))]]
    imports: list[Sequence[str]] = []
    for environment, payload in recorded_payloads(version).items():
        served = folder / f"{environment}.json"
        served.write_text(json.dumps(payload), "utf-8")
        imports.append([str(recording(version, f"batch-{environment}")), "--segments", str(served)])
    return imports
