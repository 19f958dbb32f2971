"""What goes wrong on the REST edge, in the bodies that the contract gives it."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from msgspec import Struct

from store.errors import OutcomeUnknownError, StoreUnavailableError
from store.identity import ForbiddenError, UnauthenticatedError
from store.metrics.journal import JournalFullError
from store.metrics.new_names import TooManyNamesError
from store.unknown_tokens import TooManyUnknownTokensError

# A database that is away is seldom back within a second, and SDKs poll every ten to fifteen anyway.
RETRY_AFTER_S = "5"
# Streams last, so that a place is seldom free soon.
STREAM_RETRY_AFTER_S = "60"

_log = logging.getLogger(__name__)


class Detail(Struct, frozen=True, omit_defaults=True):
    """One thing wrong with a request; `path` looks like `/body/bucket/start`."""

    message: str
    path: str | None = None


class RestError(Exception):
    """A request that ends in an error status, with the name by which clients know the error."""

    status = HTTPStatus.BAD_REQUEST
    name = "BadDataError"

    def __init__(self, *details: Detail | str, headers: Mapping[str, str] | None = None) -> None:
        self.details = tuple(Detail(it) if isinstance(it, str) else it for it in details)
        super().__init__(" ".join(detail.message for detail in self.details))
        self.headers = dict(headers or {})

    def body(self) -> Any:
        """The JSON body: an id for support, the name, a sentence, and the details one by one.

        None stands for an answer without a body.
        """
        return {
            "id": str(uuid4()),
            "name": self.name,
            "message": str(self),
            "details": self.details,
        }


class BadDataError(RestError):
    """The body, a header or a parameter cannot be taken as it is."""


class ValidationError(BadDataError):
    """A registration or a metrics report is not what the metrics document describes.

    That document gives the name, 8.2 says BadDataError (rest-contract.md, "Error bodies, 3.x").
    """

    name = "ValidationError"


class FilterError(BadDataError):
    """A query parameter that filters a list cannot be read; the body is that of 3.x.

    The path of a detail is the parameter's name, and for one of several values `name/index`.
    `type` is the name of the broken rule (rest-contract.md, "Error bodies, 3.x").
    """

    name = "ValidationError"

    def __init__(self, *details: Detail, type: str) -> None:
        super().__init__(*details)
        self.type = type

    def body(self) -> dict[str, Any]:
        """The reference body of refusals, with the place of each error as a list of steps."""
        return {
            "isJoi": True,
            "name": self.name,
            "message": str(self),
            "details": [
                {"message": it.message, "path": _steps(it.path), "type": self.type}
                for it in self.details
            ],
        }


def _steps(path: str | None) -> list[str | int]:
    return [int(it) if it.isdecimal() else it for it in (path or "").split("/")]


class RouteNotFoundError(RestError):
    """No route has the path."""

    status = HTTPStatus.NOT_FOUND
    name = "NotFoundError"


class UnknownFeatureError(RestError):
    """No toggle has the name; the body is the one 3.x clients know."""

    status = HTTPStatus.NOT_FOUND

    def body(self) -> dict[str, Any]:
        """The one key that 3.x sends."""
        return {"error": str(self)}


class NotOfferedError(RestError):
    """The path is known from other servers and not offered here; 405 is what they answer with."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    name = "NotImplementedError"

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"Allow": ""})


class MethodNotAllowedError(RestError):
    """The path has a route, but not for the method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    name = "MethodNotAllowedError"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        methods = ", ".join(allowed)
        super().__init__(
            f"{method} is not possible here, only {methods}.", headers={"Allow": methods}
        )


class RequestTimeoutError(RestError):
    """The body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    name = "RequestTimeoutError"


class BodyTooLargeError(RestError):
    """The body is larger than the limit, as sent or once unpacked."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "PayloadTooLargeError"


class ContentTypeError(RestError):
    """The body is of a media type, or packed in a way, that is not understood here."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    name = "ContentTypeError"


class UnavailableError(RestError):
    """The request is fine and cannot be served just now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "ServiceUnavailableError"

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"Retry-After": RETRY_AFTER_S})


class TooManyReportsError(RestError):
    """More usage is reported than can be written; clients send it again later."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self) -> None:
        message = "More reports are coming in than can be stored; this one was not."
        super().__init__(message, headers={"Retry-After": RETRY_AFTER_S})


class TooManyNewNamesError(RestError):
    """A report brings more new applications or unknown toggles than are stored."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self, error: TooManyNamesError) -> None:
        super().__init__(error.message, headers={"Retry-After": str(error.retry_after_s)})


class TooManyStreamsError(RestError):
    """As many streams are open as may be; clients may poll."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self, limit: str) -> None:
        message = f"{limit}; polling is possible all the same."
        super().__init__(message, headers={"Retry-After": STREAM_RETRY_AFTER_S})


class RefusedAddressError(RestError):
    """The address has tried too many unknown tokens."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self, error: TooManyUnknownTokensError) -> None:
        super().__init__(error.message, headers={"Retry-After": str(error.retry_after_s)})


class InternalError(RestError):
    """A bug; the body names the incident under which the log tells the rest."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    name = "InternalError"

    def __init__(self, incident: str) -> None:
        super().__init__(f"Something went wrong inside the server; it is in its log as {incident}.")


class NotSignedInError(RestError):
    """No known token came."""

    status = HTTPStatus.UNAUTHORIZED

    def body(self) -> dict[str, Any]:
        """The older API document's keys; `type` and `path` tell people where to sign in."""
        return {"type": "token", "path": "/graphql", "message": str(self)}


class NotAllowedError(RestError):
    """The token is known, and of a type that may not do this."""

    status = HTTPStatus.FORBIDDEN

    def body(self) -> dict[str, Any]:
        """The one key that 8.2 sends."""
        return {"message": str(self)}


def rest_error_of(error: Exception) -> RestError | None:
    """The REST form of an error that a request may end in, None for what is a bug."""
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
            return UnavailableError("The server is out of memory just now; try again.")
        case StoreUnavailableError():
            return UnavailableError("The database cannot be reached just now; nothing was stored.")
        case _:
            return None
