"""The lifecycle and the staleness of toggles."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import strawberry

from graph.engine.run.fields import plain
from graph.enums import LifecycleStage, Staleness
from graph.node import shows
from store import Snapshot, lifecycle
from store.model import Toggle, ToggleType


def expires_at(snapshot: Snapshot, toggle: Toggle) -> datetime | None:
    """Return the end of a toggle's expected lifetime; None for permanent types."""
    toggle_type = snapshot.toggle_types.get(toggle.type)
    # The result is cached with the toggle, because lists need the results of all toggles.
    cached: tuple[object, datetime | None] | None = vars(toggle).get("expiry")
    if cached is None or cached[0] is not toggle_type:
        cached = vars(toggle)["expiry"] = (toggle_type, _end_of(toggle, toggle_type))
    return cached[1]


def _end_of(toggle: Toggle, toggle_type: ToggleType | None) -> datetime | None:
    if toggle_type is None or not toggle_type.lifetime_days:
        return None
    try:
        return toggle.created_at + timedelta(days=toggle_type.lifetime_days)
    except OverflowError:  # after year 9999
        return None


def staleness(snapshot: Snapshot, toggle: Toggle, now: datetime) -> Staleness:
    """Return the staleness of a toggle at the time `now`."""
    if toggle.stale:
        return Staleness.STALE
    end = expires_at(snapshot, toggle)
    if end is not None and end <= now:
        return Staleness.POTENTIALLY_STALE
    return Staleness.ACTIVE


def staleness_condition(
    snapshot: Snapshot, chosen: Collection[Staleness], now: datetime
) -> Callable[[Toggle], bool]:
    """Return the condition that a toggle has one of the given values of staleness."""
    stale, due, active = (
        kind in chosen for kind in (Staleness.STALE, Staleness.POTENTIALLY_STALE, Staleness.ACTIVE)
    )

    def holds(toggle: Toggle) -> bool:
        if toggle.stale_at is not None:
            return stale
        end = expires_at(snapshot, toggle)
        return due if end is not None and end <= now else active

    return holds


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
