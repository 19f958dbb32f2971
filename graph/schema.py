"""Build the schema, print it, and compute its hash."""

import hashlib
from collections.abc import Mapping
from functools import cache

from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.types.field import StrawberryField
from strawberry.types.scalar import ScalarDefinition

from graph.engine.documents.cost import CostRules
from graph.engine.run.schema import Schema
from graph.mutation import Mutation
from graph.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from graph.query import Query
from graph.scalars import SCALARS
from graph.subscription import Subscription
from graph.user_errors import ERROR_TYPES
from store.warnings import MAX_SUBJECTS

# Only admins may use these root fields of queries.
_ADMIN_QUERIES = frozenset({"apiTokens", "webhook", "webhooks"})

_COST_RULES = CostRules(
    default_page_size=DEFAULT_PAGE_SIZE,
    max_page_size=MAX_PAGE_SIZE,
    multipliers={
        ("Query", "nodes"): ("ids",),
        ("Query", "_entities"): ("representations",),
        ("Query", "playground"): ("environments", "contexts"),
        ("Toggle", "evaluate"): (),
        ("PlaygroundResult", "before"): (),
    },
    cyclic_types=frozenset({"Toggle", "ChangeSet"}),
    inner_lists=frozenset(
        {
            ("Toggle", "environments"),
            ("Toggle", "dependents"),
            ("RecordedToggle", "environments"),
            ("Application", "environments"),
            ("Application", "sdks"),
            ("ApplicationIssues", "unknownToggles"),
            ("ApplicationIssues", "archivedToggles"),
            ("ApplicationIssues", "unknownStrategies"),
            ("ApplicationIssues", "missingStrategies"),
            ("ApplicationIssues", "outdatedSdks"),
            ("UnknownToggle", "applications"),
            ("UnknownToggle", "environments"),
        }
    ),
    sizes={
        # These fields return the whole configuration, so each field costs as much as many objects.
        ("StateDocument", "content"): 1_000.0,
        ("StateDocument", "document"): 1_000.0,
        ("ChangeWarning", "subjects"): float(MAX_SUBJECTS),
    },
)


class CachedNames(NameConverter):
    """Converts the name of each field once.

    Strawberry asks for the names of all fields of an input type each time that it converts an input
    of the type. The inputs of a change set's changes have a field for each mutation.
    """

    def from_field(self, field: StrawberryField) -> str:
        """Return the name of a field in GraphQL."""
        name: str | None = vars(field).get("converted_name")
        if name is None:
            name = vars(field)["converted_name"] = super().from_field(field)
        return name


def build_schema(query: type, scalars: Mapping[object, ScalarDefinition] = SCALARS) -> Schema:
    """Return the schema with a query type. `scalars` maps Python types to scalars."""
    # Types remain in the order of the source, because Strawberry's `sort_schema` breaks unions.
    return Schema(
        query,
        Mutation,
        admin_queries=_ADMIN_QUERIES,
        cost_rules=_COST_RULES,
        subscription=Subscription,
        types=ERROR_TYPES,
        config=StrawberryConfig(scalar_map=dict(scalars), name_converter=CachedNames()),
    )


schema = build_schema(Query)


@cache
def print_sdl() -> str:
    """Return the schema in GraphQL's schema definition language, as in `schema.graphql`."""
    return schema.as_str().strip() + "\n"


@cache
def schema_hash() -> str:
    """Return the SHA-256 of the printed schema, in hex."""
    return hashlib.sha256(print_sdl().encode()).hexdigest()
