"""Choose random times, so that clients do not all reconnect at the same time."""

import random

DEFAULT_MAX_STREAM_AGE_S = 3600.0


def stream_life_s(max_age_s: float) -> float:
    """Return a random time for which a stream may stay open, at least half the maximum."""
    return random.uniform(max_age_s / 2, max_age_s)


def retry_field() -> bytes:
    """Return a `retry` field of Server-Sent Events, with a random delay of 1 to 3 seconds.

    https://html.spec.whatwg.org/multipage/server-sent-events.html#concept-event-stream-reconnection-time
    """
    return b"retry: %d\n\n" % random.randint(1_000, 3_000)
