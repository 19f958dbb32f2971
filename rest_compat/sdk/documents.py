"""What an SDK reads of one toggle, one segment: documents, and their bytes kept in the objects."""

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
# One toggle in this many ends a shard (see `payload.Shard`); about 40 KB of plain JSON.
_SHARD_LENGTH = 64
_MEMO = "sdk_bytes"

_encode = msgspec.json.Encoder().encode


class Encoded(Struct, frozen=True, eq=False):
    """The bytes of an object in an answer, their digest, and the segments they were made from."""

    json: bytes
    digest: bytes
    segments: tuple[Segment, ...] = ()
    ends_shard: bool = False


def encoded_toggle(
    toggle: Toggle, environment: str, snapshot: Snapshot, *, inline: bool
) -> Encoded:
    """The toggle's entry in the list of an environment, with segments copied in or by their ids.

    It is encoded once: objects are immutable, so what was made of one stays true while its segments
    are the same objects.
    """
    memo: dict[Any, Encoded] = vars(toggle).setdefault(_MEMO, {})
    encoded = memo.get(environment)
    if encoded is not None:
        return encoded
    # Only toggles with segments come so far, from their second encoding on.
    key = (environment, inline)
    encoded = memo.get(key)
    if encoded is not None and _current(encoded.segments, snapshot):
        return encoded
    encoded = _encode_toggle(toggle, environment, snapshot, inline=inline)
    memo[key if encoded.segments else environment] = encoded
    return encoded


def encoded_segment(segment: Segment) -> Encoded:
    """The segment's entry in the list of segments, encoded once."""
    encoded: Encoded | None = vars(segment).get(_MEMO)
    if encoded is None:
        body = _encode(
            {
                "id": segment.id,
                "name": segment.name,
                "constraints": [_constraint(it) for it in segment.constraints],
            }
        )
        encoded = Encoded(body, _digest(body))
        vars(segment)[_MEMO] = encoded
    return encoded


def feature_document(
    toggle: Toggle, environment: str, snapshot: Snapshot, *, inline: bool
) -> dict[str, Any]:
    """The toggle as SDKs read it: the keys of 8.2, which hold those of 3.x (rest-differences.md,
    `one-client-list`)."""
    configured = toggle.in_environment(environment)
    active = [it for it in configured.strategies if not it.disabled]
    document: dict[str, Any] = {
        "name": toggle.name,
        "type": toggle.type,
        "enabled": _served_as_enabled(configured, active),
        "project": toggle.project,
        "stale": toggle.stale,
        "strategies": [_strategy(it, snapshot, inline=inline) for it in active],
        "variants": _variants(configured.variants),
        "description": toggle.description,
        "impressionData": toggle.impression_data,
    }
    if toggle.dependencies:
        document["dependencies"] = [_dependency(it) for it in toggle.dependencies]
    return document


def _encode_toggle(
    toggle: Toggle, environment: str, snapshot: Snapshot, *, inline: bool
) -> Encoded:
    body = _encode(feature_document(toggle, environment, snapshot, inline=inline))
    return Encoded(
        body,
        _digest(body),
        tuple(_segments_of(toggle.in_environment(environment).strategies, snapshot)),
        crc32(toggle.name.encode()) % _SHARD_LENGTH == 0,
    )


def _served_as_enabled(configured: ToggleEnvironment, active: list[ToggleStrategy]) -> bool:
    # To SDKs, on without strategies means on for everybody: a toggle whose strategies are all
    # disabled has to go out as off.
    return configured.enabled and bool(active or not configured.strategies)


def _strategy(strategy: ToggleStrategy, snapshot: Snapshot, *, inline: bool) -> dict[str, Any]:
    constraints = [_constraint(it) for it in strategy.constraints or ()]
    if inline:
        for segment in _segments_of((strategy,), snapshot):
            constraints += map(_constraint, segment.constraints)
    document: dict[str, Any] = {
        "name": strategy.name,
        "constraints": constraints,
        "parameters": {
            key: parameter_string(it) for key, it in (strategy.parameters or {}).items()
        },
        "variants": _variants(strategy.variants),
    }
    if strategy.segments and not inline:
        document["segments"] = strategy.segments
    return document


def _segments_of(strategies: Iterable[ToggleStrategy], snapshot: Snapshot) -> list[Segment]:
    active = (it for it in strategies if not it.disabled)
    numbers = dict.fromkeys(number for it in active for number in it.segments)
    return [snapshot.segments[number] for number in numbers]


def _current(segments: tuple[Segment, ...], snapshot: Snapshot) -> bool:
    return all(snapshot.segments.get(segment.id) is segment for segment in segments)


def _constraint(constraint: Constraint) -> Constraint:
    # `values` is there in any case: SDKs walk over it without looking.
    return constraint if constraint.values is not UNSET else replace(constraint, values=())


def _variants(variants: StoredVariants) -> list[Variant]:
    stored = variants or ()
    return [_variant(*it) for it in zip(stored, whole_weights(stored), strict=True)]


def _variant(variant: Variant, weight: int) -> Variant:
    variant = complete_variant(variant)
    overrides = variant.overrides
    # A float that is whole, too, is a fraction to the official engine.
    if isinstance(variant.weight, float):
        variant = replace(variant, weight=weight)
    if overrides and any(it.values is UNSET for it in overrides):
        complete = (replace(it, values=it.values or ()) for it in overrides)
        variant = replace(variant, overrides=tuple(complete))
    return variant


def _dependency(dependency: Dependency) -> dict[str, Any]:
    if not dependency.enabled:
        return {"feature": dependency.toggle, "enabled": False}
    return {"feature": dependency.toggle, "enabled": True, "variants": dependency.variants}


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=DIGEST_SIZE).digest()
