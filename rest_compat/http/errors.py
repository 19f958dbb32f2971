"""The errors of the REST edge, with the statuses and bodies that clients expect."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Self
from uuid import uuid4

from msgspec import UNSET, Struct, UnsetType, structs

from store.errors import format_path

# The maximum number of violations in a response. A hostile body may contain half a million.
MAX_VIOLATIONS = 100


class Detail(Struct, frozen=True):
    """A problem of a request, with the path of the invalid value, such as `/body/bucket/start`."""

    message: str
    path: str | UnsetType = UNSET


class ErrorJson(Struct):
    """An error, with an ID for support, a name, a message and a list of details."""

    id: str
    name: str
    message: str
    details: Sequence[Detail]


class Violation(Struct, frozen=True):
    """A violation: a message, the path of the value as a list, and the name of the rule."""

    message: str
    path: Sequence[str | int]
    type: str


class ViolationsJson(Struct, rename="camel"):
    """All rules that the request breaks, up to a limit."""

    is_joi: bool
    name: str
    details: Sequence[Violation]


class RestError(Exception):
    """The base class of errors that clients get as responses.

    `name` is the error's name in the body. `model` is the type of the body; None means no body.

    The other attributes are for the OpenAPI document. `example` is an example of the message.
    `media_types` lists the media types of the body. `header_descriptions` maps the names of headers
    to descriptions. `response_name` is the name of the response. Its default is the name of the
    class. The first paragraph of a subclass's docstring describes the error.
    """

    status = HTTPStatus.BAD_REQUEST
    name = "BadDataError"
    model: ClassVar[Any] = ErrorJson
    example: ClassVar[str] = ""
    media_types: ClassVar[Sequence[str]] = ("application/json",)
    header_descriptions: ClassVar[Mapping[str, str]] = {}
    response_name: ClassVar[str] = ""

    def __init__(self, *details: Detail | str, headers: Mapping[str, str] | None = None) -> None:
        self.details = tuple(
            Detail(detail) if isinstance(detail, str) else detail for detail in details
        )
        super().__init__(" ".join(detail.message for detail in self.details))
        self.headers = dict(headers or {})

    @classmethod
    def sample(cls) -> Self:
        """Return an error whose message is `example`."""
        return cls(cls.example)

    @classmethod
    def converted(cls, error: "RestError") -> "RestError":
        """Convert an error to this class, because some clients expect only errors of this class."""
        return error

    def body(self) -> Any:
        """Return the JSON body, or None if the response has no body."""
        return ErrorJson(str(uuid4()), self.name, str(self), self.details)


class BadDataError(RestError):
    """The body, a header or a parameter is invalid."""

    example = "The value must be a string, not the number 1."


class ValidationError(BadDataError):
    """A registration or a usage report is invalid.

    The error is named ValidationError in Unleash's documentation, and BadDataError in Unleash 8.2
    (rest-contract.md, "Error bodies, 3.x").
    """

    name = "ValidationError"
    example = "The body must have 'appName'."


class InvalidBodyError(RestError):
    """The body breaks validation rules.

    Unleash 3.17.6 lists each violation with a path and a type (rest-contract.md, "Error bodies,
    3.x").
    """

    name = "ValidationError"
    model = ViolationsJson

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = violations[:MAX_VIOLATIONS]
        super().__init__(*(violation.message for violation in self.violations))

    @classmethod
    def sample(cls) -> Self:
        """Return an error about a name."""
        message = "The name 'not a name' must be URL friendly."
        return cls([Violation(message, ("name",), "isUrlFriendly.base")])

    def body(self) -> Any:
        """Return the body that 3.x sends. Each message begins with the path in quotes."""
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

    The path of a detail is the name of the parameter. If the parameter has several values, the path
    is `name/index`. `type` is the name of the violated rule (rest-contract.md, "Error bodies,
    3.x").
    """

    name = "ValidationError"
    model = FilterJson

    def __init__(self, *details: Detail, type: str) -> None:
        super().__init__(*details)
        self.type = type

    @classmethod
    def sample(cls) -> Self:
        """Return an error about a tag."""
        detail = Detail("A tag must look like type:value.", "tag/0")
        return cls(detail, type="string.pattern.name")

    def body(self) -> Any:
        """Return the body that 3.x sends. The path of each violation is a list."""
        violations = [
            Violation(detail.message, _steps(detail.path), self.type) for detail in self.details
        ]
        return FilterJson(True, self.name, str(self), violations)


def _steps(path: str | UnsetType) -> list[str | int]:
    return [int(step) if step.isdecimal() else step for step in (path or "").split("/")]


class RouteNotFoundError(RestError):
    """No route matches the path."""

    status = HTTPStatus.NOT_FOUND
    name = "NotFoundError"
    example = "There is nothing at /api/admin/features/%00."


class MissingJson(Struct):
    """The message of the error."""

    error: str


class UnknownFeatureError(RestError):
    """No toggle has the requested name."""

    status = HTTPStatus.NOT_FOUND
    model = MissingJson
    example = "No toggle is named 'checkout-two-pages'."

    def body(self) -> Any:
        """Return the body that 3.x sends. Its only key is `error`."""
        return MissingJson(str(self))


class NotOfferedError(RestError):
    """Requests to this path are always refused."""

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
            f"{method} is not allowed here; only {methods}.", headers={"Allow": methods}
        )


class RequestTimeoutError(RestError):
    """The body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    name = "RequestTimeoutError"
    example = "The body did not arrive within 30 seconds."


class BodyTooLargeError(RestError):
    """The body is too large, either before or after decompression."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "PayloadTooLargeError"
    example = "The body is larger than the limit of 1,000,000 bytes."


class ContentTypeError(RestError):
    """The media type or the content encoding of the body is not supported."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    name = "ContentTypeError"
    example = "The body must be application/json, not text/plain."


# Reading the body of a request can raise these errors.
BODY_ERRORS = (BadDataError, RequestTimeoutError, BodyTooLargeError, ContentTypeError)


def pointer(step: str) -> str:
    """Escape a key for the path of a `Detail`, with the rules of JSON Pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")
