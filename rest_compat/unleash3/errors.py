"""The errors of the 3.x admin API, with the bodies that its clients expect."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from msgspec import Struct

from rest_compat.http.errors import (
    Detail,
    InvalidBodyError,
    MissingJson,
    RestError,
    Violation,
)
from store.errors import AlreadyExistsError, BuiltInError, DomainError, NotFoundError, Refusal

# Errors with these paths are about the object in the request's path.
_OBJECT = ((), ("name",))


class ConflictJson(Struct, rename="camel"):
    """A conflict, with the name of the error and the reason."""

    is_joi: bool
    name: str
    details: Sequence[Detail]


class ConflictError(RestError):
    """The name is in use, or another object prevents the change."""

    status = HTTPStatus.CONFLICT
    model = ConflictJson
    example = "A toggle is named 'checkout-one-page' already."
    response_name = "ConflictV3"

    def __init__(self, message: str, *, name: str = "NameExistsError") -> None:
        super().__init__(message)
        self.name = name

    def body(self) -> Any:
        """Return the body that Unleash sends if a name is in use."""
        return ConflictJson(True, self.name, self.details)


class MissingError(RestError):
    """No object has the name in the path."""

    status = HTTPStatus.NOT_FOUND
    model = MissingJson
    example = "No toggle is named 'checkout-two-pages'."
    response_name = "MissingV3"

    def body(self) -> Any:
        """Return the body that 3.x sends if a requested object is missing."""
        return MissingJson(str(self))


class AbsentError(RestError):
    """No object has the name in the path. The response has no body."""

    status = HTTPStatus.NOT_FOUND
    model = None

    def body(self) -> Any:
        """Return None, because the response has no body."""
        return None


class BuiltInObjectError(RestError):
    """The object is built in and cannot be changed. The response has no body."""

    status = HTTPStatus.FORBIDDEN
    model = None

    def body(self) -> Any:
        """No body."""
        return None


def v3_error_of(refusal: Refusal) -> RestError:
    """Convert a refusal of the store to an error of the 3.x admin API.

    Missing objects have precedence over built-in objects, and built-in objects over conflicts. If
    the refusal has none of these errors, the body lists all errors.
    """
    for error in refusal.errors:
        if isinstance(error, NotFoundError) and error.path in _OBJECT:
            return AbsentError(error.message)
    for error in refusal.errors:
        if isinstance(error, BuiltInError):
            return BuiltInObjectError(error.message)
    for error in refusal.errors:
        if isinstance(error, AlreadyExistsError):
            return ConflictError(error.message)
        if error.code in ("IN_USE", "WRONG_STATE"):
            return ConflictError(error.message, name="ConflictError")
    return InvalidBodyError([violation_of(error) for error in refusal.errors])


def violation_of(error: DomainError) -> Violation:
    """Convert one error of the store to a violation."""
    path = tuple(int(step) if step.isdecimal() else step for step in error.path)
    return Violation(error.message, path, getattr(error, "rule", error.code.lower()))
