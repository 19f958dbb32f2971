"""How far a toggle is past its use, worked out when it is read because it depends on the time."""

from datetime import datetime, timedelta

from graph.enums import Staleness
from store import Snapshot
from store.model import Toggle


def expires_at(snapshot: Snapshot, toggle: Toggle) -> datetime | None:
    """When the expected lifetime of a toggle ends, None for types that may stay for good."""
    toggle_type = snapshot.toggle_types.get(toggle.type)
    if toggle_type is None or not toggle_type.lifetime_days:
        return None
    try:
        return toggle.created_at + timedelta(days=toggle_type.lifetime_days)
    except OverflowError:  # beyond the year 9999
        return None


def staleness(snapshot: Snapshot, toggle: Toggle, now: datetime) -> Staleness:
    """How stale a toggle is at a time."""
    if toggle.stale:
        return Staleness.STALE
    end = expires_at(snapshot, toggle)
    if end is not None and end <= now:
        return Staleness.POTENTIALLY_STALE
    return Staleness.ACTIVE
