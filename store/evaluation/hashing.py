"""Hash a group and a value into a bucket or a variant, exactly as SDKs do."""

import mmh3

ROLLOUT_BUCKETS = 100
_ROLLOUT_SEED = 0
# Variants and rollouts have different seeds. Therefore the contexts in a rollout get all variants
# evenly (client specification 5, "variants").
_VARIANT_SEED = 86028157

_hash = mmh3.mmh3_32_uintdigest


def prefix_of(group: str) -> bytes:
    """Return the prefix that is added to every value before hashing for a group.

    Prefixes and values are bytes, because mmh3 crashes on a string with a lone surrogate.
    """
    return f"{group}:".encode(errors="replace")


def rollout_bucket(prefix: bytes, value: bytes) -> int:
    """Return a number from 1 to 100; rollouts compare the number with the percentage."""
    return _hash(prefix + value, _ROLLOUT_SEED) % ROLLOUT_BUCKETS + 1


def variant_position(prefix: bytes, value: bytes, total: int) -> int:
    """Return a number from 1 to the sum of the weights; the number determines the variant."""
    return _hash(prefix + value, _VARIANT_SEED) % total + 1
