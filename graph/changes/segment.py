"""Changes of segments, from their inputs."""

from msgspec import UNSET

from graph.changes.problems import along_with
from graph.inputs import mapping
from graph.inputs.segment import SegmentCreateInput, SegmentDeleteInput, SegmentUpdateInput
from store.errors import Problems
from store.model import Segment
from store.operations import segments
from store.unit_of_work import UnitOfWork


async def create_segment(work: UnitOfWork, input: SegmentCreateInput) -> Segment:
    """Raises: Refusal."""
    return await segments.create_segment(
        work,
        name=input.name,
        description=input.description or None,
        constraints=mapping.constraints(input.constraints),
    )


async def update_segment(work: UnitOfWork, input: SegmentUpdateInput) -> Segment:
    """Raises: Refusal."""
    segment_id = mapping.segment_key(input.id)
    problems = Problems()
    name = mapping.given(input.name, path=("name",), problems=problems)
    description = mapping.given(input.description, path=("description",), problems=problems)
    constraints = mapping.given(input.constraints, path=("constraints",), problems=problems)
    with along_with(problems):
        return await segments.update_segment(
            work,
            segment_id,
            name=name,
            description=description,
            constraints=mapping.constraints(constraints) if constraints is not UNSET else UNSET,
            expected_revision=input.expected_revision,
        )


async def delete_segment(work: UnitOfWork, input: SegmentDeleteInput) -> Segment:
    """Raises: Refusal."""
    return await segments.delete_segment(work, mapping.segment_key(input.id))
