"""All endpoints of the REST API with valid bodies. They are read from the tables of routes."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from rest_compat.app import tables
from tests.contract.replaying import load_recording

# The target of all attacks has this name. Data that must not change has other names.
TARGET = "hostile-target"
_RECORDINGS = ("rest-v3.yaml", "rest-v3-import.yaml", "rest-v8-client.yaml")
_BODY_METHODS = ("POST", "PUT", "PATCH")

# Bodies for endpoints that no recorded exchange calls with a body.
_ANY_BODY: dict[str, Any] = {
    "name": TARGET,
    "description": "A target.",
    "type": "release",
    "value": "a",
    "enabled": True,
    "features": [TARGET],
    "strategies": [{"name": "default", "parameters": {}, "constraints": []}],
    "environment": "default",
}
_PARAMETERS = {"project": "default", "type": "simple", "environment": "default", "segment": "1"}


class Endpoint(Struct, frozen=True):
    """A method of a path. Parts such as `:name` match any text."""

    method: str
    template: str
    takes_files: bool
    example: Any

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def takes_body(self) -> bool:
        """Whether requests to the endpoint have a body."""
        return self.method in _BODY_METHODS

    @property
    def parts(self) -> list[bytes]:
        """The quoted parts of a path to a target."""
        parts = self.template.strip("/").split("/")
        return [quote(_value_of(part, parts), safe="").encode() for part in parts]

    @property
    def parameters(self) -> list[int]:
        """The parts that are parameters."""
        parts = self.template.strip("/").split("/")
        return [position for position, part in enumerate(parts) if part.startswith(":")]


def _value_of(part: str, parts: list[str]) -> str:
    if not part.startswith(":"):
        return part
    if part == ":environment" and "projects" not in parts:
        # Otherwise an accepted request would disable or remove the environment of all other data.
        return TARGET
    if part == ":type" and parts[-1] == part:
        return TARGET
    return _PARAMETERS.get(part[1:], TARGET)


def endpoints() -> list[Endpoint]:
    """Return the routes of the REST API in order."""
    examples = _examples()
    return [
        Endpoint(
            method,
            path,
            route.takes_files,
            examples.get((method, path), _ANY_BODY),
        )
        for table in tables("")
        for path, methods in table.items()
        for method, route in methods.items()
    ]


@cache
def _examples() -> dict[tuple[str, str], Any]:
    """The largest successful body of each endpoint in the recordings."""
    templates = sorted((path for table in tables("") for path in table), key=_fixed_first)
    found: dict[tuple[str, str], Any] = {}
    for request in _accepted_requests():
        template = next((item for item in templates if _fits(item, request["path"])), None)
        if template is None:
            continue
        key = request["method"], template
        if len(str(request["json"])) > len(str(found.get(key, ""))):
            found[key] = request["json"]
    return found


def _accepted_requests() -> Iterator[dict[str, Any]]:
    for name in _RECORDINGS:
        for exchange in load_recording(name).exchanges:
            others = exchange.get("alternatives", {}).values()
            for one in (exchange, *(other for other in others if other)):
                accepted = one["response"]["status"] < 300
                if accepted and "json" in one["request"] and "pad" not in one["request"]:
                    yield one["request"]


def _fixed_first(template: str) -> list[bool]:
    return [part.startswith(":") for part in template.split("/")]


def _fits(template: str, path: str) -> bool:
    expected, parts = template.strip("/").split("/"), path.strip("/").split("/")
    return len(expected) == len(parts) and all(
        item.startswith(":") or item == part for item, part in zip(expected, parts, strict=True)
    )
