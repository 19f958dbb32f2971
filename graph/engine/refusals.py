"""Errors outside of payloads that a caller can mend."""

from graphql import GraphQLError, Node

from graph.engine.codes import ErrorCode
from store.operations.text import shown


def bad_user_input(message: str) -> GraphQLError:
    """An argument or an ID breaks a rule; `message` is a sentence that names it."""
    return GraphQLError(message, extensions={"code": ErrorCode.BAD_USER_INPUT})


def too_costly(
    message: str, *, limit: str, actual: int, maximum: int, node: Node | None = None
) -> GraphQLError:
    """More is asked for than one request may have; `limit` is a stable name for the measure."""
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
    """The document does not say which of its operations is meant."""
    message = (
        "The document has several operations; 'operationName' must say which one to run."
        if name is None
        else f"The document has no operation named '{shown(name)}'."
    )
    return bad_user_input(message)
