"""Generate code samples for each operation from the examples in the OpenAPI document."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from flagstaff.openapi.code_samples import csharp, curl, go, java, node, python, ruby
from flagstaff.openapi.code_samples.request import SampleRequest, sample_request


class Language(NamedTuple):
    """A programming language: its name in the document, its label, and its function `write`."""

    lang: str
    label: str
    write: Callable[[SampleRequest], str]


LANGUAGES = (
    Language("shell", "curl", curl.write),
    Language("python", "Python (httpx)", python.write),
    Language("javascript", "Node (fetch)", node.write),
    Language("go", "Go", go.write),
    Language("java", "Java", java.write),
    Language("ruby", "Ruby", ruby.write),
    Language("csharp", "C#", csharp.write),
)


def add_code_samples(
    paths: Mapping[str, Mapping[str, dict[str, Any]]],
    parameters: Mapping[str, Collection[str]],
) -> None:
    """Add `x-codeSamples` to every operation.

    `parameters` has the names of the query parameters to send, by operation ID.
    """
    for path, methods in paths.items():
        for method, operation in methods.items():
            names = parameters.get(operation["operationId"], ())
            request = sample_request(method, path, operation, names)
            operation["x-codeSamples"] = [
                {"lang": lang, "label": label, "source": write(request)}
                for lang, label, write in LANGUAGES
            ]
