"""Strawberry's schema with guarded root fields and prepared documents."""

from collections.abc import Collection, Iterator
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from graph.engine.documents.cost import CostRules
from graph.engine.documents.preparing import Documents
from graph.engine.run.authorization import authorization_errors, guard_roots
from graph.engine.run.context import RequestContext
from graph.engine.run.executor import CompilingExecutor


class PreparedDocuments(SchemaExtension):
    """Passes Strawberry the prepared document, so that it is not parsed and validated again.

    This extension also authorizes the queries and mutations of all transports.
    """

    def on_operation(self) -> Iterator[None]:
        """Set the document and the errors of validation, authorization and limits."""
        execution = self.execution_context
        schema, context = execution.schema, execution.context
        if execution.query is not None and isinstance(schema, Schema):
            assert isinstance(context, RequestContext)
            document = context.document or schema.documents.prepare(execution.query)
            execution.graphql_document = document.tree
            execution.pre_execution_errors = authorization_errors(
                schema.graphql,
                context,
                document,
                execution.operation_name,
                execution.variables,
            )
        yield


class Schema(strawberry.Schema):
    """A schema that checks access at its root fields and caches prepared documents.

    Only admins may read the query fields in `admin_queries`. `cost_rules` determines the cost of
    fields.
    """

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        *,
        admin_queries: Collection[str] = (),
        cost_rules: CostRules | None = None,
        **options: Any,
    ) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] (generics left open there)
            query,
            mutation,
            extensions=[PreparedDocuments],
            execution_context_class=CompilingExecutor,
            **options,
        )
        guard_roots(self._schema, admin_queries)
        self.cost_rules = cost_rules or CostRules()
        self.documents = Documents(self._schema, cost_rules=self.cost_rules)

    @property
    def graphql(self) -> GraphQLSchema:
        """The schema as an object of graphql-core."""
        return self._schema

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Do nothing: the edge logs faults with an incident ID, and does not log refusals."""
