"""Where a context falls: the numbers that SDKs draw from a group and a value, always the same."""

import mmh3

ROLLOUT_BUCKETS = 100
_ROLLOUT_SEED = 0
# Variants are drawn with a seed of their own, so that they are spread evenly within any rollout
# (client specification 5, "variants").
_VARIANT_SEED = 86028157

_hash = mmh3.mmh3_32_uintdigest


def prefix_of(group: str) -> bytes:
    """What stands before each value that is drawn for a group.

    Prefixes and values are bytes: a text with half a surrogate pair makes mmh3 end the process.
    """
    return f"{group}:".encode(errors="replace")


def rollout_bucket(prefix: bytes, value: bytes) -> int:
    """A number from 1 to 100, to be compared with the percentage of a rollout."""
    return _hash(prefix + value, _ROLLOUT_SEED) % ROLLOUT_BUCKETS + 1


def variant_position(prefix: bytes, value: bytes, total: int) -> int:
    """A number from 1 to the sum of the weights, to be looked up among the variants."""
    return _hash(prefix + value, _VARIANT_SEED) % total + 1
