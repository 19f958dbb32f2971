"""Times drawn at random, so that clients which came together do not come back together."""

import random

DEFAULT_MAX_STREAM_AGE_S = 3600.0


def stream_life_s(max_age_s: float) -> float:
    """How long one stream may stay open: anything from half of the longest life to all of it."""
    return random.uniform(max_age_s / 2, max_age_s)


def retry_field() -> bytes:
    """A field of Server-Sent Events that tells a client after how many ms to come back: 1 to 3 s.

    https://html.spec.whatwg.org/multipage/server-sent-events.html#concept-event-stream-reconnection-time
    """
    return b"retry: %d\n\n" % random.randint(1_000, 3_000)
