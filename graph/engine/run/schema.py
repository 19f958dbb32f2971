"""Strawberry's schema with guarded root fields."""

from collections.abc import Collection
from typing import Any

import strawberry
from graphql import GraphQLSchema

from graph.engine.documents.cost import CostRules
from graph.engine.run.authorization import guard_roots
from graph.engine.run.executor import CompilingExecutor


class Schema(strawberry.Schema):
    """A schema that checks access at its root fields. `Operations` runs the operations of a schema.

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
            query, mutation, execution_context_class=CompilingExecutor, **options
        )
        guard_roots(self._schema, admin_queries)
        self.cost_rules = cost_rules or CostRules()

    @property
    def graphql(self) -> GraphQLSchema:
        """The schema as an object of graphql-core."""
        return self._schema
