"""The errors of the admin API of Unleash 8, with the bodies that its clients expect."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from rest_compat.http.errors import (
    MAX_VIOLATIONS,
    BadDataError,
    Detail,
    InvalidBodyError,
    RestError,
    pointer,
)
from rest_compat.http.router import RefusalForm
from store.errors import DomainError, Refusal


class MissingError(RestError):
    """No object has the name or ID in the path."""

    status = HTTPStatus.NOT_FOUND
    name = "NotFoundError"
    example = "No toggle of project 'default' is named 'checkout-two-pages'."


class NameExistsError(RestError):
    """The name is in use."""

    status = HTTPStatus.CONFLICT
    name = "NameExistsError"
    example = "A toggle is named 'checkout-one-page' already."


class ConflictError(RestError):
    """Another object prevents the change."""

    status = HTTPStatus.CONFLICT
    name = "ConflictError"
    example = "The segment 'beta-testers' is in use."


class InvalidOperationError(RestError):
    """A dependency between toggles forbids the change."""

    status = HTTPStatus.FORBIDDEN
    name = "InvalidOperationError"
    example = "Toggle 'checkout-express-pay' depends on toggle 'cart-save-for-later'."


_CONFLICTS = {
    "ALREADY_EXISTS": NameExistsError,
    "BUILT_IN": ConflictError,
    "IN_USE": ConflictError,
    "WRONG_STATE": ConflictError,
}


def refusal_form(*, dropped: int = 0, renamed: Mapping[str, str] | None = None) -> RefusalForm:
    """Return a function that converts refusals of the store to errors about the body.

    The path of a refusal begins with `dropped` steps that do not exist in the body. `renamed` maps
    fields of the store to names in the body. Handlers look up the objects in the path before they
    call the store. Therefore a refusal because of a missing object is also about the body.
    """

    def path_of(error: DomainError) -> str:
        steps = error.path[dropped:]
        return body_path((renamed or {}).get(step, step) for step in steps)

    def form(refusal: Refusal) -> RestError:
        details = [
            Detail(error.message, path_of(error)) for error in refusal.errors[:MAX_VIOLATIONS]
        ]
        for error in refusal.errors:
            if conflict := _CONFLICTS.get(error.code):
                return conflict(*details)
        return BadDataError(*details)

    return form


def bad_data_of(error: InvalidBodyError, *, dropped: int = 0) -> BadDataError:
    """Convert violations to the error of 8.2. Omit the first `dropped` steps of each path."""
    return BadDataError(
        *(
            Detail(violation.message, body_path(map(str, violation.path[dropped:])))
            for violation in error.violations
        )
    )


def body_path(steps: Iterable[str]) -> str:
    """Return a path in a body, such as `/body/constraints/0/operator`."""
    return "/".join(("/body", *map(pointer, steps)))
