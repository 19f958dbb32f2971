"""The lifecycle and the staleness of toggles."""

from datetime import datetime, timedelta

import strawberry

from graph.engine.run.fields import plain
from graph.enums import LifecycleStage, Staleness
from graph.node import shows
from store import Snapshot, lifecycle
from store.model import Toggle


def expires_at(snapshot: Snapshot, toggle: Toggle) -> datetime | None:
    """Return the end of a toggle's expected lifetime; None for permanent types."""
    toggle_type = snapshot.toggle_types.get(toggle.type)
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


@strawberry.type(description="A stage that a toggle has reached, with the time.")
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
