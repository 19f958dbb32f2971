"""What the OpenAPI document says of a route; it is declared with the route."""

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
    place: str = "query"
    default: Any = UNSET
    style: str | None = None
    example: Any = UNSET


class Body(Struct, frozen=True):
    """The body of a request.

    `models` are types by media type. Several models of one body add up to one object.
    """

    models: Mapping[str, Sequence[Any]]
    required: bool = True
    example: Any = UNSET


# A text describes a response without a body; a model is described by its docstring.
AnyAnswer: TypeAlias = "Answer | str | type[Any]"

DONE = Answer("Done; there is no body.")


class Operation(Struct, frozen=True):
    """The description of a route.

    `errors` are those of the route itself; the document adds what every route can answer.
    """

    tag: str
    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    body: Body | None = None
    parameters: Sequence[Parameter] = ()
    errors: Sequence[type[RestError]] = ()
    is_open: bool = False
    # In place of the models of errors, where clients expect one form of all.
    error_model: Any = None


def answers_of(answers: Mapping[int, AnyAnswer] | None) -> dict[int, Answer]:
    """The answers of a route in full; without any it answers 200 and no body."""
    if answers is None:
        answers = {HTTPStatus.OK: DONE}
    return {status: _answer(it) for status, it in answers.items()}


def body_of(body: Any) -> Body | None:
    """The body of a route: a `Body`, a model, several models that add up, or None."""
    if body is None or isinstance(body, Body):
        return body
    models = cast("tuple[Any, ...]", body) if isinstance(body, tuple) else (body,)
    return Body({JSON: models})


def described(documented: Any) -> tuple[str, str]:
    """The first paragraph of a docstring, and the others up to what the code raises."""
    first, *others = (inspect.getdoc(documented) or "").split("\n\n")
    text: list[str] = []
    for paragraph in others:
        if paragraph.startswith("Raises:"):
            break
        text.append(paragraph)
    return " ".join(first.split()), "\n\n".join(" ".join(it.split()) for it in text)


def _answer(answer: AnyAnswer) -> Answer:
    match answer:
        case Answer():
            return answer
        case str():
            return Answer(answer)
        case _:
            return Answer(described(answer)[0], answer)
