"""Errors outside of payloads that a caller can mend."""

from graphql import GraphQLError

from graph.codes import ErrorCode


def bad_user_input(message: str) -> GraphQLError:
    """An argument or an ID breaks a rule; `message` is a sentence that names it."""
    return GraphQLError(message, extensions={"code": ErrorCode.BAD_USER_INPUT})
