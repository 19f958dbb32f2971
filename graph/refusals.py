"""Errors outside of payloads that a caller can mend."""

from graphql import GraphQLError, Node

from graph.codes import ErrorCode


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
