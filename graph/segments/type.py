"""Segments: named sets of constraints."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Info
from graph.engine.run.fields import REVISION, derived, immediate, or_empty, plain
from graph.indexes import toggles_by_segment
from graph.node import Node, id_field, shows
from graph.paging import (
    After,
    Before,
    Connection,
    ConnectionOf,
    EdgeOf,
    First,
    Last,
    page_arguments,
)
from graph.strategies.constraint import Constraint
from graph.toggles.list import connect_toggles, reads_of_toggles
from graph.tokens.actor import Actor
from store import model

if TYPE_CHECKING:
    from graph.toggles.type import ToggleConnection


def _toggles(
    root: model.Segment,
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[model.Toggle]:
    return connect_toggles(
        info.context,
        page_arguments(first, after, last, before),
        among=toggles_by_segment(info.context.snapshot).get(root.id, ()),
    )


@strawberry.type(description="A named set of constraints that many strategies can share.")
@shows(model.Segment, cached_by=("id",))
class Segment(Node):
    id: strawberry.ID = id_field("Segment", "id", "The globally unique ID of this segment.")
    name: str = plain("The unique name.")
    description: str = derived(
        or_empty("description"), "A description of the users in the segment, empty if not given."
    )
    constraints: list[Constraint] = plain("The constraints, all of which must hold.")
    toggles: Annotated["ToggleConnection", strawberry.lazy("graph.toggles.type")] = immediate(
        _toggles,
        "The active toggles that use the segment in any environment.",
        reads=reads_of_toggles,
    )
    created_at: datetime = plain("When the segment was created.")
    created_by: Actor | None = plain("Who created the segment, null if unknown.")
    revision: int = plain(REVISION)


@strawberry.type(description="An edge with one segment and its cursor.")
class SegmentEdge(EdgeOf):
    node: Segment = plain("The segment at the end of the edge.")


@strawberry.type(description="A page of the list of segments.")
class SegmentConnection(ConnectionOf[SegmentEdge, Segment]):
    pass
