"""Mutations on segments."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.ids import encode_id, parse_id
from graph.input_fields import (
    along_with,
    changed_fields,
    expected_revision_field,
    given,
    new_fields,
)
from graph.nodes import segment_of_key
from graph.payload import (
    ChangeSubject,
    Payload,
    change_mutation,
    deleted_id_field,
    named_subject,
    typed_as,
)
from graph.segments.type import Segment
from graph.toggles.input_values import constraints, decode_segment_id
from graph.toggles.inputs import ConstraintInput
from store import Snapshot, model
from store.errors import InvalidError, Problems, refuse
from store.events import EventType, SubjectKind
from store.operations import segments
from store.operations.fields import SegmentFields
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The fields of a new segment.")
class SegmentCreateInput:
    name: str = strawberry.field(description="The unique name.")
    description: str = strawberry.field(
        default="", description="A description of the users in the segment."
    )
    constraints: list[ConstraintInput] = strawberry.field(
        description="The constraints, all of which must hold."
    )


@strawberry.input(description="Changes to a segment; omitted fields stay unchanged.")
class SegmentUpdateInput:
    id: strawberry.ID = strawberry.field(description="The segment to change.")
    name: Maybe[str | None] = strawberry.field(description="The unique name.")
    description: Maybe[str | None] = strawberry.field(
        description="A description of the users in the segment."
    )
    constraints: Maybe[list[ConstraintInput] | None] = strawberry.field(
        description="The new list of constraints, which replaces the old one."
    )
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The unused segment to delete.")
class SegmentDeleteInput:
    id: strawberry.ID = strawberry.field(description="The segment to delete.")


@strawberry.type(description="The outcome of creating a segment.")
class SegmentCreatePayload(Payload):
    segment: model.Segment | None = typed_as(
        Segment, "The new segment, null if it could not be created."
    )


@strawberry.type(description="The outcome of changing a segment.")
class SegmentUpdatePayload(Payload):
    segment: model.Segment | None = typed_as(
        Segment, "The segment after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of deleting a segment.")
class SegmentDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("segment")


_FORMS = {"constraints": constraints}


def _segment(snapshot: Snapshot, input: SegmentUpdateInput | SegmentDeleteInput) -> ChangeSubject:
    _, key = parse_id(input.id) or ("", "")
    found = segment_of_key(snapshot, key)
    return ChangeSubject(SubjectKind.SEGMENT, found.name if found else input.id)


def _key(id: str) -> int:
    """Return the key of the segment in an input.

    Raises: Refusal: the ID is not the global ID of a segment.
    """
    try:
        return decode_segment_id(id, path=("id",))
    except InvalidError as error:
        refuse(error)


@change_mutation(EventType.SEGMENT_CREATED, named_subject(SubjectKind.SEGMENT))
async def segment_create(
    work: UnitOfWork,
    input: Annotated[SegmentCreateInput, argument(description="The fields of the new object.")],
) -> SegmentCreatePayload:
    """Create a segment."""
    segment = await segments.create_segment(
        work, name=input.name, fields=new_fields(SegmentFields, input, _FORMS)
    )
    return SegmentCreatePayload(segment=segment)


@change_mutation(EventType.SEGMENT_UPDATED, _segment)
async def segment_update(
    work: UnitOfWork,
    input: Annotated[SegmentUpdateInput, argument(description="The changes.")],
) -> SegmentUpdatePayload:
    """Change a segment."""
    key = _key(input.id)
    problems = Problems()
    name = given(input.name, path=("name",), problems=problems)
    fields = changed_fields(SegmentFields, input, problems, forms=_FORMS)
    with along_with(problems):
        segment = await segments.update_segment(
            work, key, fields, name=name, expected_revision=input.expected_revision
        )
    return SegmentUpdatePayload(segment=segment)


@change_mutation(EventType.SEGMENT_DELETED, _segment, "Delete a segment.")
async def segment_delete(
    work: UnitOfWork,
    input: Annotated[SegmentDeleteInput, argument(description="The segment.")],
) -> SegmentDeletePayload:
    """Delete a segment that no strategy uses."""
    segment = await segments.delete_segment(work, _key(input.id))
    return SegmentDeletePayload(deleted_id=encode_id("Segment", segment.id))
