"""What changed in a scope since a revision, as the events that SDKs apply to what they hold."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from rest_compat.sdk.documents import encoded_segment, encoded_toggle
from rest_compat.sdk.payload import PayloadScope
from store import Snapshot
from store.events import Event, EventType, SubjectKind
from store.model import Segment, Toggle

_encode = msgspec.json.Encoder().encode


class Gone(Struct, frozen=True):
    """What was deleted: toggles by name with their project, segments by id."""

    toggles: Sequence[tuple[str, str]] = ()
    segments: Sequence[int] = ()


def gone_in(events: Iterable[Event]) -> Gone:
    """What events tell was deleted."""
    toggles: list[tuple[str, str]] = []
    segments: list[int] = []
    for event in events:
        if event.type is EventType.TOGGLE_DELETED:
            toggles.append((event.subject_name, event.project or ""))
        elif event.type is EventType.SEGMENT_DELETED:
            assert event.subject_kind is SubjectKind.SEGMENT
            segments.append(int(event.subject_key))
    return Gone(toggles, segments)


def hydration(snapshot: Snapshot, scope: PayloadScope) -> bytes:
    """A message with everything in scope, to begin with."""
    toggles = list(scope.toggles(snapshot))
    encoded = [encoded_toggle(it, scope.environment, snapshot, inline=False) for it in toggles]
    segments = {segment.id: segment for it in encoded for segment in it.segments}
    event = {
        "type": "hydration",
        "eventId": snapshot.revision,
        "features": [Raw(it.json) for it in encoded],
        "segments": [Raw(encoded_segment(segments[it]).json) for it in sorted(segments)],
    }
    return _encode({"events": [event]})


def delta(
    before: Snapshot | None, after: Snapshot, scope: PayloadScope, gone: Gone, *, since: int
) -> bytes | None:
    """A message with what changed in scope from a revision to a snapshot; None if nothing did.

    Without the snapshot of then, `before`, whatever changed in any environment counts: telling an
    SDK what it knows does no harm. In scopes that leave toggles out it would tell their names.
    """
    if before is None and scope.membership() is not None:
        raise ValueError("what left a scope is known only by the snapshot of then")
    features, used = _features_told(before, after, scope, since)
    gone_features = [
        _removed(after.revision, name, _served_project(before, name, project))
        for name, project in gone.toggles
        if name not in after.toggles and (before is None or _was_served(before, name, scope))
    ]
    # A segment comes before the toggles that use it, and goes after them.
    segments = used | _segments_changed(after, scope, since)
    events = [
        *(_segment_updated(after.revision, segments[number]) for number in sorted(segments)),
        *features,
        *gone_features,
        *(
            {"type": "segment-removed", "eventId": after.revision, "segmentId": number}
            for number in gone.segments
            if number not in after.segments
        ),
    ]
    return _encode({"events": events}) if events else None


def _features_told(
    before: Snapshot | None, after: Snapshot, scope: PayloadScope, since: int
) -> tuple[list[dict[str, Any]], dict[int, Segment]]:
    """The events of the toggles that changed, and the segments that they use."""
    holds = scope.membership()
    events: list[dict[str, Any]] = []
    segments: dict[int, Segment] = {}
    for toggle in after.toggles.values():
        if toggle.revision <= since:
            continue
        if toggle.archived or (holds and not holds(toggle)):
            if before is None or _was_served(before, toggle.name, scope):
                project = _served_project(before, toggle.name, toggle.project)
                events.append(_removed(after.revision, toggle.name, project))
            continue
        encoded = encoded_toggle(toggle, scope.environment, after, inline=False)
        if before is not None and _digest_of(before, toggle, scope) == encoded.digest:
            continue
        segments |= {it.id: it for it in encoded.segments}
        feature = Raw(encoded.json)
        events.append({"type": "feature-updated", "eventId": after.revision, "feature": feature})
    return events, segments


def _segments_changed(after: Snapshot, scope: PayloadScope, since: int) -> dict[int, Segment]:
    """The segments in use that changed themselves."""
    changed = {it.id: it for it in after.segments.values() if it.revision > since}
    used = _segments_used(after, scope) if changed else set[int]()
    return {number: it for number, it in changed.items() if number in used}


def _segment_updated(revision: int, segment: Segment) -> dict[str, Any]:
    return {
        "type": "segment-updated",
        "eventId": revision,
        "segment": Raw(encoded_segment(segment).json),
    }


def _removed(revision: int, name: str, project: str) -> dict[str, Any]:
    return {
        "type": "feature-removed",
        "eventId": revision,
        "featureName": name,
        "project": project,
    }


def _served_project(before: Snapshot | None, name: str, project: str) -> str:
    """The project that SDKs know a toggle by, which it may have left for one that they do not read.

    Without the snapshot of then it is the last one, in scopes that read all projects.
    """
    toggle = before.toggles.get(name) if before is not None else None
    return project if toggle is None else toggle.project


def _was_served(before: Snapshot, name: str, scope: PayloadScope) -> bool:
    toggle = before.toggles.get(name)
    if toggle is None or toggle.archived:
        return False
    holds = scope.membership()
    return holds is None or holds(toggle)


def _digest_of(before: Snapshot, after: Toggle, scope: PayloadScope) -> bytes | None:
    if not _was_served(before, after.name, scope):
        return None
    toggle = before.toggles[after.name]
    return encoded_toggle(toggle, scope.environment, before, inline=False).digest


def _segments_used(snapshot: Snapshot, scope: PayloadScope) -> set[int]:
    return {
        number
        for toggle in scope.toggles(snapshot)
        for strategy in toggle.in_environment(scope.environment).strategies
        for number in strategy.segments
    }
