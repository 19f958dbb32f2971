"""Errors outside of payloads: their codes, and the masking of faults."""

import logging
from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

from graphql import GraphQLError

from graph.engine.codes import ErrorCode
from store.errors import OutcomeUnknownError, StoreUnavailableError
from store.identity import UnauthenticatedError

MAX_ERRORS = 20
MAX_MESSAGE_CHARACTERS = 1_000

_SUGGESTION = " Did you mean "

_log = logging.getLogger(__name__)


def request_error(code: ErrorCode, message: str, **extensions: Any) -> dict[str, Any]:
    """An error that concerns the request as a whole, as it is sent."""
    return {"message": message, "extensions": {"code": code, **extensions}}


def reported(errors: Sequence[GraphQLError], *, suggestions: bool = True) -> list[dict[str, Any]]:
    """Errors as they are sent: each with a code, faults masked, no more than 20, none too long.

    Without `suggestions` they leave out the names that the caller may have meant. The errors lose
    their tracebacks, whose frames refer to them and to all that the operation has made.
    """
    shown = [_reported(error, suggestions=suggestions) for error in errors[:MAX_ERRORS]]
    for error in errors:
        _forget_frames(error)
    return shown


def codes_of(errors: Sequence[Mapping[str, Any]]) -> set[str]:
    """The codes of errors as they are sent."""
    return {error["extensions"]["code"] for error in errors}


def _reported(error: GraphQLError, *, suggestions: bool) -> dict[str, Any]:
    cause = _cause_of(error)
    shown: dict[str, Any] = dict(error.formatted)
    if not suggestions:
        shown["message"] = shown["message"].partition(_SUGGESTION)[0]
    if len(shown["message"]) > MAX_MESSAGE_CHARACTERS:  # a value of the request that it repeats
        shown["message"] = shown["message"][:MAX_MESSAGE_CHARACTERS] + "…"
    if cause is None:
        # What GraphQL itself objects to while it runs is a value that came with the request.
        shown["extensions"] = {"code": ErrorCode.BAD_USER_INPUT, **(error.extensions or {})}
    elif isinstance(cause, OutcomeUnknownError):
        shown |= request_error(ErrorCode.UNAVAILABLE, str(cause))
    elif isinstance(cause, StoreUnavailableError):
        shown |= request_error(
            ErrorCode.UNAVAILABLE, "The database is not available just now; nothing was changed."
        )
    elif isinstance(cause, UnauthenticatedError):
        # The token was revoked between the start of the operation and its transaction.
        shown |= request_error(ErrorCode.UNAUTHENTICATED, cause.message)
    else:
        shown |= masked(cause)
    return shown


def masked(fault: BaseException) -> dict[str, Any]:
    """A fault of the server as it is sent: nothing but an incident id, under which it is logged.

    A lack of memory is none that an incident could tell more about.
    """
    if isinstance(fault, MemoryError):
        _log.error("An operation failed: the process is out of memory")
        return request_error(
            ErrorCode.UNAVAILABLE, "The server is out of memory just now; try again."
        )
    incident = token_hex(8)
    _log.error("Incident %s", incident, exc_info=fault)
    return request_error(
        ErrorCode.INTERNAL_SERVER_ERROR,
        f"An internal error happened; the log has more under incident {incident}.",
        incident=incident,
    )


def _forget_frames(error: BaseException) -> None:
    """Drop the tracebacks of an error and of all that it came from."""
    waiting: list[BaseException | None] = [error]
    visited: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in visited:
            continue
        visited.add(id(cause))
        cause.__traceback__ = None
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, GraphQLError):
            waiting.append(cause.original_error)


def _cause_of(error: GraphQLError) -> BaseException | None:
    """What was raised, unless it was meant for the caller: a GraphQLError."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
