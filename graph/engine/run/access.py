"""Who may reach which root field: decided once per field, denied unless allowed here."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLField, GraphQLObjectType, GraphQLSchema

from graph.engine.codes import ErrorCode
from store.identity import ForbiddenError, Principal, require
from store.model import ApiTokenType

READERS = (ApiTokenType.ADMIN, ApiTokenType.VIEWER)
WRITERS = (ApiTokenType.ADMIN,)

# Root fields of queries that viewers cannot reach.
_ADMIN_QUERIES = frozenset({"apiTokens"})


def allowed_types(root: str, field: str) -> tuple[ApiTokenType, ...]:
    """The types of tokens that may reach a field of one of the three root types."""
    match root:
        case "Query" if field in _ADMIN_QUERIES:
            return WRITERS
        case "Query" | "Subscription":
            return READERS
        case _:
            return WRITERS


def require_access(principal: Principal, root: str, field: str) -> None:
    """Let the principal pass to a root field.

    Raises: GraphQLError: FORBIDDEN.
    """
    try:
        require(principal, *allowed_types(root, field))
    except ForbiddenError as error:
        raise GraphQLError(error.message, extensions={"code": ErrorCode.FORBIDDEN}) from None


def guard_roots(schema: GraphQLSchema) -> None:
    """Put the check in front of every root field, so that no new field can be without it."""
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        if root is not None:
            for name, field in root.fields.items():
                _guard(root, name, field)


def _guard(root: GraphQLObjectType, name: str, field: GraphQLField) -> None:
    field.resolve = _checked(field.resolve, root.name, name)
    if field.subscribe is not None:
        field.subscribe = _checked(field.subscribe, root.name, name)


def _checked(resolve: Callable[..., Any] | None, root: str, name: str) -> Callable[..., Any]:
    assert resolve is not None  # Strawberry gives every field a resolver

    def resolve_if_allowed(source: Any, info: Any, **arguments: Any) -> Any:
        require_access(info.context.principal, root, name)
        return resolve(source, info, **arguments)

    return resolve_if_allowed
