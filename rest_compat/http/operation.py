"""Types of objects that describe routes in the OpenAPI document."""

import inspect
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias, cast

from msgspec import UNSET, Struct, structs

from rest_compat.http.errors import RestError

JSON = "application/json"


class Answer(Struct, frozen=True):
    """A successful response. `model` is the type of its body; None means no body.

    The client can also request the body in `other_media_types`. `headers` maps the names of headers
    to descriptions.
    """

    description: str
    model: Any = None
    media_type: str = JSON
    other_media_types: Sequence[str] = ()
    example: Any = UNSET
    headers: Mapping[str, str] = {}


class Parameter(Struct, frozen=True):
    """A parameter in the path, the query or a header; `model` is its type.

    Documentation pages prefill forms with `example`. Therefore the example must not cause changes
    that the user did not request. Code samples contain the parameter if `in_samples` is true.
    """

    name: str
    description: str
    model: Any = list[str]
    location: str = "query"
    default: Any = UNSET
    style: str | None = None
    example: Any = UNSET
    required: bool = False
    in_samples: bool = False

    def with_example(self, example: Any) -> "Parameter":
        """Return a copy of the parameter with another example."""
        return structs.replace(self, example=example)


def path_parameter(name: str, description: str, example: str) -> Parameter:
    """Return a parameter in the path, with a description and an example."""
    return Parameter(name, description, str, location="path", example=example, in_samples=True)


class Body(Struct, frozen=True):
    """The body of a request.

    `models` maps each media type to a list of models. The models of a media type are merged into
    one object. `examples` maps each media type to an example.
    """

    models: Mapping[str, Sequence[Any]]
    required: bool = True
    examples: Mapping[str, Any] = {}


# A string describes a response without a body. A model describes a response with the first
# paragraph of the model's docstring.
AnyAnswer: TypeAlias = "Answer | str | type[Any]"

DONE = Answer("The request succeeded; the response has no body.")


class Operation(Struct, frozen=True):
    """The description of a route.

    Generated clients name the route by `id`, so `id` must never change. `errors` are specific to
    the route; the document adds the errors that all routes share.
    """

    id: str
    tag: str
    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    body: Body | None = None
    parameters: Sequence[Parameter] = ()
    errors: Sequence[type[RestError]] = ()
    is_open: bool = False
    # If a class is given, all errors of the route have the body of this class.
    error_form: type[RestError] | None = None


def answers_of(answers: Mapping[int, AnyAnswer] | None) -> dict[int, Answer]:
    """Convert the answers of a route to `Answer` objects. The default is 200 without a body."""
    if answers is None:
        answers = {HTTPStatus.OK: DONE}
    return {status: _answer(answer) for status, answer in answers.items()}


def body_of(body: Any, example: Any = UNSET) -> Body | None:
    """Convert the declared body of a route to a `Body`. A tuple of models is merged.

    `example` is an example of the JSON body.
    """
    if body is None or isinstance(body, Body):
        return body
    models = cast("tuple[Any, ...]", body) if isinstance(body, tuple) else (body,)
    return Body({JSON: models}, examples={} if example is UNSET else {JSON: example})


def split_docstring(documented: Any) -> tuple[str, str]:
    """Return the first paragraph of a docstring, and the other paragraphs up to "Raises:"."""
    first, *others = (inspect.getdoc(documented) or "").split("\n\n")
    paragraphs: list[str] = []
    for paragraph in others:
        if paragraph.startswith("Raises:"):
            break
        paragraphs.append(" ".join(paragraph.split()))
    return " ".join(first.split()), "\n\n".join(paragraphs)


def _answer(answer: AnyAnswer) -> Answer:
    match answer:
        case Answer():
            return answer
        case str():
            return Answer(answer)
        case _:
            return Answer(split_docstring(answer)[0], answer)
