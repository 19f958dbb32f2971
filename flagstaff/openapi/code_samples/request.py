"""The request that the code samples of an operation send."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import Struct

JSON = "application/json"
EVENT_STREAM = "text/event-stream"

# Samples read these environment variables.
URL_VARIABLE = "FLAGSTAFF_URL"
TOKEN_VARIABLE = "FLAGSTAFF_TOKEN"

_TOKENS = {
    "adminToken": "an admin token",
    "clientToken": "a client token",
    "frontendToken": "a frontend token",
}


class SampleRequest(Struct, frozen=True):
    """A request that a code sample sends.

    `path` is encoded and includes the query. `body` is a JSON value if `has_body` is true. `token`
    describes the token in the request, and is None for requests without a token.
    """

    id: str
    method: str
    path: str
    token: str | None
    has_body: bool
    body: Any
    is_stream: bool

    @property
    def class_name(self) -> str:
        """The name of the operation in the style of class names."""
        return self.id[0].upper() + self.id[1:]

    @property
    def variables(self) -> str:
        """A sentence that explains the environment variables of the sample."""
        address = f"{URL_VARIABLE} is the address of the server"
        return f"{address}, {TOKEN_VARIABLE} {self.token}." if self.token else f"{address}."

    @property
    def json_body(self) -> str:
        """The body as JSON, with one value per line."""
        return json.dumps(self.body, indent=2, ensure_ascii=False)


def sample_request(
    method: str, path: str, operation: Mapping[str, Any], parameters: Collection[str]
) -> SampleRequest:
    """Return the request of an operation, built from the examples of its parameters and body.

    `parameters` has the names of the query parameters to send.
    """
    query: list[tuple[str, str]] = []
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            value = quote(str(parameter["example"]), safe="")
            path = path.replace(f"{{{parameter['name']}}}", value)
        elif parameter["in"] == "query" and parameter["name"] in parameters:
            query.append((parameter["name"], str(parameter["example"])))
    content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    return SampleRequest(
        id=operation["operationId"],
        method=method.upper(),
        path=path + (f"?{urlencode(query)}" if query else ""),
        token=next((_TOKENS[name] for name in _schemes(operation) if name in _TOKENS), None),
        has_body="example" in content,
        body=content.get("example"),
        is_stream=EVENT_STREAM in operation["responses"].get("200", {}).get("content", {}),
    )


def indented(lines: str, by: str) -> str:
    """Return the lines, with all except the first indented."""
    return lines.replace("\n", f"\n{by}")


def _schemes(operation: Mapping[str, Any]) -> Iterator[str]:
    for choice in operation["security"]:
        yield from choice
