"""The operations outside of REST: entry points, health, metrics, GraphQL and its schema."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from rest_compat.health import HealthJson, ReadinessJson
from rest_compat.http.conditional import IF_NONE_MATCH
from rest_compat.http.errors import BadDataError, RestError
from rest_compat.http.operation import JSON, Answer, Operation, Parameter, body_of

_SERVER = "server"
_GRAPHQL = "graphql"
_GRAPHQL_JSON = "application/graphql-response+json"
_QUERY = "query Names { toggles(first: 2) { nodes { name stale } } }"
_ETAG = {"ETag": "The entity tag of the body, for the header `If-None-Match` of later requests."}
# Maps the name of an error class to the error code of its refusals.
_CODES = {
    "NotSignedInError": "UNAUTHENTICATED",
    "NotAllowedError": "FORBIDDEN",
    "RefusedAddressError": "RATE_LIMITED",
    "UnavailableError": "UNAVAILABLE",
    "InvalidOperationError": "GRAPHQL_VALIDATION_FAILED",
}


class EntryPointsJson(Struct, kw_only=True):
    """The name and version of the server, and its entry points by purpose.

    `demo` is true on a server that was started with `--demo`. Other servers omit it.
    """

    name: str
    version: str
    links: dict[str, str]
    demo: bool | UnsetType = UNSET


class GraphQLRequestJson(Struct, kw_only=True, rename="camel"):
    """A GraphQL request. Without `query`, the other keys must name a stored document."""

    query: str | None | UnsetType = UNSET
    document_id: str | None | UnsetType = UNSET
    operation_name: str | None | UnsetType = UNSET
    variables: dict[str, Any] | None | UnsetType = UNSET
    extensions: dict[str, Any] | None | UnsetType = UNSET


class GraphQLErrorJson(Struct, kw_only=True, rename="camel"):
    """An error. `extensions.code` contains the error code."""

    message: str
    locations: Sequence[dict[str, int]] | UnsetType = UNSET
    path: Sequence[str | int] | UnsetType = UNSET
    extensions: dict[str, Any] | UnsetType = UNSET


class GraphQLResultJson(Struct, kw_only=True, rename="camel"):
    """The result of a GraphQL request."""

    data: dict[str, Any] | None | UnsetType = UNSET
    errors: Sequence[GraphQLErrorJson] | UnsetType = UNSET
    extensions: dict[str, Any] | UnsetType = UNSET


class GraphQLErrorsJson(Struct, kw_only=True, rename="camel"):
    """The reasons why the operation did not run, or why the database could not be read."""

    errors: Sequence[GraphQLErrorJson]
    data: None | UnsetType = UNSET


class NotAcceptableError(RestError):
    """The client accepts none of the media types of answers."""

    status = HTTPStatus.NOT_ACCEPTABLE
    example = "Answers are available only as application/graphql-response+json or application/json."


class InvalidOperationError(RestError):
    """The operation does not fit the schema, or exceeds a limit.

    Clients that accept only `application/json` get 200.
    """

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    example = "Cannot query field 'nam' on type 'Toggle'. Did you mean 'name'?"


class GraphQLError(RestError):
    """The form of all errors of GraphQL over HTTP."""

    model = GraphQLErrorsJson
    media_types = (JSON, _GRAPHQL_JSON)

    @classmethod
    def converted(cls, error: RestError) -> RestError:
        """Return the error with a GraphQL body."""
        form = cls(str(error))
        form.name = _CODES.get(type(error).__name__, "BAD_USER_INPUT")
        return form

    def body(self) -> Any:
        """Return the body with one error and its code."""
        error = GraphQLErrorJson(message=str(self), extensions={"code": self.name})
        return GraphQLErrorsJson(errors=[error])


def _graphql(id: str, summary: str, description: str, **more: Any) -> Operation:
    return Operation(
        id=id,
        tag=_GRAPHQL,
        summary=summary,
        description=description,
        errors=(BadDataError, NotAcceptableError, InvalidOperationError),
        error_form=GraphQLError,
        **more,
    )


def _result(**more: Any) -> Answer:
    return Answer(
        "The result, which may have data and errors.",
        GraphQLResultJson,
        other_media_types=(_GRAPHQL_JSON,),
        **more,
    )


def _read(id: str, summary: str, description: str, answers: Mapping[int, Answer]) -> Operation:
    return Operation(
        id=id,
        tag=_SERVER,
        summary=summary,
        description=description,
        answers=answers,
        is_open=True,
    )


# Maps each path to its operations by method.
OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "/": {
        "GET": _read(
            "getEntryPoints",
            "List the entry points of the server.",
            "Browsers that accept `text/html` get a page with links.",
            {
                200: Answer(
                    "The entry points.",
                    EntryPointsJson,
                    other_media_types=("text/html",),
                    example={
                        "name": "flagstaff",
                        "version": "1.0.0",
                        "links": {"graphql": "/graphql", "openapi": "/openapi.json"},
                    },
                )
            },
        )
    },
    "/openapi.json": {
        "GET": Operation(
            id="getOpenApiDocument",
            tag=_SERVER,
            summary="Read this document.",
            description="With `FLAGSTAFF_DOCS=off` the response is 404.",
            parameters=(IF_NONE_MATCH,),
            answers={
                200: Answer(
                    "The document.",
                    dict[str, Any],
                    example={"openapi": "3.1.0", "info": {"title": "Flagstaff"}},
                    headers=_ETAG,
                ),
                304: Answer("The client already has this document."),
            },
            is_open=True,
        )
    },
    "/health": {
        "GET": _read(
            "getHealth",
            "Check that the process runs.",
            "The check does not use the database.",
            {200: Answer("The process runs.", HealthJson)},
        )
    },
    "/ready": {
        "GET": _read(
            "getReadiness",
            "Check that the server can serve toggles.",
            "A server that has lost its database still serves toggles and is ready, "
            "unless `FLAGSTAFF_READY` is `writes`.",
            {
                200: Answer("The server is ready.", ReadinessJson),
                503: Answer(
                    "The server is not ready.",
                    ReadinessJson,
                    example={"ready": False},
                    headers={"Retry-After": "The number of seconds until the next attempt."},
                ),
            },
        )
    },
    "/metrics": {
        "GET": _read(
            "getMetrics",
            "Read the metrics of the process for Prometheus.",
            "With `FLAGSTAFF_PROMETHEUS=token` the request needs a token of type admin or viewer. "
            "With `FLAGSTAFF_PROMETHEUS=off` the response is 404. The path "
            "`/internal-backstage/prometheus` has the same response.",
            {
                200: Answer(
                    "The metrics, in the text format of Prometheus.",
                    str,
                    "text/plain",
                    example="# TYPE flagstaff_revision gauge\nflagstaff_revision 42.0\n",
                )
            },
        )
    },
    "/graphql": {
        "GET": _graphql(
            "queryGraphql",
            "Send a GraphQL query in the URL.",
            "Mutations need POST. A browser that accepts `text/html` and sends no query gets the "
            "editor. Subscriptions are answered as `text/event-stream` or `multipart/mixed`, or "
            "over WebSocket.",
            parameters=(
                Parameter("query", "The document.", str, example=_QUERY, in_samples=True),
                Parameter(
                    "operationName", "The name of the operation to run.", str, example="Names"
                ),
                Parameter("variables", "The variables, as a JSON object.", str, example="{}"),
                Parameter("extensions", "Extensions, as a JSON object.", str, example="{}"),
                IF_NONE_MATCH,
            ),
            answers={
                200: _result(headers=_ETAG),
                304: Answer("The client already has this result."),
            },
        ),
        "POST": _graphql(
            "executeGraphql",
            "Send a GraphQL request.",
            "`/schema.graphql` serves the schema. If an operation is refused, clients "
            "that accept `application/graphql-response+json` get an error status; other "
            "clients get 200 with `errors`.",
            body=body_of(
                GraphQLRequestJson,
                {
                    "query": "query Find($name: String!) { toggle(name: $name) { name stale } }",
                    "variables": {"name": "checkout-one-page"},
                },
            ),
            answers={200: _result()},
        ),
    },
    "/schema.graphql": {
        "GET": Operation(
            id="getGraphqlSchema",
            tag=_GRAPHQL,
            summary="Read the GraphQL schema.",
            description="With `FLAGSTAFF_INTROSPECTION=off` the request needs an admin token.",
            answers={
                200: Answer(
                    "The schema, in the schema definition language.",
                    str,
                    "text/plain",
                    example="type Query {\n  toggle(name: String!): Toggle\n}\n",
                )
            },
            error_form=GraphQLError,
        )
    },
}
