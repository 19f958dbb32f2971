"""The schema of a subgraph: the schema without federation, and two fields for routers.

Strawberry's federation provides the scalar `_Any`. Strawberry's schema class for federation is not
used for three reasons. The class resolves representations one by one. A malformed representation
causes an internal error. The schema without federation would contain the keys of entities.
"""

from collections.abc import Sequence
from functools import cache
from typing import Annotated

import strawberry
from strawberry import argument
from strawberry.federation.schema import FederationAny

from graph import query as queries
from graph.applications.application import Application
from graph.context import Info
from graph.engine.run.fields import plain, resolved
from graph.engine.run.schema import Schema
from graph.environments.type import Environment
from graph.federation.entities import find_entities
from graph.federation.subgraph import print_subgraph_sdl
from graph.projects.type import Project
from graph.scalars import SCALARS, pass_unchanged
from graph.schema import build_schema
from graph.segments.type import Segment
from graph.strategies.type import Strategy
from graph.toggles.type import Toggle


@strawberry.type(
    name="_Service", description="The part of the supergraph that this server provides."
)
class Service:
    sdl: str = plain(
        "The schema with the keys of its entities, from which routers compose the supergraph."
    )


Entity = Annotated[
    Toggle | Application | Environment | Strategy | Segment | Project,
    strawberry.union("_Entity", description="An object that other subgraphs can refer to."),
]


def _service() -> Service:
    return Service(sdl=print_subgraph_sdl())


async def _entities(
    info: Info,
    representations: Annotated[
        list[FederationAny],
        argument(description="Objects with `__typename` and the key of an entity: name or id."),
    ],
) -> Sequence[object | None]:
    return await find_entities(info.context, representations)


@strawberry.type(name="Query", description="All queries.")
class SubgraphQuery(queries.Query):
    service: Service = resolved(
        _service, "The schema from which routers compose the supergraph.", name="_service"
    )
    entities: list[Entity | None] = resolved(
        _entities,
        "The entities of the representations, in the same order; null for missing ones.",
        name="_entities",
    )


_ANY = strawberry.scalar(
    name="_Any",
    description="An entity by its type and key, as a JSON object.",
    serialize=pass_unchanged,
    parse_value=pass_unchanged,
)


@cache
def subgraph_schema() -> Schema:
    """Return the schema with `_service` and `_entities`, created on first use."""
    print_subgraph_sdl()  # fills the cache, so that the first request is not slower
    return build_schema(SubgraphQuery, {**SCALARS, FederationAny: _ANY})
