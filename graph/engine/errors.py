"""Create and format errors outside of payloads, and mask unexpected exceptions."""

import logging
from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

from graphql import GraphQLError, Node

from graph.engine.codes import ErrorCode
from store.errors import OutcomeUnknownError, StoreUnavailableError
from store.identity import UnauthenticatedError
from store.operations.strings import display

MAX_ERRORS = 20
MAX_MESSAGE_CHARACTERS = 1_000

_SUGGESTION = " Did you mean "

_log = logging.getLogger(__name__)


def request_error(code: ErrorCode, message: str, **extensions: Any) -> dict[str, Any]:
    """Return a formatted error about the whole request."""
    return {"message": message, "extensions": {"code": code, **extensions}}


def format_errors(
    errors: Sequence[GraphQLError], *, suggestions: bool = True
) -> list[dict[str, Any]]:
    """Format errors for an answer: at most 20, each with a code and a limited length.

    Unexpected exceptions are masked. Without `suggestions`, messages do not propose similar names.
    Tracebacks are removed, because their frames refer to all objects that the operation created.
    """
    formatted = [_format(error, suggestions=suggestions) for error in errors[:MAX_ERRORS]]
    for error in errors:
        _forget_frames(error)
    return formatted


def codes_of(errors: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the codes of formatted errors."""
    return {error["extensions"]["code"] for error in errors}


def _format(error: GraphQLError, *, suggestions: bool) -> dict[str, Any]:
    cause = _cause_of(error)
    formatted: dict[str, Any] = dict(error.formatted)
    if not suggestions:
        formatted["message"] = formatted["message"].partition(_SUGGESTION)[0]
    if (
        len(formatted["message"]) > MAX_MESSAGE_CHARACTERS
    ):  # the message quotes a value from the request
        formatted["message"] = formatted["message"][:MAX_MESSAGE_CHARACTERS] + "…"
    if cause is None:
        # During execution graphql-core raises errors only about values from the request.
        formatted["extensions"] = {"code": ErrorCode.BAD_USER_INPUT, **(error.extensions or {})}
    elif isinstance(cause, OutcomeUnknownError):
        formatted |= request_error(ErrorCode.UNAVAILABLE, str(cause))
    elif isinstance(cause, StoreUnavailableError):
        formatted |= request_error(
            ErrorCode.UNAVAILABLE, "The database is currently unavailable; nothing was changed."
        )
    elif isinstance(cause, UnauthenticatedError):
        # The token was revoked between the start of the operation and its transaction.
        formatted |= request_error(ErrorCode.UNAUTHENTICATED, cause.message)
    else:
        formatted |= mask_fault(cause)
    return formatted


def mask_fault(fault: BaseException) -> dict[str, Any]:
    """Log an unexpected exception under an incident ID, and format an error with only this ID.

    A MemoryError becomes an UNAVAILABLE error, without an incident.
    """
    if isinstance(fault, MemoryError):
        _log.error("An operation failed: the process is out of memory")
        return request_error(
            ErrorCode.UNAVAILABLE, "The server is currently out of memory; try again."
        )
    incident = token_hex(8)
    _log.error("Incident %s", incident, exc_info=fault)
    return request_error(
        ErrorCode.INTERNAL_SERVER_ERROR,
        f"An internal error occurred; see incident {incident} in the log.",
        incident=incident,
    )


def _forget_frames(error: BaseException) -> None:
    """Remove the tracebacks of an error and of its causes."""
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
    """Return the exception that caused an error.

    Return None if a resolver raised a GraphQLError itself.
    """
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def bad_user_input(message: str) -> GraphQLError:
    """Create an error for an argument or an ID that breaks a rule. `message` must name the rule."""
    return GraphQLError(message, extensions={"code": ErrorCode.BAD_USER_INPUT})


def too_costly(
    message: str, *, limit: str, actual: int, maximum: int, node: Node | None = None
) -> GraphQLError:
    """Create an error for a request that exceeds a limit.

    `limit` is the stable name of the limit.
    """
    return GraphQLError(
        message,
        node,
        extensions={
            "code": ErrorCode.COST_LIMIT,
            "limit": limit,
            "actual": actual,
            "maximum": maximum,
        },
    )


def no_such_operation(name: str | None) -> GraphQLError:
    """Create the error for a request that does not identify an operation of its document.

    The document has no operation named `name`. If `name` is None, the document has several
    operations.
    """
    message = (
        "The document has several operations; 'operationName' must name one of them."
        if name is None
        else f"The document has no operation named '{display(name)}'."
    )
    return bad_user_input(message)
