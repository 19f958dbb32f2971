"""The example requests of the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import Struct

from flagstaff.openapi.document import parameters_in_samples

STREAMS = ("streamClientFeatures", "streamFlagEvents")

Document = dict[str, Any]


class Example(Struct, frozen=True):
    """The example request of an operation.

    If the request has a token, `scheme` is the security scheme of the token.
    """

    id: str
    method: str
    path: str
    scheme: str | None
    headers: Mapping[str, str]
    body: Any

    @property
    def is_stream(self) -> bool:
        """Whether the answer never ends."""
        return self.id in STREAMS


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The method, path and description of every operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def examples(document: Document) -> Iterator[Example]:
    """Return the example request of each operation. It has the parameters of the code samples."""
    in_samples = parameters_in_samples()
    for method, path, operation in operations(document):
        sent = in_samples.get(operation["operationId"], ())
        query: list[tuple[str, str]] = []
        for parameter in operation.get("parameters", ()):
            value = parameter.get("example")
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
            elif parameter["in"] == "query" and parameter["name"] in sent:
                query.append((parameter["name"], str(value)))
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        yield Example(
            operation["operationId"],
            method.upper(),
            path + (f"?{urlencode(query)}" if query else ""),
            next((scheme for choice in operation["security"] for scheme in choice), None),
            {"Content-Type": "application/json"} if body else {},
            body.get("example"),
        )
