"""Build the paths of the OpenAPI document from the operations that routes declare."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import UNSET

from rest_compat.http.conditional import IF_NONE_MATCH
from rest_compat.http.errors import BODY_ERRORS, RestError, RouteNotFoundError
from rest_compat.http.operation import Answer, Body, Operation, Parameter
from rest_compat.http.refusals import (
    NotAllowedError,
    NotSignedInError,
    RefusedAddressError,
    UnavailableError,
)
from rest_compat.http.request import is_json
from rest_compat.http.router import Routes
from rest_compat.openapi.components import Components, describe_headers
from rest_compat.openapi.security import security_of

# JSON bodies that operations returned for the example requests. The keys are operation IDs, then
# statuses.
Recorded = Mapping[str, Mapping[str, Any]]

_PARAMETER = re.compile(r":(\w+)")
# Every route that requires a token can return these errors.
_TOKEN_ERRORS = (NotSignedInError, NotAllowedError, RefusedAddressError)
_ADMIN_PREFIX = "/api/admin"
_ETAG = {"ETag": "The entity tag of the body, for the header `If-None-Match` of later requests."}


def describe_routes(
    tables: Iterable[Routes], components: Components, recorded: Recorded | None = None
) -> dict[str, dict[str, Any]]:
    """Return the operations of the document. The keys are paths, then methods in lower case."""
    paths: dict[str, dict[str, Any]] = {}
    for table in tables:
        for path, methods in table.items():
            for method, route in methods.items():
                if route.operation is None:
                    continue
                described = describe_operation(
                    route.operation,
                    method,
                    path,
                    components,
                    security=security_of(method, path),
                    recorded=recorded,
                )
                paths.setdefault(template_of(path), {})[method.lower()] = described
    return paths


def operations_of(tables: Iterable[Routes]) -> Iterable[Operation]:
    """Return the described operations of routes."""
    for table in tables:
        for methods in table.values():
            yield from (route.operation for route in methods.values() if route.operation)


def template_of(path: str) -> str:
    """Return the path of a route in the syntax of OpenAPI."""
    return _PARAMETER.sub(r"{\1}", path)


def describe_operation(
    operation: Operation,
    method: str,
    path: str,
    components: Components,
    *,
    security: Sequence[Mapping[str, Sequence[str]]] = (),
    recorded: Recorded | None = None,
) -> dict[str, Any]:
    """Describe one method of one path. Path segments such as `:name` are parameters.

    `security` lists the accepted token schemes. A request needs a token of only one scheme.
    """
    document: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
    }
    if operation.description:
        document["description"] = operation.description
    document["security"] = [] if operation.is_open else list(security)
    # `rest_compat.app` adds entity tags to the bodies of all admin routes that read.
    is_tagged = method == "GET" and path.startswith(_ADMIN_PREFIX)
    parameters = [
        *_in_order(operation.parameters, _PARAMETER.findall(path)),
        *((IF_NONE_MATCH,) if is_tagged else ()),
    ]
    if parameters:
        document["parameters"] = [_parameter(parameter, components) for parameter in parameters]
    if operation.body is not None:
        document["requestBody"] = _body(operation.body, components)
    examples = (recorded or {}).get(operation.id, {})
    responses: dict[int, dict[str, Any]] = {
        status: _answer(answer, components, examples.get(str(int(status)), UNSET))
        for status, answer in operation.answers.items()
    }
    if is_tagged:
        responses[200].setdefault("headers", {}).update(describe_headers(_ETAG))
        responses[304] = {"description": "The client already has this body."}
    responses |= _errors(operation, method, path, components)
    document["responses"] = {
        str(int(status)): response for status, response in sorted(responses.items())
    }
    return document


def _in_order(parameters: Sequence[Parameter], in_path: Sequence[str]) -> Iterable[Parameter]:
    """Return the path parameters in the order of the path, followed by all other parameters."""
    declared = {parameter.name: parameter for parameter in parameters if _is_in_path(parameter)}
    for name in in_path:
        yield declared.get(name) or Parameter(name, "", str, location="path")
    yield from (parameter for parameter in parameters if not _is_in_path(parameter))


def _is_in_path(parameter: Parameter) -> bool:
    return parameter.location == "path"


def _parameter(parameter: Parameter, components: Components) -> dict[str, Any]:
    schema = components.schemas.of_request([parameter.model])
    if parameter.default is not UNSET:
        schema["default"] = parameter.default
    document: dict[str, Any] = {"name": parameter.name, "in": parameter.location}
    if parameter.description:
        document["description"] = parameter.description
    if _is_in_path(parameter) or parameter.required:
        document["required"] = True
    document["schema"] = schema
    if parameter.style is not None:
        document["style"] = parameter.style
    return _with_example(document, parameter.example)


def _body(body: Body, components: Components) -> dict[str, Any]:
    content = {
        media_type: _with_example(
            {"schema": components.schemas.of_request(models)},
            body.examples.get(media_type, UNSET),
        )
        for media_type, models in body.models.items()
    }
    return {"required": True, "content": content} if body.required else {"content": content}


def _answer(answer: Answer, components: Components, recorded: Any) -> dict[str, Any]:
    document: dict[str, Any] = {"description": answer.description}
    if answer.headers:
        document["headers"] = describe_headers(answer.headers)
    if answer.model is not None:
        example = recorded if answer.example is UNSET else answer.example
        schema = components.schemas.of_response(answer.model)
        document["content"] = {answer.media_type: _with_example({"schema": schema}, example)}
        for media_type in answer.other_media_types:
            document["content"][media_type] = (
                _with_example({"schema": schema}, example)
                if is_json(media_type)
                else {"schema": {"type": "string"}}
            )
    return document


def _errors(
    operation: Operation, method: str, path: str, components: Components
) -> dict[int, dict[str, Any]]:
    """Return the error responses by status. Errors with the same status share a response."""
    errors: dict[int, list[type[RestError]]] = {}
    added = (
        *(() if operation.is_open else _TOKEN_ERRORS),
        *(BODY_ERRORS if operation.body is not None else ()),
        # A path parameter may contain characters that no route accepts, such as a NUL.
        *((RouteNotFoundError,) if _PARAMETER.search(path) else ()),
        *(() if method == "GET" else (UnavailableError,)),
    )
    for error in dict.fromkeys((*added, *operation.errors)):
        errors.setdefault(error.status, []).append(error)
    return {
        status: components.error_response(kinds, operation.error_form)
        for status, kinds in errors.items()
    }


def _with_example(document: dict[str, Any], example: Any) -> dict[str, Any]:
    return document if example is UNSET else {**document, "example": example}
