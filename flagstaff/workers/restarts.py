"""Decide when a worker that has ended is started again."""

# A worker that ended this many seconds after it became ready has not failed at start.
STEADY_S = 10.0
FIRST_PAUSE_S = 0.5
MAX_PAUSE_S = 30.0


class Restarts:
    """The restarts of one worker. If it ends soon after each start, the pauses grow."""

    def __init__(self) -> None:
        self.failures = 0

    def pause_after(self, served_s: float) -> float:
        """Return the seconds to wait after a worker has ended that served for a time.

        A worker that was never ready served for 0 seconds.
        """
        if served_s >= STEADY_S:
            self.failures = 0
            return 0.0
        self.failures += 1
        return min(FIRST_PAUSE_S * 2 ** min(self.failures - 1, 10), MAX_PAUSE_S)
