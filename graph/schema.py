"""The schema, and its printed form."""

import hashlib
from functools import cache

from strawberry.schema.config import StrawberryConfig

from graph.engine.run.schema import Schema
from graph.mutations import Mutation
from graph.queries import Query
from graph.scalars import SCALARS
from graph.subscriptions import Subscription
from graph.types.errors import ERROR_TYPES

# The order of the source is kept: Strawberry's `sort_schema` breaks unions.
schema = Schema(
    Query,
    Mutation,
    subscription=Subscription,
    types=ERROR_TYPES,
    config=StrawberryConfig(scalar_map=SCALARS),
)


@cache
def print_sdl() -> str:
    """The schema in GraphQL's schema definition language, as it is kept in `schema.graphql`."""
    return schema.as_str().strip() + "\n"


@cache
def schema_hash() -> str:
    """The SHA-256 of the printed schema, in hex."""
    return hashlib.sha256(print_sdl().encode()).hexdigest()
