"""What a reader knows about the server whose toggles it serves."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol

from rest_compat.http.errors import RestError
from rest_compat.http.identity import types_for
from store.model import ApiTokenType

_SDK_TYPES = frozenset({ApiTokenType.CLIENT, ApiTokenType.FRONTEND})


class PrimaryOnlyError(RestError):
    """Only the primary answers this request, because the process is a reader."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "ReaderOnlyError"
    example = "This reader serves SDKs only; send this request to https://flags.example.com."

    @classmethod
    def at(cls, url: str) -> "PrimaryOnlyError":
        """Return the error that names the primary."""
        return cls(f"This reader serves SDKs only; send this request to {url}.")


class UncoveredTokenError(RestError):
    """The reader does not follow the environment or the projects of the token."""

    status = HTTPStatus.FORBIDDEN
    name = "NoAccessError"
    example = "This reader does not follow the environment 'production'."


class Primary(Protocol):
    """The server whose toggles a reader serves, and the tokens that it accepts."""

    @property
    def url(self) -> str:
        """The address of the primary for people."""
        ...

    @property
    def ready(self) -> bool:
        """Whether the reader has the toggles of all tokens that it follows."""
        ...

    async def admit(self, secret: str) -> bool:
        """Make an unknown token known if the primary accepts it; return whether it is known now.

        Raises: UnavailableError: the primary cannot be asked. UncoveredTokenError.
        """
        ...

    def readiness(self) -> Mapping[str, Any]:
        """Return the keys of `/ready` about the primary, with their values."""
        ...


def serves(path: str, method: str) -> bool:
    """Whether a reader answers requests to a path itself."""
    return bool(_SDK_TYPES.intersection(types_for(path, method) or ()))
