"""Check access to root fields, and the limits on operations."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from graphql import GraphQLError, GraphQLField, GraphQLSchema

from graph.engine.codes import ErrorCode
from graph.engine.documents.limits import exceeded
from graph.engine.documents.preparing import Document
from graph.engine.documents.values import count_values
from graph.engine.run.context import RequestContext
from store.identity import ForbiddenError, Principal, require
from store.model import ApiTokenType

READERS = (ApiTokenType.ADMIN, ApiTokenType.VIEWER)
WRITERS = (ApiTokenType.ADMIN,)


def guard_roots(schema: GraphQLSchema, admin_queries: Collection[str]) -> None:
    """Add an access check to every root field, so that new root fields are always checked.

    Viewers may use all subscriptions, and all queries except `admin_queries`. Admins may use
    everything.
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
    assert resolve is not None  # Strawberry adds a resolver to every field

    def resolve_if_allowed(source: Any, info: Any, **arguments: Any) -> Any:
        _require_access(info.context.principal, allowed)
        return resolve(source, info, **arguments)

    return resolve_if_allowed


def _require_access(principal: Principal, allowed: tuple[ApiTokenType, ...]) -> None:
    """Check that the type of the principal's token is allowed.

    Raises: GraphQLError: FORBIDDEN.
    """
    try:
        require(principal, *allowed)
    except ForbiddenError as error:
        raise GraphQLError(error.message, extensions={"code": ErrorCode.FORBIDDEN}) from None


def authorization_errors(
    schema: GraphQLSchema,
    context: RequestContext,
    document: Document,
    name: str | None,
    variables: Mapping[str, Any] | None,
) -> list[GraphQLError]:
    """Set the context's cost, and return the errors that prevent an operation from running."""
    operation = document.operation(name)
    if document.errors or operation is None:
        return list(document.errors)
    if operation.reads_schema and not context.may_introspect:
        return [
            GraphQLError(
                "On this server introspection requires an admin token.",
                extensions={"code": ErrorCode.FORBIDDEN},
            )
        ]
    limits = context.limits
    values = document.values
    if variables:
        left = limits.values - values
        values += count_values(schema, operation.tree, variables, enough=left)
    if values > limits.values:
        return [exceeded("values", values, limits.values)]
    context.cost = operation.pricing.cost(variables)
    return [exceeded("cost", context.cost, limits.cost)] if context.cost > limits.cost else []
