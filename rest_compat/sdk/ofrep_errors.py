"""Failures in the body that OpenFeature's providers read."""

from http import HTTPStatus
from typing import Any

from rest_compat.http.errors import RestError
from rest_compat.http.identity import OFREP_PATH, OFREP_PREFIX

PREFIX = "/ofrep/v1/evaluate/flags"

# What the protocol calls a request that cannot be read; it has no word for other failures.
_UNREADABLE = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


class OfrepError(RestError):
    """A failure with one of the protocol's codes; `key` is there for a single flag."""

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

    def body(self) -> Any:
        """The error code with the sentence."""
        document = {"errorCode": self.code, "errorDetails": str(self)}
        return document if self.key is None else {"key": self.key, **document}


def error_at(path: str, error: RestError) -> RestError:
    """The form that an error takes at a path: OFREP's own at `/ofrep` and below."""
    is_ofrep = path == OFREP_PATH or path.startswith(OFREP_PREFIX)
    if not is_ofrep or isinstance(error, OfrepError):
        return error
    code = "PARSE_ERROR" if error.status in _UNREADABLE else "GENERAL"
    form = OfrepError(code, str(error), key=_key_in(path), status=error.status)
    form.headers = error.headers
    return form


def _key_in(path: str) -> str | None:
    key = path.removeprefix(f"{PREFIX}/").removesuffix("/")
    return key if key and "/" not in key else None
