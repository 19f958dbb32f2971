"""Which types of tokens reach which root fields: decided once per field."""

from collections.abc import Callable, Collection
from typing import Any

from graphql import GraphQLError, GraphQLField, GraphQLSchema

from graph.engine.codes import ErrorCode
from store.identity import ForbiddenError, Principal, require
from store.model import ApiTokenType

READERS = (ApiTokenType.ADMIN, ApiTokenType.VIEWER)
WRITERS = (ApiTokenType.ADMIN,)


def guard_roots(schema: GraphQLSchema, admin_queries: Collection[str]) -> None:
    """Check access in every root field, so that no new field can be without it.

    Viewers reach subscriptions, and queries except `admin_queries`. Admins reach everything.
    """
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        if root is None:
            continue
        for name, field in root.fields.items():
            readable = root is not schema.mutation_type and (
                root is not schema.query_type or name not in admin_queries
            )
            _guard(field, READERS if readable else WRITERS)


def _guard(field: GraphQLField, allowed: tuple[ApiTokenType, ...]) -> None:
    field.resolve = _checked(field.resolve, allowed)
    if field.subscribe is not None:
        field.subscribe = _checked(field.subscribe, allowed)


def _checked(
    resolve: Callable[..., Any] | None, allowed: tuple[ApiTokenType, ...]
) -> Callable[..., Any]:
    assert resolve is not None  # Strawberry gives every field a resolver

    def resolve_if_allowed(source: Any, info: Any, **arguments: Any) -> Any:
        _require_access(info.context.principal, allowed)
        return resolve(source, info, **arguments)

    return resolve_if_allowed


def _require_access(principal: Principal, allowed: tuple[ApiTokenType, ...]) -> None:
    """Raises: GraphQLError: FORBIDDEN, the principal's token is of no allowed type."""
    try:
        require(principal, *allowed)
    except ForbiddenError as error:
        raise GraphQLError(error.message, extensions={"code": ErrorCode.FORBIDDEN}) from None
