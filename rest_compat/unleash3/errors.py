"""What goes wrong in the 3.x admin API, in the bodies its clients know."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from msgspec import Struct

from rest_compat.http.errors import RestError
from store.errors import AlreadyExistsError, BuiltInError, DomainError, NotFoundError, Refusal

Place = tuple[str | int, ...]

# Where a refusal points to that is about the object in the path, not about what the body names.
_OBJECT = ((), ("name",))
# Of how many flaws of one body a client is told: a hostile one may have half a million.
MOST_TOLD = 100


class Flaw(Struct, frozen=True):
    """One thing wrong with a body: a sentence that begins with the place, the place, and the name
    of the broken rule (rest-contract.md, "Error bodies, 3.x")."""

    message: str
    path: Place
    type: str


class FlawedBodyError(RestError):
    """The body breaks rules: the reference body, with path and type as 3.17.6 tells them."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = flaws[:MOST_TOLD]
        super().__init__(*(flaw.message for flaw in self.flaws))

    def body(self) -> Any:
        """All flaws at once, up to a number that nobody mends by hand."""
        return {"isJoi": True, "name": "ValidationError", "details": self.flaws}


class ConflictError(RestError):
    """What is wanted is already there, or something else stands against it."""

    status = HTTPStatus.CONFLICT

    def __init__(self, message: str, *, name: str = "NameExistsError") -> None:
        super().__init__(message)
        self.name = name

    def body(self) -> Any:
        """The reference body of a taken name."""
        return {"isJoi": True, "name": self.name, "details": self.details}


class MissingError(RestError):
    """Nothing has the name that was asked for."""

    status = HTTPStatus.NOT_FOUND

    def body(self) -> Any:
        """The one key that reading a toggle, strategy or context field answers with."""
        return {"error": str(self)}


class EmptyError(RestError):
    """An error that 3.x tells by the status alone."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status

    def body(self) -> Any:
        """No body at all."""
        return None


def v3_error_of(refusal: Refusal) -> RestError:
    """The form that a refusal of the store takes on the 3.x admin API.

    Of several errors the one that says most about the object decides on the status: not there, not
    to be changed, name taken; whatever else is wrong is in the body.
    """
    for error in refusal.errors:
        if isinstance(error, NotFoundError) and error.path in _OBJECT:
            return EmptyError(HTTPStatus.NOT_FOUND, error.message)
    for error in refusal.errors:
        if isinstance(error, BuiltInError):
            return EmptyError(HTTPStatus.FORBIDDEN, error.message)
    for error in refusal.errors:
        if isinstance(error, AlreadyExistsError):
            return ConflictError(error.message)
        if error.code in ("IN_USE", "WRONG_STATE"):
            return ConflictError(error.message, name="ConflictError")
    return FlawedBodyError([_flaw(error) for error in refusal.errors])


def _flaw(error: DomainError) -> Flaw:
    path = tuple(int(step) if step.isdecimal() else step for step in error.path)
    return Flaw(error.message, path, getattr(error, "rule", error.code.lower()))


def label(path: Place) -> str:
    """A place as messages write it, such as `variants[0].weight`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "value"
