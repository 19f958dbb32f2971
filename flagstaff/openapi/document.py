"""The OpenAPI document of the server: the REST edge, GraphQL over HTTP, and its health."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from flagstaff import __version__
from rest_compat.app import tables
from rest_compat.health import HealthJson, ReadinessJson
from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import Answer, Operation, body_of
from rest_compat.http.schemas import Schemas
from rest_compat.openapi import SECURITY_SCHEMES, describe_operation, describe_routes


class IndexJson(Struct, kw_only=True):
    """The name and version of the server, and its entry points by what they are for."""

    name: str
    version: str
    links: dict[str, str]


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
    "/": {
        "GET": Operation(
            tag="server",
            summary="List the entry points of the server.",
            answers={HTTPStatus.OK: Answer("The entry points.", IndexJson)},
            is_open=True,
        )
    },
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


def build_document() -> dict[str, Any]:
    """The document as JSON values."""
    schemas = Schemas()
    paths = {
        path: {
            method.lower(): describe_operation(operation, method, (), schemas)
            for method, operation in methods.items()
        }
        for path, methods in _SERVER.items()
    }
    paths |= describe_routes(tables(""), schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flagstaff", "version": __version__},
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": SECURITY_SCHEMES},
    }
