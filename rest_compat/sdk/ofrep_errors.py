"""Errors with the bodies that OpenFeature's providers expect."""

from http import HTTPStatus
from typing import Any, Self

from msgspec import UNSET

from rest_compat.http.errors import RestError
from rest_compat.http.identity import OFREP_PATH, OFREP_PREFIX
from rest_compat.sdk.models import EvaluationErrorJson

FLAGS_PATH = "/ofrep/v1/evaluate/flags"

# Errors with these statuses have the protocol's code PARSE_ERROR. Other errors have GENERAL.
_UNREADABLE = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


class OfrepError(RestError):
    """An error with one of the protocol's codes.

    In requests for a single flag, `key` is the key of the flag.
    """

    model = EvaluationErrorJson

    def __init__(
        self,
        code: str,
        message: str,
        *,
        key: str | None = None,
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.key = key
        self.status = status

    @classmethod
    def converted(cls, error: RestError) -> RestError:
        """Convert an error of the edge. The status determines the protocol's code."""
        return _convert(error, None)

    def body(self) -> Any:
        """Return the body with the code and the message."""
        return EvaluationErrorJson(
            error_code=self.code,
            error_details=str(self),
            key=UNSET if self.key is None else self.key,
        )


class InvalidContextError(OfrepError):
    """The context in the body is invalid."""

    @classmethod
    def sample(cls) -> Self:
        """Return an error about a body that is a list."""
        return cls("The body must be an object whose 'context' is an object.", key=None)

    def __init__(self, message: str, *, key: str | None) -> None:
        super().__init__("INVALID_CONTEXT", message, key=key)


class UnknownFlagError(OfrepError):
    """No flag has the key."""

    status = HTTPStatus.NOT_FOUND

    @classmethod
    def sample(cls) -> Self:
        """Return an error about a key."""
        key = "checkout-two-pages"
        return cls(f"No flag has the key '{key}'.", key=key)

    def __init__(self, message: str, *, key: str) -> None:
        super().__init__("FLAG_NOT_FOUND", message, key=key, status=HTTPStatus.NOT_FOUND)


def error_at(path: str, error: RestError) -> RestError:
    """Convert an error to an OfrepError if the path is `/ofrep` or below."""
    is_ofrep = path == OFREP_PATH or path.startswith(OFREP_PREFIX)
    return _convert(error, _key_in(path)) if is_ofrep else error


def _convert(error: RestError, key: str | None) -> RestError:
    if isinstance(error, OfrepError):
        return error
    code = "PARSE_ERROR" if error.status in _UNREADABLE else "GENERAL"
    form = OfrepError(code, str(error), key=key, status=error.status)
    form.headers = error.headers
    return form


def _key_in(path: str) -> str | None:
    key = path.removeprefix(f"{FLAGS_PATH}/").removesuffix("/")
    return key if key and "/" not in key else None
