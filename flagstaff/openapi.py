"""The OpenAPI document of the server: the REST edge, GraphQL over HTTP, and its health."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from rest_compat.app import tables
from rest_compat.health import HealthJson, ReadinessJson
from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import Answer, Operation, body_of
from rest_compat.http.schemas import Schemas
from rest_compat.openapi import SECURITY_SCHEMES, describe_operation, describe_routes


class GraphQLRequestJson(Struct, kw_only=True, rename="camel"):
    """A GraphQL request."""

    query: str
    operation_name: str | None | UnsetType = UNSET
    variables: dict[str, Any] | None | UnsetType = UNSET
    extensions: dict[str, Any] | None | UnsetType = UNSET


class GraphQLResultJson(Struct, kw_only=True, rename="camel"):
    """The result of a GraphQL request."""

    data: dict[str, Any] | None | UnsetType = UNSET
    errors: Sequence[dict[str, Any]] | UnsetType = UNSET


# By path, then by method.
_SERVER: Mapping[str, Mapping[str, Operation]] = {
    "/graphql": {
        "POST": Operation(
            tag="graphql",
            summary="Send a GraphQL request; /schema.graphql has the schema.",
            answers={HTTPStatus.OK: Answer("The result.", GraphQLResultJson)},
            body=body_of(GraphQLRequestJson),
            errors=(BadDataError,),
        )
    },
    "/health": {
        "GET": Operation(
            tag="server",
            summary="Check that the process runs.",
            answers={HTTPStatus.OK: Answer("The process runs.", HealthJson)},
            is_open=True,
        )
    },
    "/ready": {
        "GET": Operation(
            tag="server",
            summary="Check that the server can serve toggles.",
            answers={
                HTTPStatus.OK: Answer("The server is ready.", ReadinessJson),
                HTTPStatus.SERVICE_UNAVAILABLE: Answer(
                    "The server is not ready; see `Retry-After`.", ReadinessJson
                ),
            },
            is_open=True,
        )
    },
}


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """Add all paths that FastAPI does not route to its document, and return the document."""
    schemas = Schemas()
    paths = document.setdefault("paths", {})
    for path, methods in _SERVER.items():
        paths[path] = {
            method.lower(): describe_operation(operation, method, (), schemas)
            for method, operation in methods.items()
        }
    paths |= describe_routes(tables(""), schemas)
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(schemas.components)
    components["securitySchemes"] = SECURITY_SCHEMES
    return document
