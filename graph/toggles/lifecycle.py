"""The lifecycle and the staleness of toggles."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import strawberry

from graph.engine.run.fields import plain
from graph.enums import LifecycleStage, Staleness
from graph.node import shows
from store import Snapshot, lifecycle
from store.lifetimes import expires_at, read_expiry
from store.model import Toggle

_LAST_TIME = datetime.max.replace(tzinfo=UTC)


def staleness(snapshot: Snapshot, toggle: Toggle, now: datetime) -> Staleness:
    """Return the staleness of a toggle at the time `now`."""
    if toggle.stale:
        return Staleness.STALE
    end = expires_at(snapshot, toggle)
    if end is not None and end <= now:
        return Staleness.POTENTIALLY_STALE
    return Staleness.ACTIVE


class _Selection(NamedTuple):
    """Toggles that were selected by staleness.

    The selection is the same at all times from `start` until before `end`.
    """

    toggles: Sequence[Toggle]
    start: datetime
    end: datetime


def select_by_staleness(
    snapshot: Snapshot, toggles: Sequence[Toggle], chosen: frozenset[Staleness], now: datetime
) -> Sequence[Toggle]:
    """Return the toggles that have one of the given values of staleness at the time `now`.

    The selection of all live toggles is cached with the snapshot until the next lifetime ends.
    """
    if toggles is not snapshot.live_toggles:
        return _select_by_staleness(snapshot, toggles, chosen, now).toggles
    key = (select_by_staleness, chosen)
    cached: _Selection | None = snapshot.memo.get(key)
    if cached is None or not cached.start <= now < cached.end:
        cached = snapshot.memo[key] = _select_by_staleness(snapshot, toggles, chosen, now)
    return cached.toggles


def _select_by_staleness(
    snapshot: Snapshot, toggles: Sequence[Toggle], chosen: frozenset[Staleness], now: datetime
) -> _Selection:
    stale, due, active = (
        kind in chosen for kind in (Staleness.STALE, Staleness.POTENTIALLY_STALE, Staleness.ACTIVE)
    )
    expiry_of, until = read_expiry(snapshot), _LAST_TIME
    selected: list[Toggle] = []
    for toggle in toggles:
        if toggle.stale_at is not None:
            if stale:
                selected.append(toggle)
            continue
        end = expiry_of(toggle)
        if end is not None and end <= now:
            if due:
                selected.append(toggle)
            continue
        if end is not None and end < until:
            until = end
        if active:
            selected.append(toggle)
    return _Selection(selected, now, until)


@strawberry.type(
    description="A stage that a toggle has reached, and the time when it reached the stage."
)
@shows(lifecycle.LifecycleStep)
class LifecycleStep:
    stage: LifecycleStage = plain("The stage.")
    entered_at: datetime = plain("When the toggle reached the stage.")


@strawberry.type(description="The lifecycle of a toggle, from creation to archive.")
@shows(lifecycle.Lifecycle)
class ToggleLifecycle:
    stage: LifecycleStage = plain("The current stage of the toggle.")
    entered_at: datetime = plain("When the toggle reached the current stage.")
    history: list[LifecycleStep] = plain("Every stage so far, oldest first.")
