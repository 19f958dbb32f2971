"""Compare the statuses, media types and bodies of answers with the OpenAPI document.

The document allows additional keys in objects, so that newer servers can add keys. Nevertheless,
these tests fail if an answer has an undocumented key.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
from msgspec import Struct

from flagstaff.openapi.document import build_document
from rest_compat.openapi.components import OPTIONAL_BODY

_EVENT_STREAM = "text/event-stream"
# The answer to any request may have these statuses.
_ANYWHERE = frozenset({500})


class _Operation(Struct, frozen=True):
    pattern: re.Pattern[str]
    # The number of path segments that are not parameters.
    weight: int
    responses: Mapping[str, Any]
    id: str


class DescribedAnswers:
    """The answers that the document describes."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._components = _closed(document["components"])
        self._operations: dict[str, list[_Operation]] = {}
        self._validators: dict[tuple[str, str, str], Any] = {}
        self.seen: set[tuple[str, str]] = set()
        for path, methods in document["paths"].items():
            steps = [
                "[^/]+" if step.startswith("{") else re.escape(step) for step in path.split("/")
            ]
            for method, operation in methods.items():
                self._operations.setdefault(method.upper(), []).append(
                    _Operation(
                        re.compile("/".join(steps)),
                        sum("{" not in step for step in path.split("/")),
                        operation["responses"],
                        operation["operationId"],
                    )
                )

    def problem(
        self, method: str, path: str, status: int, media_type: str, body: bytes
    ) -> str | None:
        """Return the difference from the document, or None.

        `path` is the path of the request, without the query. Undescribed paths have no differences.
        The bodies of streams and of answers to HEAD are not compared.
        """
        operation = self._find("GET" if method == "HEAD" else method, path.removesuffix("/") or "/")
        if operation is None or status in _ANYWHERE:
            return None
        where = f"{operation.id} ({method} {path}) answers {status}"
        response = operation.responses.get(str(status))
        if response is None:
            return f"{where}, which is not described"
        self.seen.add((operation.id, str(status)))
        response = self._resolved(response)
        content = response.get("content", {})
        media_type = media_type.partition(";")[0].strip()
        has_optional_body = OPTIONAL_BODY in response["description"]
        may_be_empty = not content or _EVENT_STREAM in content or has_optional_body
        if method == "HEAD" or (not body and may_be_empty):
            return None
        if media_type not in content:
            return f"{where} with {media_type or 'no media type'}, not with {[*content]}"
        if media_type == _EVENT_STREAM or not media_type.endswith("json"):
            return None
        key = (operation.id, str(status), media_type)
        if key not in self._validators:
            schema = {**_closed(content[media_type]["schema"]), "components": self._components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(schema)
        value = httpx.Response(200, content=body).json()
        errors = [str(error) for error in self._validators[key].iter_errors(value)]
        return f"{where}: {errors[0]}" if errors else None

    def _find(self, method: str, path: str) -> _Operation | None:
        fitting = [one for one in self._operations.get(method, ()) if one.pattern.fullmatch(path)]
        return max(fitting, key=lambda one: one.weight, default=None)

    def _resolved(self, response: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in response:
            return response
        return self._components["responses"][response["$ref"].rpartition("/")[2]]


@cache
def described_answers() -> DescribedAnswers:
    """The answers that the document of this server describes."""
    return DescribedAnswers(build_document())


async def check_answer(answer: httpx.Response) -> None:
    """Fail the test if an answer does not match the document. Clients call this hook."""
    media_type = answer.headers.get("content-type", "")
    body = b"" if media_type.startswith(_EVENT_STREAM) else await answer.aread()
    path = answer.request.url.raw_path.decode("ascii").partition("?")[0]
    problem = described_answers().problem(
        answer.request.method, path, answer.status_code, media_type, body
    )
    assert problem is None, problem


CHECKED: Mapping[str, Any] = {"response": [check_answer]}


def _closed(value: Any) -> Any:
    """Return a schema whose objects allow only documented keys."""
    if isinstance(value, list):
        return [_closed(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    closed = {key: _closed(child) for key, child in value.items()}
    is_object = isinstance(value.get("properties"), dict) and value.get("type") == "object"
    return {"additionalProperties": False, **closed} if is_object else closed
