"""The ends of the expected lifetimes of toggles."""

from collections.abc import Callable
from datetime import datetime, timedelta

from store.model import Toggle, ToggleType
from store.snapshot import Snapshot


def expires_at(snapshot: Snapshot, toggle: Toggle) -> datetime | None:
    """Return the end of a toggle's expected lifetime; None for permanent types."""
    lifetime = _lifetime_of(snapshot.toggle_types.get(toggle.type))
    try:
        return None if lifetime is None else toggle.created_at + lifetime
    except OverflowError:  # after year 9999
        return None


def read_expiry(snapshot: Snapshot) -> Callable[[Toggle], datetime | None]:
    """Return `expires_at` as a function of a toggle. It is faster for many toggles."""
    types = snapshot.toggle_types.items()
    lifetimes = {name: _lifetime_of(toggle_type) for name, toggle_type in types}

    def read(toggle: Toggle) -> datetime | None:
        lifetime = lifetimes.get(toggle.type)
        if lifetime is None:
            return None
        try:
            return toggle.created_at + lifetime
        except OverflowError:  # after year 9999
            return None

    return read


def _lifetime_of(toggle_type: ToggleType | None) -> timedelta | None:
    days = None if toggle_type is None else toggle_type.lifetime_days
    # Longer lifetimes end after year 9999.
    return None if not days or days > timedelta.max.days else timedelta(days=days)
