"""The OpenAPI document of the REST edge, from the operations that routes declare."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import UNSET

from rest_compat.http.errors import (
    BodyTooLargeError,
    ContentTypeError,
    NotAllowedError,
    NotSignedInError,
    RefusedAddressError,
    RequestTimeoutError,
    RestError,
    UnavailableError,
)
from rest_compat.http.operation import JSON, Answer, Body, Operation, Parameter, split_docstring
from rest_compat.http.router import Routes
from rest_compat.http.schemas import Schema, Schemas

SECURITY_SCHEMES = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "An API token, bare or after `Bearer `.",
    }
}

_PARAMETER = re.compile(r":(\w+)")
# Errors that the edge adds to routes with a token, and to routes with a body.
_TOKEN_ERRORS = (NotSignedInError, NotAllowedError, RefusedAddressError)
_BODY_ERRORS = (RequestTimeoutError, BodyTooLargeError, ContentTypeError)


def describe_routes(tables: Iterable[Routes], schemas: Schemas) -> dict[str, dict[str, Any]]:
    """The paths of the document, by path, then by method in lower case.

    `schemas` collects the components.
    """
    paths: dict[str, dict[str, Any]] = {}
    for table in tables:
        for path, methods in table.items():
            operations = paths.setdefault(_PARAMETER.sub(r"{\1}", path), {})
            for method, route in methods.items():
                if route.operation is not None:
                    operations[method.lower()] = describe_operation(
                        route.operation, method, _PARAMETER.findall(path), schemas
                    )
    return paths


def describe_operation(
    operation: Operation, method: str, path_parameters: Sequence[str], schemas: Schemas
) -> dict[str, Any]:
    """One method of one path."""
    document: dict[str, Any] = {"tags": [operation.tag], "summary": operation.summary}
    if operation.description:
        document["description"] = operation.description
    document["security"] = [] if operation.is_open else [{"token": []}]
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in path_parameters
    ] + [_parameter(parameter, schemas) for parameter in operation.parameters]
    if parameters:
        document["parameters"] = parameters
    if operation.body is not None:
        document["requestBody"] = _body(operation.body, schemas)
    responses = {status: _answer(answer, schemas) for status, answer in operation.answers.items()}
    responses |= _errors(operation, method, schemas)
    document["responses"] = {
        str(int(status)): response for status, response in sorted(responses.items())
    }
    return document


def _parameter(parameter: Parameter, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.of_request([parameter.model])
    if parameter.default is not UNSET:
        schema["default"] = parameter.default
    document = {
        "name": parameter.name,
        "in": parameter.location,
        "description": parameter.description,
        "schema": schema,
    }
    if parameter.style is not None:
        document["style"] = parameter.style
    return _with_example(document, parameter.example)


def _body(body: Body, schemas: Schemas) -> dict[str, Any]:
    content = {
        media_type: _with_example({"schema": schemas.of_request(models)}, body.example)
        for media_type, models in body.models.items()
    }
    return {"required": True, "content": content} if body.required else {"content": content}


def _answer(answer: Answer, schemas: Schemas) -> dict[str, Any]:
    if answer.model is None:
        return {"description": answer.description}
    content = _with_example({"schema": schemas.of_response(answer.model)}, answer.example)
    return {"description": answer.description, "content": {answer.media_type: content}}


def _errors(operation: Operation, method: str, schemas: Schemas) -> Mapping[int, dict[str, Any]]:
    """The error responses by status; errors of one status share a response with all schemas."""
    errors: dict[int, list[type[RestError]]] = {}
    added = (
        *(() if operation.is_open else _TOKEN_ERRORS),
        *(_BODY_ERRORS if operation.body is not None else ()),
        *(() if method == "GET" else (UnavailableError,)),
    )
    for error in dict.fromkeys((*added, *operation.errors)):
        errors.setdefault(error.status, []).append(error)
    return {status: _error(kinds, operation, schemas) for status, kinds in errors.items()}


def _error(
    kinds: Sequence[type[RestError]], operation: Operation, schemas: Schemas
) -> dict[str, Any]:
    description = " ".join(split_docstring(kind)[0] for kind in kinds)
    models = dict.fromkeys(
        operation.error_model or kind.model for kind in kinds if kind.model is not None
    )
    found: list[Schema] = [schemas.of_response(model) for model in models]
    if not found:
        return {"description": description}
    schema = found[0] if len(found) == 1 else {"anyOf": found}
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _with_example(document: dict[str, Any], example: Any) -> dict[str, Any]:
    return document if example is UNSET else {**document, "example": example}
