"""Changes of segments, from their inputs."""

from graph import input_mapping as mapping
from graph.changes.problems import along_with
from graph.inputs.segment import SegmentCreateInput, SegmentDeleteInput, SegmentUpdateInput
from store.errors import Problems
from store.model import Segment
from store.operations import segments
from store.operations.fields import SegmentFields
from store.unit_of_work import UnitOfWork

_FORMS = {"constraints": mapping.constraints}


async def create_segment(work: UnitOfWork, input: SegmentCreateInput) -> Segment:
    """Raises: Refusal."""
    return await segments.create_segment(
        work,
        name=input.name,
        fields=mapping.new_fields(SegmentFields, input, _FORMS),
    )


async def update_segment(work: UnitOfWork, input: SegmentUpdateInput) -> Segment:
    """Raises: Refusal."""
    segment_id = mapping.segment_key(input.id)
    problems = Problems()
    name = mapping.given(input.name, path=("name",), problems=problems)
    fields = mapping.changed_fields(SegmentFields, input, problems, forms=_FORMS)
    with along_with(problems):
        return await segments.update_segment(
            work,
            segment_id,
            fields,
            name=name,
            expected_revision=input.expected_revision,
        )


async def delete_segment(work: UnitOfWork, input: SegmentDeleteInput) -> Segment:
    """Raises: Refusal."""
    return await segments.delete_segment(work, mapping.segment_key(input.id))
