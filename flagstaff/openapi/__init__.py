"""The OpenAPI description of the endpoints that FastAPI does not route, for speed."""

import re
from typing import Any

from flagstaff.openapi import admin, admin_v3, admin_v3_surroundings, client
from flagstaff.openapi.schemas import SCHEMAS
from flagstaff.openapi.server import SERVER
from flagstaff.openapi.writing import Paths

_PARTS: tuple[Paths, ...] = (
    SERVER,
    client.CLIENT,
    client.FRONTEND,
    admin_v3.TOGGLES,
    admin_v3.TAGS,
    admin_v3.STATE,
    admin_v3_surroundings.STRATEGIES,
    admin_v3_surroundings.CONTEXT_FIELDS,
    admin_v3_surroundings.USAGE,
    admin_v3_surroundings.OTHERS,
    admin.FEATURES,
    admin.ENVIRONMENTS,
    admin.SEGMENTS,
    admin.TOKENS,
)
_PARAMETER = re.compile(r"\{(\w+)\}")
_SECURITY = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "An API token, bare or after `Bearer `.",
    }
}


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's description with the endpoints of both edges added; the same object."""
    paths = document.setdefault("paths", {})
    for part in _PARTS:
        for path, methods in part.items():
            paths[path] = {method: _with_path(path, it) for method, it in methods.items()}
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(SCHEMAS)
    components["securitySchemes"] = _SECURITY
    return document


def _with_path(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The operation with the parameters that stand in its path."""
    own = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(path)
    ]
    return operation | ({"parameters": [*own, *operation.get("parameters", ())]} if own else {})
