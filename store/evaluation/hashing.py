"""Where a context falls: the numbers that SDKs draw from a group and a value, always the same."""

import mmh3

ROLLOUT_BUCKETS = 100
# Variants are drawn with a seed of their own, so that they are spread evenly within any rollout
# (client specification 5, "variants").
_VARIANT_SEED = 86028157


def rollout_bucket(group: str, value: str) -> int:
    """A number from 1 to 100, to be compared with the percentage of a rollout."""
    return mmh3.hash(f"{group}:{value}", 0, signed=False) % ROLLOUT_BUCKETS + 1


def variant_place(group: str, value: str, total: int) -> int:
    """A number from 1 to the sum of the weights, to be looked up among the variants."""
    return mmh3.hash(f"{group}:{value}", _VARIANT_SEED, signed=False) % total + 1
