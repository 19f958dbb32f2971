"""Errors that any route can return: for refused tokens, exceeded limits, outages and bugs."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Self

from msgspec import Struct

from rest_compat.http.errors import RestError
from store.errors import OutcomeUnknownError, StoreUnavailableError
from store.identity import ForbiddenError, UnauthenticatedError
from store.unknown_tokens import TooManyUnknownTokensError
from store.usage.journal import JournalFullError
from store.usage.new_names import TooManyNamesError

# The value of `Retry-After`. Outages rarely end within a second, so a shorter time would cause
# useless requests.
RETRY_AFTER_S = "5"
RETRY_AFTER = {"Retry-After": "The number of seconds after which the client may try again."}
# Streams are long-lived, so the number of open streams falls slowly.
STREAM_RETRY_AFTER_S = "60"

_log = logging.getLogger(__name__)


class UnavailableError(RestError):
    """The server cannot serve the request at the moment; see `Retry-After`."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "ServiceUnavailableError"
    example = "The database cannot be reached or does not answer in time; nothing was stored."
    header_descriptions = RETRY_AFTER

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"Retry-After": RETRY_AFTER_S})


class TooManyReportsError(RestError):
    """The server cannot store reports as fast as they arrive. Clients should repeat the report."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"
    header_descriptions = RETRY_AFTER

    @classmethod
    def sample(cls) -> Self:
        """Return the error. Its message is constant."""
        return cls()

    def __init__(self) -> None:
        message = "More reports arrive than can be stored; this report was not stored."
        super().__init__(message, headers={"Retry-After": RETRY_AFTER_S})


class TooManyNewNamesError(RestError):
    """The report has more new applications or unknown toggles than the server accepts."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"
    header_descriptions = RETRY_AFTER

    @classmethod
    def sample(cls) -> Self:
        """Return an error about a report with many new names."""
        message = "The report has more new names than the server stores; nothing was stored."
        return cls(TooManyNamesError(message, 60))

    def __init__(self, error: TooManyNamesError) -> None:
        super().__init__(error.message, headers={"Retry-After": str(error.retry_after_s)})


class TooManyStreamsError(RestError):
    """Too many streams are open. Clients can poll instead."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"
    example = "A token may have at most 4,000 open streams"  # `__init__` completes the message
    header_descriptions = RETRY_AFTER

    def __init__(self, limit: str) -> None:
        message = f"{limit}; poll instead."
        super().__init__(message, headers={"Retry-After": STREAM_RETRY_AFTER_S})


class RefusedAddressError(RestError):
    """The address has tried too many unknown tokens; see `Retry-After`."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"
    header_descriptions = RETRY_AFTER

    @classmethod
    def sample(cls) -> Self:
        """Return an error that asks the client to wait 30 seconds."""
        return cls(TooManyUnknownTokensError(30))

    def __init__(self, error: TooManyUnknownTokensError) -> None:
        super().__init__(error.message, headers={"Retry-After": str(error.retry_after_s)})


class InternalError(RestError):
    """A bug in the server. The server's log has the details; the body contains the incident ID."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    name = "InternalError"

    def __init__(self, incident: str) -> None:
        super().__init__(f"The server failed. Its log contains the details of incident {incident}.")


class UnauthenticatedJson(Struct):
    """The reason why the token was refused; `type` and `path` tell clients where to sign in."""

    type: str
    path: str
    message: str


class ForbiddenJson(Struct):
    """The reason why the token does not permit the request."""

    message: str


class NotSignedInError(RestError):
    """The request has no token, or its token is unknown."""

    status = HTTPStatus.UNAUTHORIZED
    model = UnauthenticatedJson
    example = "The API token is unknown."
    header_descriptions: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Always `Bearer`."}

    def body(self) -> Any:
        """Return the body in Unleash's documentation of the older API."""
        return UnauthenticatedJson("token", "/graphql", str(self))


class NotAllowedError(RestError):
    """The type of the token does not permit the request."""

    status = HTTPStatus.FORBIDDEN
    model = ForbiddenJson
    example = "This request needs a token of type admin."

    def body(self) -> Any:
        """Return the body that 8.2 sends. Its only key is `message`."""
        return ForbiddenJson(str(self))


def rest_error_of(error: Exception) -> RestError | None:
    """Return the REST error for an exception, or None if the exception is a bug."""
    match error:
        case RestError():
            return error
        case UnauthenticatedError():
            return NotSignedInError(error.message, headers={"WWW-Authenticate": "Bearer"})
        case TooManyUnknownTokensError():
            return RefusedAddressError(error)
        case ForbiddenError():
            return NotAllowedError(error.message)
        case TooManyNamesError():
            return TooManyNewNamesError(error)
        case JournalFullError():
            return TooManyReportsError()
        case OutcomeUnknownError():
            return UnavailableError(str(error))
        case MemoryError():
            _log.error("A request failed: the process is out of memory")
            return UnavailableError("The server is out of memory at the moment; try again.")
        case StoreUnavailableError():
            return UnavailableError(UnavailableError.example)
        case _:
            return None
