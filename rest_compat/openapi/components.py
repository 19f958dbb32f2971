"""The components of the OpenAPI document: schemas and error responses."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rest_compat.http.errors import RestError
from rest_compat.http.operation import split_docstring
from rest_compat.http.schemas import Schemas

# OpenAPI has no keyword for an optional response body, so the description says it.
OPTIONAL_BODY = "Some of these answers have no body."
_RESPONSES = "#/components/responses/"
# This ID replaces the random IDs of errors in examples.
_ERROR_ID = "5f4dcc3b-5aa7-4e1b-9b5b-8f1d3a1c2e4f"


class Components:
    """Collects the components that several operations share and refer to by name."""

    def __init__(self) -> None:
        self.schemas = Schemas()
        self._responses: dict[str, dict[str, Any]] = {}

    @property
    def responses(self) -> dict[str, dict[str, Any]]:
        """The responses of all operations that were described so far. The keys are their names."""
        return dict(sorted(self._responses.items()))

    def error_response(
        self, kinds: Sequence[type[RestError]], form: type[RestError] | None = None
    ) -> dict[str, str]:
        """Return a reference to the response that describes all errors of one status.

        If `form` is given, all errors have the body of this class.
        """
        names = [kind.response_name or _short(kind.__name__) for kind in kinds]
        name = "Or".join(names) + ("" if form is None else f"In{_short(form.__name__)}Form")
        self._responses.setdefault(name, self._describe(kinds, form))
        return {"$ref": _RESPONSES + name}

    def _describe(
        self, kinds: Sequence[type[RestError]], form: type[RestError] | None
    ) -> dict[str, Any]:
        response: dict[str, Any] = {
            "description": " ".join(dict.fromkeys(split_docstring(kind)[0] for kind in kinds))
        }
        headers: dict[str, str] = {}
        for kind in kinds:
            headers.update(kind.header_descriptions)
        if headers:
            response["headers"] = describe_headers(headers)
        with_body = [kind for kind in kinds if kind.model is not None]
        if with_body:
            if len(with_body) < len(kinds):
                response["description"] += f" {OPTIONAL_BODY}"
            models = dict.fromkeys(form.model if form else kind.model for kind in with_body)
            schemas = [self.schemas.of_response(model) for model in models]
            content = {
                "schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas},
                "examples": {
                    _short(kind.__name__): {"value": _example_of(kind, form)} for kind in with_body
                },
            }
            media_types = (form or with_body[0]).media_types
            response["content"] = dict.fromkeys(media_types, content)
        return response


def describe_headers(headers: Mapping[str, str]) -> dict[str, Any]:
    """Convert the descriptions of headers to OpenAPI headers. The keys are header names."""
    return {
        name: {"description": description, "schema": {"type": "string"}}
        for name, description in headers.items()
    }


def _short(name: str) -> str:
    return name.removesuffix("Error")


def _example_of(kind: type[RestError], form: type[RestError] | None) -> Any:
    sample = kind.sample()
    body: Any = msgspec.to_builtins((form.converted(sample) if form else sample).body())
    if "id" in body:
        body["id"] = _ERROR_ID
    return body
