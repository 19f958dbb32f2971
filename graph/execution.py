"""Strawberry's schema as Flagstaff runs it: with guarded roots and prepared documents."""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from graph.access import guard_roots
from graph.documents import Documents


class PreparedDocuments(SchemaExtension):
    """Hands Strawberry the prepared document, so that it is not parsed and validated again."""

    def on_operation(self) -> Iterator[None]:
        """Fill in what parsing and validation would find."""
        context = self.execution_context
        schema = context.schema
        if context.query is not None and isinstance(schema, Schema):
            document = schema.documents.prepare(context.query)
            context.graphql_document = document.tree
            context.pre_execution_errors = list(document.errors)
        yield


class Schema(strawberry.Schema):
    """A schema that checks access at its roots and keeps its own store of prepared documents."""

    def __init__(self, query: type, mutation: type | None = None, **options: Any) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] (generics left open there)
            query, mutation, extensions=[PreparedDocuments], **options
        )
        guard_roots(self._schema)
        self.documents = Documents(self._schema)

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing: the edge logs faults with an incident id, and refusals are no faults."""
