"""Choose random times, so that clients that connected together do not reconnect together."""

import random

DEFAULT_MAX_STREAM_AGE_S = 3600.0


def stream_life_s(max_age_s: float) -> float:
    """Return the time a stream may stay open: a random part, at least half, of the maximum."""
    return random.uniform(max_age_s / 2, max_age_s)


def retry_field() -> bytes:
    """Return a `retry` field of Server-Sent Events: reconnect after a random 1 to 3 s.

    https://html.spec.whatwg.org/multipage/server-sent-events.html#concept-event-stream-reconnection-time
    """
    return b"retry: %d\n\n" % random.randint(1_000, 3_000)
