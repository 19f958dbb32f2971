"""Taking in the toggles of a 3.x document."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from store.errors import Refusal
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.snapshot import Snapshot
from store.state import document as own
from store.state.incoming import ImportMode, Incoming
from store.state.toggles import (
    TOGGLES_AT_A_TIME,
    other_toggles,
    remove_toggle,
    take_in_toggle,
)
from store.state.v3.document import ActivationEntry, FeatureEntry
from store.state.v3.exporting import feature_form
from store.state.v3.incoming import V3Incoming
from store.unit_of_work import UnitOfWork

# Where an own entry keeps what 3.x has in the toggle itself.
_CONFIGURATION = ("environments", "0")


async def take_in_features(incoming: V3Incoming) -> None:
    """Create and overwrite toggles, their configuration in the environment `default` with them.

    What the environments beside it hold stays, unless everything is dropped first. A toggle that is
    dropped and comes again keeps its identity.
    """
    work, entries = incoming.work, incoming.state.features
    if entries is UNSET:
        return
    if incoming.drop:
        incoming.begin_drop("features")
    segments = {name: segment.id for name, segment in work.snapshot.segments_by_name.items()}
    target = Incoming(
        work,
        own.Document(format=own.FORMAT, version=own.VERSION),
        ImportMode.REPLACE_ALL if incoming.drop else ImportMode.MERGE,
        None,
        DEFAULT_ENVIRONMENT,
        incoming.path,
        incoming.problems,
    )
    for at, entry in enumerate(entries):
        if incoming.hopeless:
            return
        if at % TOGGLES_AT_A_TIME == 0:
            await asyncio.sleep(0)
        incoming.on_toggle()
        current = work.snapshot.toggles.get(entry.name)
        if current is not None and not incoming.drop and _stays(incoming, at, current):
            continue
        recorded = len(work.events)
        try:
            take_in_toggle(
                target,
                _own_entry(work, entry, current),
                segments,
                (),
                record_always=incoming.drop,
            )
        except Refusal as refusal:
            incoming.note(_in_3x_places(refusal), "features", str(at))
            continue
        if len(work.events) > recorded:
            work.show_as("feature-import", incoming.sent("features", at))
    if incoming.drop:
        for toggle in other_toggles(work, {entry.name for entry in entries}):
            remove_toggle(work, toggle)
            incoming.show_as_part()


def _stays(incoming: V3Incoming, at: int, toggle: Toggle) -> bool:
    """Whether the toggle is to be left alone, or the item says nothing else than an export now.

    3.x looks for toggles to keep among the live ones only: an archived one is overwritten.

    To take it in would lose what exports put otherwise or cannot tell: segments, whose constraints
    they write into strategies, and strategies that are disabled.
    """
    if incoming.keep and not toggle.archived:
        return True
    sent = incoming.sent("features", at)
    if toggle.archived or sent.get("archived"):
        return False
    shown = feature_form(incoming.work.snapshot, toggle, None)
    return _text_of(shown) == _text_of({**sent, "lastSeenAt": None})


def _text_of(item: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(item, order="deterministic")


def _own_entry(work: UnitOfWork, entry: FeatureEntry, current: Toggle | None) -> own.ToggleEntry:
    """The toggle as Flagstaff's own document has it.

    What 3.x keeps where it is not sent (description, type, project, being stale and time of
    creation) stays UNSET; that the toggle is stale or archived is kept as when somebody first said
    so.
    """
    stale_since = (current.stale_at if current else None) or work.now
    stale_at = UNSET if entry.stale is UNSET else (stale_since if entry.stale else None)
    archived_at = (current.archived_at if current else None) or work.now
    return own.ToggleEntry(
        name=entry.name,
        description=entry.description,
        type=entry.type,
        project=entry.project,
        created_at=_created_at(entry, current),
        stale_at=stale_at,
        archived_at=archived_at if entry.archived else None,
        environments=(
            own.ConfigurationEntry(
                environment=DEFAULT_ENVIRONMENT,
                enabled=entry.enabled,
                strategies=tuple(_activation(work.snapshot, it) for it in entry.strategies),
                variants=None if entry.variants is UNSET else entry.variants,
            ),
        ),
    )


def _created_at(entry: FeatureEntry, current: Toggle | None) -> datetime | UnsetType:
    """When the toggle was created; UNSET where it is the same, as far as 3.x tells moments."""
    if current is not None and entry.created_at is not UNSET:
        known = current.created_at
        if entry.created_at == known.replace(microsecond=known.microsecond // 1000 * 1000):
            return UNSET
    return entry.created_at


def _activation(snapshot: Snapshot, entry: ActivationEntry) -> own.ActivationEntry:
    return own.ActivationEntry(
        name=entry.name,
        title=entry.title,
        disabled=entry.disabled,
        parameters=entry.parameters,
        constraints=entry.stored_constraints(),
        segments=tuple(_segment_name(snapshot, key) for key in entry.segments),
        variants=entry.variants,
    )


def _segment_name(snapshot: Snapshot, key: int) -> str:
    """The name of the segment; one that there is not is refused under its number."""
    segment = snapshot.segments.get(key)
    return str(key) if segment is None else segment.name


def _in_3x_places(refusal: Refusal) -> Refusal:
    for error in refusal.errors:
        if error.path[: len(_CONFIGURATION)] == _CONFIGURATION:
            error.path = error.path[len(_CONFIGURATION) :]
    return refusal
