"""Build the OpenAPI document of the server: REST, GraphQL over HTTP, and health."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flagstaff import __version__
from flagstaff.openapi.code_samples import add_code_samples
from flagstaff.openapi.server_operations import OPERATIONS
from rest_compat.app import tables
from rest_compat.openapi.components import Components
from rest_compat.openapi.paths import (
    Recorded,
    describe_operation,
    describe_routes,
    operations_of,
)
from rest_compat.openapi.security import SECURITY_SCHEMES

_DESCRIPTION = """\
The HTTP interface of a Flagstaff server: the APIs for Unleash SDKs and OpenFeature providers, the
admin APIs of Unleash 3.x and 8, and GraphQL.

Send a token in the header `Authorization`. Each operation lists the types of tokens it accepts.
Every response has the header `X-Request-Id`.

Some responses are not repeated for each operation: 404 for an unknown path, 405 for another method,
403 for a page of an origin that is not allowed, and 500 for a failure of the server."""

# The document lists these tags in this order, each with its description.
TAGS: Mapping[str, str] = {
    "client": "For SDKs on servers: toggles to evaluate, changes, registrations and usage.",
    "frontend": "For SDKs in browsers and on phones: toggles that the server evaluates.",
    "openfeature": "For OpenFeature providers: the Remote Evaluation Protocol.",
    "admin: toggles of a project": "Toggles with their strategies, variants and dependencies in "
    "all environments, as in Unleash 8.",
    "admin: segments": "Named sets of constraints, which strategies share.",
    "admin: addons": "Addons, which send events to URLs, as in Unleash 3.x.",
    "admin: instance": "The installation, its limits, and the caller.",
    "admin: environments": "The environments of the installation.",
    "admin: tokens": "API tokens. A secret is shown once, when the token is created.",
    "admin: toggles": "Toggles in the environment `default`, as in Unleash 3.x.",
    "admin: tags": "Tags, their types, and the tags of toggles.",
    "admin: strategies": "The definitions of strategies that toggles can use.",
    "admin: context fields": "The fields of the context that constraints compare.",
    "admin: projects and types": "Projects, and the types of toggles.",
    "admin: usage": "Applications, their instances, and how often toggles were evaluated.",
    "admin: events": "The audit log.",
    "admin: playground": "Explanations of decisions about toggles.",
    "admin: import and export": "Toggles with their settings in one environment.",
    "admin: state": "Export and import of an installation.",
    "graphql": "The GraphQL API and its schema.",
    "server": "Entry points, health, readiness and metrics.",
}
_ANSWERS = Path(__file__).with_name("answers.json")
_READERS: Sequence[Mapping[str, Sequence[str]]] = ({"adminToken": []}, {"viewerToken": []})


def build_document() -> dict[str, Any]:
    """Return the document as JSON values."""
    recorded, components = _recorded_answers(), Components()
    paths = {
        path: {
            method.lower(): describe_operation(
                operation, method, path, components, security=_READERS, recorded=recorded
            )
            for method, operation in methods.items()
        }
        for path, methods in OPERATIONS.items()
    }
    paths |= describe_routes(tables(""), components, recorded)
    add_code_samples(paths, parameters_in_samples())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Flagstaff",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        # The URL is relative to this document, so that a proxy may add any prefix.
        "servers": [{"url": ".", "description": "The server that serves this document."}],
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": components.schemas.components,
            "responses": components.responses,
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


@cache
def parameters_in_samples() -> Mapping[str, Collection[str]]:
    """Return the names of the query parameters in code samples, by operation ID."""
    own = (operation for methods in OPERATIONS.values() for operation in methods.values())
    return {
        operation.id: [
            parameter.name
            for parameter in operation.parameters
            if parameter.in_samples and parameter.location == "query"
        ]
        for operation in (*own, *operations_of(tables("")))
    }


@cache
def _recorded_answers() -> Recorded:
    """Return the recorded answers to the examples. `tests.openapi.recording` records them."""
    return json.loads(_ANSWERS.read_text(encoding="utf-8"))
