"""Import the segments of a state document, and find segments by their IDs in the document."""

from collections import defaultdict
from collections.abc import Mapping

from msgspec import UNSET, Struct

from store.errors import InvalidError, Refusal
from store.operations.existing import not_found
from store.operations.fields import SegmentFields
from store.operations.segments import create_segment, delete_segment, update_segment
from store.operations.strings import display
from store.transfer.unleash.context import UnleashImport, items_of
from store.transfer.unleash.environment_entries import SegmentEntry


class SegmentsOfDocument(Struct, frozen=True):
    """Mappings of segment IDs to segment names, and of strategy IDs to segment IDs."""

    names: Mapping[int, str]
    of_strategies: Mapping[str, tuple[int, ...]]


async def import_segments(context: UnleashImport) -> None:
    """Create and overwrite segments; the name identifies a segment."""
    work = context.work
    for at, entry in enumerate(items_of(context.state.segments)):
        if context.has_too_many_errors:
            return
        known = work.snapshot.segments_by_name.get(entry.name)
        if known is not None and context.keep and not context.drop:
            continue
        if entry.constraints is UNSET:
            if known is None:
                _note_unknown_constraints(context, at, entry)
            continue
        try:
            await _import_segment(context, entry)
        except Refusal as refusal:
            context.note(refusal, "segments", str(at))


async def drop_segments(context: UnleashImport) -> None:
    """Delete the segments that are neither in the document nor in use."""
    work, state = context.work, context.state
    if state.segments is UNSET:
        return
    stay = {entry.name for entry in state.segments}
    for key, segment in sorted(work.snapshot.segments.items()):
        if segment.name in stay:
            continue
        try:
            await delete_segment(work, key)
        except Refusal as refusal:
            context.warn(refusal.errors[0].message, "segments")
        else:
            context.show_as_part()


def segments_of(context: UnleashImport) -> SegmentsOfDocument:
    """Return the segments of the document.

    If the document has no section `segments`, return the segments of this installation. An unknown
    ID is an error, because without the segment a toggle would be on for more users.
    """
    state = context.state
    names = {key: segment.name for key, segment in context.work.snapshot.segments.items()}
    if state.segments is not UNSET:
        names = {segment.id: segment.name for segment in state.segments if segment.id is not None}
    known = {strategy.id for strategy in items_of(state.feature_strategies)}
    given: dict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(items_of(state.feature_strategy_segments)):
        strategy, segment = entry.feature_strategy_id, entry.segment_id
        path = ("featureStrategySegments", str(at))
        if strategy not in known:
            context.leave_out(
                f"No strategy of the document has the ID '{display(strategy)}', so its "
                f"segment {segment} is left out.",
                *path,
            )
        elif segment not in names:
            note_missing(context, segment, *path, "segmentId")
        elif segment not in given[strategy]:
            given[strategy].append(segment)
    return SegmentsOfDocument(names, {key: tuple(ids) for key, ids in given.items()})


def note_missing(context: UnleashImport, segment: int, *steps: str) -> None:
    """Report that neither this installation nor the document has a segment."""
    context.note(Refusal(not_found("segment", segment, path=())), *steps)


def _note_unknown_constraints(context: UnleashImport, at: int, entry: SegmentEntry) -> None:
    """Refuse a segment without constraints, or leave it out if no strategy uses it.

    A segment that is created without its constraints would match all users.
    """
    path = ("segments", str(at))
    strategies = items_of(context.state.feature_strategies)
    if any(entry.id in (strategy.segments or ()) for strategy in strategies):
        error = InvalidError(
            f"The export names the segment '{display(entry.name)}' without its constraints, and no "
            "segment here has this name. Create the segment before the import. The command "
            "`flagstaff import` and the mutation stateImport can instead take its constraints from "
            "their option 'segments': a client payload of the Unleash server, or a list of its "
            "segments.",
            rule="segment-constraints",
            path=(),
        )
        context.note(Refusal(error), *path)
    else:
        context.leave_out(
            f"No strategy uses the segment '{display(entry.name)}', whose constraints the export "
            "omits.",
            *path,
        )


async def _import_segment(context: UnleashImport, entry: SegmentEntry) -> None:
    """Create or overwrite a segment.

    Raises: Refusal.
    """
    work = context.work
    known = work.snapshot.segments_by_name.get(entry.name)
    constraints = tuple(constraint.constraint() for constraint in items_of(entry.constraints))
    fields = SegmentFields(description=entry.description, constraints=constraints)
    if known is not None:
        await update_segment(work, known.id, fields, allow_unknown=True)
    else:
        await create_segment(work, name=entry.name, fields=fields, allow_unknown=True)
