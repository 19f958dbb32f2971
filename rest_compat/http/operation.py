"""The description of a route in the OpenAPI document, which is declared with the route."""

import inspect
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias, cast

from msgspec import UNSET, Struct

from rest_compat.http.errors import RestError

JSON = "application/json"


class Answer(Struct, frozen=True):
    """A successful response; `model` is the type of its body, None without one."""

    description: str
    model: Any = None
    media_type: str = JSON
    example: Any = UNSET


class Parameter(Struct, frozen=True):
    """A parameter in the query or a header; `model` is its type."""

    name: str
    description: str
    model: Any = list[str]
    location: str = "query"
    default: Any = UNSET
    style: str | None = None
    example: Any = UNSET


class Body(Struct, frozen=True):
    """The body of a request.

    `models` are types by media type. Several models of one body are merged into one object.
    """

    models: Mapping[str, Sequence[Any]]
    required: bool = True
    example: Any = UNSET


# A string describes a response without a body; the docstring of a model describes its response.
AnyAnswer: TypeAlias = "Answer | str | type[Any]"

DONE = Answer("Done; there is no body.")


class Operation(Struct, frozen=True):
    """The description of a route.

    `errors` are specific to the route; the document adds those of every route.
    """

    tag: str
    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    body: Body | None = None
    parameters: Sequence[Parameter] = ()
    errors: Sequence[type[RestError]] = ()
    is_open: bool = False
    # Replaces the models of errors if clients expect the same body for all of them.
    error_model: Any = None


def answers_of(answers: Mapping[int, AnyAnswer] | None) -> dict[int, Answer]:
    """The complete answers of a route; the default is 200 without a body."""
    if answers is None:
        answers = {HTTPStatus.OK: DONE}
    return {status: _answer(answer) for status, answer in answers.items()}


def body_of(body: Any) -> Body | None:
    """The body of a route, given as a `Body`, a model, a tuple of models to merge, or None."""
    if body is None or isinstance(body, Body):
        return body
    models = cast("tuple[Any, ...]", body) if isinstance(body, tuple) else (body,)
    return Body({JSON: models})


def split_docstring(documented: Any) -> tuple[str, str]:
    """The first paragraph of a docstring, and the following ones up to "Raises:"."""
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
