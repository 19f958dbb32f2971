"""Errors of the REST edge, with the statuses and bodies that clients expect."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import uuid4

from msgspec import Struct, structs

from store.errors import OutcomeUnknownError, StoreUnavailableError, format_path
from store.identity import ForbiddenError, UnauthenticatedError
from store.unknown_tokens import TooManyUnknownTokensError
from store.usage.journal import JournalFullError
from store.usage.new_names import TooManyNamesError

# Outages rarely end within a second, and SDKs poll only every ten to fifteen seconds.
RETRY_AFTER_S = "5"
# Streams are long-lived, so the number of open ones falls slowly.
STREAM_RETRY_AFTER_S = "60"
# A hostile body may contain half a million violations.
MAX_VIOLATIONS = 100

_log = logging.getLogger(__name__)


class Detail(Struct, frozen=True, omit_defaults=True):
    """One problem of a request; `path` looks like `/body/bucket/start`."""

    message: str
    path: str | None = None


class ErrorJson(Struct):
    """An error: an ID for support, its name, a message, and a list of details."""

    id: str
    name: str
    message: str
    details: Sequence[Detail]


class Violation(Struct, frozen=True):
    """A broken rule: a message, the path of the value as a list, and the name of the rule."""

    message: str
    path: Sequence[str | int]
    type: str


class ViolationsJson(Struct, rename="camel"):
    """All broken rules, up to a limit."""

    is_joi: bool
    name: str
    details: Sequence[Violation]


class RestError(Exception):
    """A request that ends in an error status.

    `name` is the error's name in the body; `model` is the type of the body, None without one. The
    first paragraph of a subclass's docstring describes the error in the OpenAPI document.
    """

    status = HTTPStatus.BAD_REQUEST
    name = "BadDataError"
    model: ClassVar[Any] = ErrorJson

    def __init__(self, *details: Detail | str, headers: Mapping[str, str] | None = None) -> None:
        self.details = tuple(
            Detail(detail) if isinstance(detail, str) else detail for detail in details
        )
        super().__init__(" ".join(detail.message for detail in self.details))
        self.headers = dict(headers or {})

    def body(self) -> Any:
        """The JSON body, None for a response without one."""
        return ErrorJson(str(uuid4()), self.name, str(self), self.details)


class BadDataError(RestError):
    """The body, a header or a parameter is invalid."""


class ValidationError(BadDataError):
    """A registration or a metrics report does not match the metrics document.

    The name is that of the document; 8.2 sends BadDataError (rest-contract.md, "Error bodies,
    3.x").
    """

    name = "ValidationError"


class InvalidBodyError(RestError):
    """The body breaks rules.

    3.17.6 lists them with path and type (rest-contract.md, "Error bodies, 3.x").
    """

    name = "ValidationError"
    model = ViolationsJson

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = violations[:MAX_VIOLATIONS]
        super().__init__(*(violation.message for violation in self.violations))

    def body(self) -> Any:
        """The body of 3.x with violations; each message begins with the path in quotes."""
        return ViolationsJson(
            True, self.name, [_with_path(violation) for violation in self.violations]
        )


def _with_path(violation: Violation) -> Violation:
    if not violation.path:
        return violation
    path = format_path(tuple(map(str, violation.path)))
    return structs.replace(violation, message=f'"{path}": {violation.message}')


class FilterJson(Struct, rename="camel"):
    """An invalid filter; `path` contains the parameter's name."""

    is_joi: bool
    name: str
    message: str
    details: Sequence[Violation]


class FilterError(BadDataError):
    """A query parameter that filters a list is invalid.

    The path of a detail is the parameter's name, or `name/index` for one of several values. `type`
    is the name of the broken rule (rest-contract.md, "Error bodies, 3.x").
    """

    name = "ValidationError"
    model = FilterJson

    def __init__(self, *details: Detail, type: str) -> None:
        super().__init__(*details)
        self.type = type

    def body(self) -> Any:
        """The body of 3.x with violations, each with its path as a list."""
        violations = [
            Violation(detail.message, _steps(detail.path), self.type) for detail in self.details
        ]
        return FilterJson(True, self.name, str(self), violations)


def _steps(path: str | None) -> list[str | int]:
    return [int(step) if step.isdecimal() else step for step in (path or "").split("/")]


class RouteNotFoundError(RestError):
    """No route matches the path."""

    status = HTTPStatus.NOT_FOUND
    name = "NotFoundError"


class MissingJson(Struct):
    """The message of the error."""

    error: str


class UnknownFeatureError(RestError):
    """No toggle has the name."""

    status = HTTPStatus.NOT_FOUND
    model = MissingJson

    def body(self) -> Any:
        """The body of 3.x, which has one key."""
        return MissingJson(str(self))


class NotOfferedError(RestError):
    """Other servers have the path; this one does not offer it."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    name = "NotImplementedError"

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"Allow": ""})


class MethodNotAllowedError(RestError):
    """The path has no route for the method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    name = "MethodNotAllowedError"

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        methods = ", ".join(allowed)
        super().__init__(
            f"{method} is not allowed here, only {methods}.", headers={"Allow": methods}
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
    """The media type or the content encoding of the body is not supported."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    name = "ContentTypeError"


class UnavailableError(RestError):
    """The server cannot serve the request at the moment; see `Retry-After`."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "ServiceUnavailableError"

    def __init__(self, message: str) -> None:
        super().__init__(message, headers={"Retry-After": RETRY_AFTER_S})


class TooManyReportsError(RestError):
    """More usage is reported than can be stored; clients should send the report again."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self) -> None:
        message = "More reports arrive than can be stored; this one was not stored."
        super().__init__(message, headers={"Retry-After": RETRY_AFTER_S})


class TooManyNewNamesError(RestError):
    """A report names more new applications or unknown toggles than are stored."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self, error: TooManyNamesError) -> None:
        super().__init__(error.message, headers={"Retry-After": str(error.retry_after_s)})


class TooManyStreamsError(RestError):
    """The limit of open streams is reached; clients may poll."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self, limit: str) -> None:
        message = f"{limit}; poll instead."
        super().__init__(message, headers={"Retry-After": STREAM_RETRY_AFTER_S})


class RefusedAddressError(RestError):
    """The address has tried too many unknown tokens; see `Retry-After`."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "TooManyRequestsError"

    def __init__(self, error: TooManyUnknownTokensError) -> None:
        super().__init__(error.message, headers={"Retry-After": str(error.retry_after_s)})


class InternalError(RestError):
    """A bug in the server; the log has the details under the incident in the body."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    name = "InternalError"

    def __init__(self, incident: str) -> None:
        super().__init__(f"The server failed; its log has the details under {incident}.")


class UnauthenticatedJson(Struct):
    """The reason why the token was refused; `type` and `path` say where to sign in."""

    type: str
    path: str
    message: str


class ForbiddenJson(Struct):
    """The reason why the token does not permit the request."""

    message: str


class NotSignedInError(RestError):
    """The request carries no token, or an unknown one."""

    status = HTTPStatus.UNAUTHORIZED
    model = UnauthenticatedJson

    def body(self) -> Any:
        """The body in the older API document."""
        return UnauthenticatedJson("token", "/graphql", str(self))


class NotAllowedError(RestError):
    """The type of the token does not permit the request."""

    status = HTTPStatus.FORBIDDEN
    model = ForbiddenJson

    def body(self) -> Any:
        """The body of 8.2, which has one key."""
        return ForbiddenJson(str(self))


def rest_error_of(error: Exception) -> RestError | None:
    """The REST form of an error, None for a bug."""
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
            return UnavailableError("The database cannot be reached; nothing was stored.")
        case _:
            return None


def pointer(step: str) -> str:
    """Escape a step of a path that comes from the client (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")
