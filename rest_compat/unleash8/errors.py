"""What goes wrong in today's admin API, in the bodies that 8.2 gives it."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from rest_compat.http.errors import BadDataError, Detail, RestError
from rest_compat.http.router import RefusalForm
from rest_compat.sdk.conversions import pointer
from rest_compat.unleash3.errors import MOST_TOLD, FlawedBodyError
from store.errors import DomainError, Refusal


class MissingError(RestError):
    """Nothing has the name or id that stands in the path."""

    status = HTTPStatus.NOT_FOUND
    name = "NotFoundError"


class NameExistsError(RestError):
    """The name of something new is taken."""

    status = HTTPStatus.CONFLICT
    name = "NameExistsError"


class ConflictError(RestError):
    """Something else stands against the change."""

    status = HTTPStatus.CONFLICT
    name = "ConflictError"


class InvalidOperationError(RestError):
    """The request is fine, but what other toggles there are stands against it."""

    status = HTTPStatus.FORBIDDEN
    name = "InvalidOperationError"


_CONFLICTS = {
    "ALREADY_EXISTS": NameExistsError,
    "BUILT_IN": ConflictError,
    "IN_USE": ConflictError,
    "WRONG_STATE": ConflictError,
}


def refused(*, dropped: int = 0, renamed: Mapping[str, str] | None = None) -> RefusalForm:
    """The form of refusals on paths whose bodies call fields otherwise than the store does.

    The first `dropped` steps of a place are in no body, and `renamed` holds the fields that have
    another name there. Everything the path names was looked up before, so a refusal is about the
    body, even if it says that something was not found.
    """

    def place(error: DomainError) -> str:
        steps = error.path[dropped:]
        return body_path((renamed or {}).get(step, step) for step in steps)

    def form(refusal: Refusal) -> RestError:
        details = [Detail(it.message, place(it)) for it in refusal.errors[:MOST_TOLD]]
        for error in refusal.errors:
            if conflict := _CONFLICTS.get(error.code):
                return conflict(*details)
        return BadDataError(*details)

    return form


def flawed(error: FlawedBodyError, *, dropped: int = 0) -> BadDataError:
    """What the check of a body found, in the form of today's admin API."""
    return BadDataError(
        *(Detail(flaw.message, body_path(map(str, flaw.path[dropped:]))) for flaw in error.flaws)
    )


def body_path(steps: Iterable[str]) -> str:
    """A place in a body, such as `/body/constraints/0/operator`."""
    return "/".join(("/body", *map(pointer, steps)))
