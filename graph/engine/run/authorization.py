"""Authorization and limits: whether an operation may run with these variables and this caller."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, GraphQLSchema

from graph.engine.codes import ErrorCode
from graph.engine.documents.limits import exceeded
from graph.engine.documents.preparing import Document
from graph.engine.documents.values import count_values
from graph.engine.run.context import RequestContext


def authorization_errors(
    schema: GraphQLSchema,
    context: RequestContext,
    document: Document,
    name: str | None,
    variables: Mapping[str, Any] | None,
) -> list[GraphQLError]:
    """The errors that keep an operation from running; sets the context's cost."""
    operation = document.operation(name)
    if document.errors or operation is None:
        return list(document.errors)
    if operation.reads_schema and not context.may_introspect:
        return [
            GraphQLError(
                "Introspection is for holders of an admin token on this server.",
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
