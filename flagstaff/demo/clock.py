"""A clock that the example installation sets back, so that its history covers several weeks."""

from datetime import datetime

from store.clock_skew import utc_now


class DemoClock:
    """Shows the real time until it is set to another time."""

    def __init__(self) -> None:
        self._time: datetime | None = None

    def __call__(self) -> datetime:
        """Return the time that is set, or the real time."""
        return self._time or utc_now()

    def set(self, time: datetime | None) -> None:
        """Stop at a time; with None, show the real time again."""
        self._time = time
