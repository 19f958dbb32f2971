"""Build the events with which SDKs update their toggles after changes in their scope."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from rest_compat.sdk.feature_bodies import Encoded, encode_segment, encode_toggle
from rest_compat.sdk.scopes import PayloadScope
from store import Snapshot
from store.events import Event, EventType, SubjectKind
from store.model import Segment, Toggle

_encode = msgspec.json.Encoder().encode


class Deletions(Struct, frozen=True):
    """The names and projects of deleted toggles, and the IDs of deleted segments."""

    toggles: Sequence[tuple[str, str]] = ()
    segments: Sequence[int] = ()


def find_deletions(events: Iterable[Event]) -> Deletions:
    """Return the toggles and segments that events delete."""
    toggles: list[tuple[str, str]] = []
    segments: list[int] = []
    for event in events:
        if event.type is EventType.TOGGLE_DELETED:
            toggles.append((event.subject_name, event.project or ""))
        elif event.type is EventType.SEGMENT_DELETED:
            assert event.subject_kind is SubjectKind.SEGMENT
            segments.append(int(event.subject_key))
    return Deletions(toggles, segments)


def hydration(snapshot: Snapshot, toggles: Sequence[Encoded]) -> bytes:
    """Return the first message of a stream, with all toggles in scope."""
    segments = {segment.id: segment for encoded in toggles for segment in encoded.segments}
    event = {
        "type": "hydration",
        "eventId": snapshot.revision,
        "features": [Raw(encoded.json) for encoded in toggles],
        "segments": [Raw(encode_segment(segments[number]).json) for number in sorted(segments)],
    }
    return _encode({"events": [event]})


def delta(
    before: Snapshot | None,
    after: Snapshot,
    scope: PayloadScope,
    deletions: Deletions,
    *,
    since: int,
) -> bytes | None:
    """Return a message with the changes in scope since a revision, or None if nothing changed.

    `before` is the snapshot at revision `since`. If `before` is None, the message also contains
    toggles that changed only in other environments. SDKs accept such toggles. A scope that excludes
    toggles requires `before`, because the message would otherwise reveal the names of excluded
    toggles.
    """
    if before is None and scope.membership() is not None:
        raise ValueError("A scope that excludes toggles requires the snapshot `before`.")
    features, used = _feature_events(before, after, scope, since)
    removed_features = [
        _feature_removed(after.revision, name, _served_project(before, name, project))
        for name, project in deletions.toggles
        if name not in after.toggles and (before is None or _was_served(before, name, scope))
    ]
    # Segments are updated before the toggles that use them. Segments are removed after all toggles.
    segments = used | _changed_segments(after, scope, since)
    events = [
        *(_segment_updated(after.revision, segments[number]) for number in sorted(segments)),
        *features,
        *removed_features,
        *(
            {"type": "segment-removed", "eventId": after.revision, "segmentId": number}
            for number in deletions.segments
            if number not in after.segments
        ),
    ]
    return _encode({"events": events}) if events else None


def _feature_events(
    before: Snapshot | None, after: Snapshot, scope: PayloadScope, since: int
) -> tuple[list[dict[str, Any]], dict[int, Segment]]:
    """Return the events for changed toggles.

    Also return the segments of all updated toggles. The keys are the IDs of the segments.
    """
    holds = scope.membership()
    events: list[dict[str, Any]] = []
    segments: dict[int, Segment] = {}
    for toggle in _changed_toggles(before, after, since):
        if toggle.archived or (holds and not holds(toggle)):
            if before is None or _was_served(before, toggle.name, scope):
                project = _served_project(before, toggle.name, toggle.project)
                events.append(_feature_removed(after.revision, toggle.name, project))
            continue
        encoded = encode_toggle(toggle, scope.environment, after, inline=False)
        if before is not None and _digest_of(before, toggle, scope) == encoded.digest:
            continue
        segments |= {segment.id: segment for segment in encoded.segments}
        feature = Raw(encoded.json)
        events.append({"type": "feature-updated", "eventId": after.revision, "feature": feature})
    return events, segments


def _changed_toggles(before: Snapshot | None, after: Snapshot, since: int) -> list[Toggle]:
    """Return the existing toggles that changed since a revision, sorted by name."""
    changed = None if before is None else after.changes_since(before.mark)
    if changed is None:
        toggles = [toggle for toggle in after.toggles.values() if toggle.revision > since]
    else:
        toggles = [*filter(None, map(after.toggles.get, changed.toggles))]
    return sorted(toggles, key=lambda toggle: toggle.name)


def _changed_segments(after: Snapshot, scope: PayloadScope, since: int) -> dict[int, Segment]:
    """Return the changed segments that toggles in scope use. The keys are the IDs."""
    changed = {
        segment.id: segment for segment in after.segments.values() if segment.revision > since
    }
    used = _used_segments(after, scope) if changed else set[int]()
    return {number: segment for number, segment in changed.items() if number in used}


def _segment_updated(revision: int, segment: Segment) -> dict[str, Any]:
    return {
        "type": "segment-updated",
        "eventId": revision,
        "segment": Raw(encode_segment(segment).json),
    }


def _feature_removed(revision: int, name: str, project: str) -> dict[str, Any]:
    return {
        "type": "feature-removed",
        "eventId": revision,
        "featureName": name,
        "project": project,
    }


def _served_project(before: Snapshot | None, name: str, project: str) -> str:
    """Return the project that a toggle has in `before`, for the removal event of the toggle.

    The token may have no access to the toggle's new project. If `before` is None, the scope has all
    projects, so `project` is returned.
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
    return encode_toggle(toggle, scope.environment, before, inline=False).digest


def _used_segments(snapshot: Snapshot, scope: PayloadScope) -> set[int]:
    return {
        number
        for toggle in scope.toggles(snapshot)
        for strategy in toggle.in_environment(scope.environment).strategies
        for number in strategy.segments
    }
