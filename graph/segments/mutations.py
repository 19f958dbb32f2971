"""Mutations on segments."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph.changes import segment as changes
from graph.context import Info
from graph.ids import encode_id
from graph.inputs.segment import SegmentCreateInput, SegmentDeleteInput, SegmentUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from graph.segments.type import Segment
from store import model


@strawberry.type(description="The outcome of creating a segment.")
class SegmentCreatePayload(Payload):
    segment: model.Segment | None = shown_as(
        Segment, "The new segment, null when it could not be created."
    )


@strawberry.type(description="The outcome of changing a segment.")
class SegmentUpdatePayload(Payload):
    segment: model.Segment | None = shown_as(
        Segment, "The segment after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of deleting a segment.")
class SegmentDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the deleted segment, null when it could not be deleted."
    )


@mutation
async def segment_create(
    info: Info,
    input: Annotated[SegmentCreateInput, argument(description="What it looks like.")],
) -> SegmentCreatePayload:
    """Create a segment."""
    async with change(info) as work:
        segment = await changes.create_segment(work, input)
    return SegmentCreatePayload(segment=segment)


@mutation
async def segment_update(
    info: Info,
    input: Annotated[SegmentUpdateInput, argument(description="What to change.")],
) -> SegmentUpdatePayload:
    """Change a segment."""
    async with change(info) as work:
        segment = await changes.update_segment(work, input)
    return SegmentUpdatePayload(segment=segment)


@mutation
async def segment_delete(
    info: Info,
    input: Annotated[SegmentDeleteInput, argument(description="Which segment.")],
) -> SegmentDeletePayload:
    """Delete a segment that no strategy uses."""
    async with change(info) as work:
        segment = await changes.delete_segment(work, input)
    return SegmentDeletePayload(deleted_id=encode_id("Segment", segment.id))
