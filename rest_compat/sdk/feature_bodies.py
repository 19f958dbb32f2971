"""Build the bodies of single toggles and segments for SDKs. The objects cache their bodies."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any
from zlib import crc32

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from store import Snapshot
from store.evaluation.variants import whole_weights
from store.model import Segment, Toggle, ToggleEnvironment, ToggleStrategy
from store.operations.variants import StoredVariants, complete_variant
from store.values import Constraint, Dependency, Variant, parameter_string

DIGEST_SIZE = 16
# The average number of toggles in a run. The JSON of such a run has about 40 KB.
_RUN_LENGTH = 64
# In this attribute, a toggle or a segment caches its JSON.
_MEMO = "sdk_bytes"

_encode = msgspec.json.Encoder().encode


class Encoded(Struct, frozen=True, eq=False):
    """The JSON of an object, its digest, and the segments on which the JSON depends.

    If `ends_run` is true, the toggle is the last one of its run (see `assembly.py`).
    """

    name: str
    json: bytes
    digest: bytes
    segments: tuple[Segment, ...] = ()
    ends_run: bool = False


def encode_toggle(toggle: Toggle, environment: str, snapshot: Snapshot, *, inline: bool) -> Encoded:
    """Encode a toggle for an environment, and cache the result.

    If `inline` is true, strategies contain the constraints of segments instead of the IDs. Toggles
    and segments are immutable. Therefore the cached result is valid until a change replaces a
    segment by a new object.
    """
    memo: dict[Any, Encoded] = vars(toggle).setdefault(_MEMO, {})
    encoded = memo.get(environment)
    if encoded is not None:
        return encoded
    # Only the JSON of toggles with segments depends on `inline`.
    key = (environment, inline)
    encoded = memo.get(key)
    if encoded is not None and _are_current(encoded.segments, snapshot):
        return encoded
    encoded = _encode_toggle(toggle, environment, snapshot, inline=inline)
    memo[key if encoded.segments else environment] = encoded
    return encoded


def encode_segment(segment: Segment) -> Encoded:
    """Encode a segment, and cache the result."""
    encoded: Encoded | None = vars(segment).get(_MEMO)
    if encoded is None:
        body = _encode(
            {
                "id": segment.id,
                "name": segment.name,
                "constraints": [_constraint(constraint) for constraint in segment.constraints],
            }
        )
        encoded = Encoded(segment.name, body, _digest(body))
        vars(segment)[_MEMO] = encoded
    return encoded


def feature_body(
    toggle: Toggle, environment: str, snapshot: Snapshot, *, inline: bool
) -> dict[str, Any]:
    """Return the body of a toggle for SDKs.

    The body has the keys of 8.2. The keys of 3.x are among these keys (rest-differences.md,
    `one-client-list`).
    """
    configured = toggle.in_environment(environment)
    active = [strategy for strategy in configured.strategies if not strategy.disabled]
    body: dict[str, Any] = {
        "name": toggle.name,
        "type": toggle.type,
        "enabled": _served_as_enabled(configured, active),
        "project": toggle.project,
        "stale": toggle.stale,
        "strategies": [_strategy(strategy, snapshot, inline=inline) for strategy in active],
        "variants": _variants(configured.variants),
        "description": toggle.description,
        "impressionData": toggle.impression_data,
    }
    if toggle.dependencies:
        body["dependencies"] = [_dependency(dependency) for dependency in toggle.dependencies]
    return body


def _encode_toggle(
    toggle: Toggle, environment: str, snapshot: Snapshot, *, inline: bool
) -> Encoded:
    body = _encode(feature_body(toggle, environment, snapshot, inline=inline))
    return Encoded(
        toggle.name,
        body,
        _digest(body),
        tuple(_segments_of(toggle.in_environment(environment).strategies, snapshot)),
        crc32(toggle.name.encode()) % _RUN_LENGTH == 0,
    )


def _served_as_enabled(configured: ToggleEnvironment, active: list[ToggleStrategy]) -> bool:
    # If a toggle is on and has no strategies, SDKs treat the toggle as on for everyone. Therefore a
    # toggle whose strategies are all disabled must be sent as off.
    return configured.enabled and bool(active or not configured.strategies)


def _strategy(strategy: ToggleStrategy, snapshot: Snapshot, *, inline: bool) -> dict[str, Any]:
    constraints = [_constraint(constraint) for constraint in strategy.constraints or ()]
    if inline:
        for segment in _segments_of((strategy,), snapshot):
            constraints += map(_constraint, segment.constraints)
    body: dict[str, Any] = {
        "name": strategy.name,
        "constraints": constraints,
        "parameters": {
            key: parameter_string(value) for key, value in (strategy.parameters or {}).items()
        },
        "variants": _variants(strategy.variants),
    }
    if strategy.segments and not inline:
        body["segments"] = strategy.segments
    return body


def _segments_of(strategies: Iterable[ToggleStrategy], snapshot: Snapshot) -> list[Segment]:
    active = (strategy for strategy in strategies if not strategy.disabled)
    numbers = dict.fromkeys(number for strategy in active for number in strategy.segments)
    return [snapshot.segments[number] for number in numbers]


def _are_current(segments: tuple[Segment, ...], snapshot: Snapshot) -> bool:
    return all(snapshot.segments.get(segment.id) is segment for segment in segments)


def _constraint(constraint: Constraint) -> Constraint:
    # `values` is always present, because SDKs iterate over it without a check.
    return constraint if constraint.values is not UNSET else replace(constraint, values=())


def _variants(variants: StoredVariants) -> list[Variant]:
    stored = variants or ()
    weights = whole_weights(stored)
    return [_variant(*pair) for pair in zip(stored, weights, strict=True)]


def _variant(variant: Variant, weight: int) -> Variant:
    variant = complete_variant(variant)
    overrides = variant.overrides
    # Unleash's engine treats every float as a fraction, even 1.0.
    if isinstance(variant.weight, float):
        variant = replace(variant, weight=weight)
    if overrides and any(override.values is UNSET for override in overrides):
        complete = (replace(override, values=override.values or ()) for override in overrides)
        variant = replace(variant, overrides=tuple(complete))
    return variant


def _dependency(dependency: Dependency) -> dict[str, Any]:
    if not dependency.enabled:
        return {"feature": dependency.toggle, "enabled": False}
    return {"feature": dependency.toggle, "enabled": True, "variants": dependency.variants}


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=DIGEST_SIZE).digest()
