"""Create, update and delete segments."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from store.constraints.checking import (
    check_constraint,
    compile_patterns,
    normalise_constraint,
    plain_constraint,
)
from store.errors import AlreadyExistsError, Problems, refuse
from store.events import EventType, SubjectKind
from store.model import Segment, Toggle
from store.operations.changing import changed_fields, create_object, delete_object, update_object
from store.operations.existing import check_revision, not_found
from store.operations.fields import SegmentFields, given_fields
from store.operations.limits import MAX_NAME_LENGTH, check_count
from store.operations.numbering import new_number
from store.operations.strings import check_description, check_line, display
from store.operations.uses import refuse_if_used, toggles_where
from store.unit_of_work import UnitOfWork
from store.values import Constraint


async def create_segment(
    work: UnitOfWork,
    *,
    name: str,
    fields: SegmentFields = SegmentFields(),
    allow_unknown: bool = False,
) -> Segment:
    """Create a segment.

    Raises: Refusal.
    """
    problems = Problems()
    await compile_patterns(fields.constraints or ())
    _check_name(work, name, None, problems)
    _check_fields(fields, problems, allow_unknown=allow_unknown)
    problems.raise_any()

    given = given_fields(SegmentFields, fields)
    if fields.constraints is not UNSET:
        given["constraints"] = _stored(fields.constraints, allow_unknown=allow_unknown)
    segment = Segment(
        id=await new_number(work, SubjectKind.SEGMENT, work.snapshot.segments),
        name=name,
        **given,
        created_at=work.now,
        created_by=work.actor,
        revision=work.revision,
    )
    return create_object(
        work, segment, EventType.SEGMENT_CREATED, summary=f"Created segment '{display(name)}'."
    )


async def update_segment(
    work: UnitOfWork,
    segment_id: int,
    fields: SegmentFields = SegmentFields(),
    *,
    name: str | UnsetType = UNSET,
    expected_revision: int | None = None,
    allow_unknown: bool = False,
) -> Segment:
    """Update the given fields of a segment.

    Raises: Refusal.
    """
    segment = _find(work, segment_id)
    problems = Problems()
    await compile_patterns(fields.constraints or ())
    check_revision(work, segment, expected_revision, problems=problems)
    if name is not UNSET:
        _check_name(work, name, segment, problems)
    _check_fields(fields, problems, allow_unknown=allow_unknown)
    problems.raise_any()

    given = {"name": name, **given_fields(SegmentFields, fields)}
    if fields.constraints is not UNSET:
        given["constraints"] = _reuse_equal(
            segment, fields.constraints, allow_unknown=allow_unknown
        )
    changed = changed_fields(segment, given)
    summary = f"Changed segment '{display(changed.get('name', segment.name))}'."
    return update_object(work, segment, changed, EventType.SEGMENT_UPDATED, summary=summary)


async def delete_segment(work: UnitOfWork, segment_id: int) -> Segment:
    """Delete a segment.

    Raises: Refusal: the segment does not exist, or live or archived toggles use it.
    """
    segment = _find(work, segment_id)
    users = toggles_where(work.snapshot, lambda toggle: _uses(toggle, segment_id), archived=True)
    refuse_if_used(f"Segment '{display(segment.name)}'", {"toggle": users}, path=("id",))
    summary = f"Deleted segment '{display(segment.name)}'."
    return delete_object(work, segment, EventType.SEGMENT_DELETED, summary=summary)


def _uses(toggle: Toggle, segment_id: int) -> bool:
    # Use loops, which are faster than `any`, because this function checks all toggles for each
    # segment of a change set.
    for configured in toggle.environments.values():
        for strategy in configured.strategies:
            if segment_id in strategy.segments:
                return True
    return False


def _find(work: UnitOfWork, segment_id: int) -> Segment:
    segment = work.snapshot.segments.get(segment_id)
    if segment is None:
        refuse(not_found("segment", segment_id, path=("id",)))
    return segment


def _check_name(work: UnitOfWork, name: str, owner: Segment | None, problems: Problems) -> None:
    fits = check_line(
        name,
        what="The segment name",
        path=("name",),
        problems=problems,
        min_length=1,
        max_length=MAX_NAME_LENGTH,
    )
    existing = work.snapshot.segments_by_name.get(name) if fits else None
    if existing is not None and existing is not owner:
        problems.add(
            AlreadyExistsError(
                f"A segment named '{display(name)}' already exists.",
                existing=existing,
                path=("name",),
            )
        )


def _check_fields(fields: SegmentFields, problems: Problems, *, allow_unknown: bool) -> None:
    check_description(fields.description or "", path=("description",), problems=problems)
    constraints = fields.constraints or ()
    check_count(constraints, what="constraints", path=("constraints",), problems=problems)
    for index, constraint in enumerate(constraints):
        check_constraint(
            constraint,
            path=("constraints", str(index)),
            problems=problems,
            allow_unknown=allow_unknown,
        )


def _stored(constraints: Sequence[Constraint], *, allow_unknown: bool) -> tuple[Constraint, ...]:
    return tuple(map(normalise_constraint if allow_unknown else plain_constraint, constraints))


def _reuse_equal(
    segment: Segment, constraints: Sequence[Constraint], *, allow_unknown: bool
) -> tuple[Constraint, ...]:
    """Return the new constraints, or the present constraints if the two lists are equal."""
    new = _stored(constraints, allow_unknown=allow_unknown)
    old = _stored(segment.constraints, allow_unknown=allow_unknown)
    return segment.constraints if old == new else new
