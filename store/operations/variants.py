"""Validate variants and distribute their weights."""

from collections.abc import Container, Sequence
from typing import TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from store.errors import Path, Problems
from store.operations.formats import is_number
from store.operations.limits import (
    MAX_CONSTRAINT_VALUE_LENGTH,
    MAX_CONSTRAINT_VALUES,
    MAX_NAME_LENGTH,
    MAX_PAYLOAD_LENGTH,
    check_count,
)
from store.operations.names import check_name
from store.operations.strings import check_line, check_lines, display
from store.values import (
    DEFAULT_STICKINESS,
    DEFAULT_WEIGHT_TYPE,
    Variant,
    VariantOverride,
    VariantPayload,
)

WHOLE_WEIGHT = 1000
WEIGHT_TYPES = ("variable", "fix")
PAYLOAD_TYPES = ("string", "number", "json", "csv")

StoredVariants: TypeAlias = tuple[Variant, ...] | None | UnsetType


class VariantSpec(Struct, frozen=True, kw_only=True):
    """A variant before weights are distributed; `weight` applies only to the type `fix`."""

    name: str
    weight_type: str = DEFAULT_WEIGHT_TYPE
    weight: int | None = None
    stickiness: str = DEFAULT_STICKINESS
    payload: VariantPayload | UnsetType = UNSET
    overrides: tuple[VariantOverride, ...] | UnsetType = UNSET


def distribute_weights(
    specs: Sequence[VariantSpec], *, path: Path, problems: Problems
) -> tuple[Variant, ...]:
    """Build variants with weights that add up to 1000.

    Fixed variants keep their weights. The other variants share the remaining weight equally. If the
    remaining weight cannot be divided evenly, the first of the other variants get one more each. If
    `problems` has errors, ignore the result.
    """
    built = [
        build_variant(spec, path=(*path, str(index)), problems=problems)
        for index, spec in enumerate(specs)
    ]
    return redistribute_weights(built, path=path, problems=problems)


def build_variant(spec: VariantSpec, *, path: Path, problems: Problems) -> Variant:
    """Build a variant; a variable weight is 0 until it is distributed."""
    return Variant(
        name=spec.name,
        weight=_fixed_weight(spec, path, problems),
        weight_type=spec.weight_type,
        stickiness=spec.stickiness,
        payload=spec.payload,
        overrides=spec.overrides or UNSET,
    )


def redistribute_weights(
    variants: Sequence[Variant], *, path: Path, problems: Problems
) -> tuple[Variant, ...]:
    """Return the variants with variable weights distributed as by `distribute_weights`."""
    weights = [variant.weight if variant.weight_type == "fix" else None for variant in variants]
    return tuple(
        variant if variant.weight == weight else structs.replace(variant, weight=weight)
        for variant, weight in zip(variants, _share_rest(weights, path, problems), strict=True)
    )


def _share_rest(weights: Sequence[float | None], path: Path, problems: Problems) -> list[float]:
    """Replace each None by an equal share of the remaining weight; all weights add up to 1000."""
    fixed = sum(weight for weight in weights if weight is not None)
    sharers = weights.count(None)
    if fixed > WHOLE_WEIGHT:
        problems.invalid(
            f"The fixed weights add up to {fixed:,}, more than {WHOLE_WEIGHT}.",
            rule="weights-sum",
            path=path,
        )
    elif weights and not sharers and fixed != WHOLE_WEIGHT:
        problems.invalid(
            f"The fixed weights add up to {fixed:,}, and no variant has a variable weight; "
            f"they must add up to {WHOLE_WEIGHT}.",
            rule="weights-sum",
            path=path,
        )
    rest = max(WHOLE_WEIGHT - fixed, 0)
    share, left_over = divmod(int(rest), max(sharers, 1))
    # Convert whole numbers to integers, because SDKs expect integers.
    shares: list[int | float] = [share + (number < left_over) for number in range(sharers)]
    if shares and rest != int(rest):
        shares[0] += rest - int(rest)  # weights from REST clients can have fractions
    remaining = iter(shares)
    return [next(remaining) if weight is None else weight for weight in weights]


def _fixed_weight(spec: VariantSpec, path: Path, problems: Problems) -> int:
    """Return the weight of a fixed variant; 0 for a variable variant."""
    if spec.weight_type != "fix":
        return 0
    if spec.weight is None:
        problems.invalid(
            f"Variant '{display(spec.name)}' has a fixed weight, so its weight is required.",
            rule="weight-required",
            path=(*path, "weight"),
        )
        return 0
    _check_weight(spec.name, spec.weight, path, problems)
    return min(max(spec.weight, 0), WHOLE_WEIGHT)


def check_variants(
    variants: Sequence[Variant], *, path: Path, problems: Problems, allow_unknown: bool
) -> None:
    """Check the variants of one environment or one strategy."""
    check_count(variants, what="variants", path=path, problems=problems)
    seen: set[str] = set()
    for index, variant in enumerate(variants):
        here = (*path, str(index))
        check_variant_name(variant.name, seen, path=here, problems=problems)
        seen.add(variant.name)
        check_variant(variant, path=here, problems=problems, allow_unknown=allow_unknown)


def check_variant_name(
    name: str, others: Container[str], *, path: Path, problems: Problems
) -> None:
    """Check the name of a variant; the name must be unique among the variants."""
    if check_name(name, kind="variant", path=(*path, "name"), problems=problems) and name in others:
        problems.invalid(
            f"More than one variant is named '{name}'.",
            rule="variants-unique",
            path=(*path, "name"),
        )


def check_variant(variant: Variant, *, path: Path, problems: Problems, allow_unknown: bool) -> None:
    """Check everything about a variant except its name."""
    _check_weight(variant.name, variant.weight, path, problems)
    if variant.weight_type is not UNSET and variant.weight_type not in WEIGHT_TYPES:
        problems.invalid(
            f"The weight type '{display(variant.weight_type)}' is neither variable nor fix.",
            rule="weight-type",
            path=(*path, "weightType"),
        )
    if variant.stickiness is not UNSET:
        check_line(
            variant.stickiness,
            what="The stickiness",
            path=(*path, "stickiness"),
            problems=problems,
            min_length=1,
            max_length=MAX_NAME_LENGTH,
        )
    if variant.payload:
        _check_payload(variant.payload, (*path, "payload"), problems, allow_unknown)
    _check_overrides(variant.overrides or (), (*path, "overrides"), problems)


def plain_variants(variants: Sequence[Variant] | None | UnsetType) -> StoredVariants:
    """Return variants as GraphQL stores them: without values that equal defaults."""
    return (
        tuple(
            structs.replace(variant, overrides=variant.overrides or UNSET)
            for variant in variants or ()
        )
        or UNSET
    )


def displayed_variants(variants: Sequence[Variant] | None | UnsetType) -> tuple[Variant, ...]:
    """Return variants as GraphQL displays them, for comparison."""
    return tuple(map(complete_variant, plain_variants(variants) or ()))


def complete_variant(variant: Variant) -> Variant:
    """Return the variant with defaults for a missing weight type and stickiness."""
    if variant.weight_type is not UNSET and variant.stickiness is not UNSET:
        return variant
    return structs.replace(
        variant,
        weight_type=variant.weight_type or DEFAULT_WEIGHT_TYPE,
        stickiness=variant.stickiness or DEFAULT_STICKINESS,
    )


def reuse_unchanged_variants(
    old: StoredVariants, new: Sequence[Variant] | None | UnsetType, *, allow_unknown: bool
) -> StoredVariants:
    """Return the variants to store: `old` if it equals `new`.

    With `allow_unknown`, the function compares the JSON of `old` and `new`. Otherwise, it compares
    the values that GraphQL displays.
    """
    if not allow_unknown:
        return old if displayed_variants(old) == displayed_variants(new) else plain_variants(new)
    if new is None or new is UNSET or old is None or old is UNSET:
        return old if old is new else _stored(new)
    return old if msgspec.json.encode(old) == msgspec.json.encode(new) else tuple(new)


def _stored(variants: Sequence[Variant] | None | UnsetType) -> StoredVariants:
    return variants if variants is None or variants is UNSET else tuple(variants)


def _check_weight(name: str, weight: float, path: Path, problems: Problems) -> None:
    if not 0 <= weight <= WHOLE_WEIGHT:  # NaN also meets this condition
        problems.invalid(
            f"The weight {weight} of variant '{display(name)}' is not between 0 and "
            f"{WHOLE_WEIGHT}.",
            rule="weight-range",
            path=(*path, "weight"),
        )


def _check_payload(
    payload: VariantPayload, path: Path, problems: Problems, allow_unknown: bool
) -> None:
    if allow_unknown:
        check_line(
            payload.type,
            what="The payload type",
            path=(*path, "type"),
            problems=problems,
            min_length=1,
            max_length=MAX_NAME_LENGTH,
        )
    elif payload.type not in PAYLOAD_TYPES:
        problems.invalid(
            f"The payload type '{display(payload.type)}' is not one of {', '.join(PAYLOAD_TYPES)}.",
            rule="payload-type",
            path=(*path, "type"),
        )
    fits = check_lines(
        payload.value,
        what="The payload",
        path=(*path, "value"),
        problems=problems,
        min_length=1,
        max_length=MAX_PAYLOAD_LENGTH,
    )
    if fits and not allow_unknown and not _parses(payload):
        article = "a number" if payload.type == "number" else "a JSON document"
        problems.invalid(
            f"The payload '{display(payload.value)}' is not {article}.",
            rule="payload-value",
            path=(*path, "value"),
        )


def _parses(payload: VariantPayload) -> bool:
    if payload.type == "number":
        return is_number(payload.value)
    if payload.type == "json":
        try:
            msgspec.json.decode(payload.value)
        except (msgspec.DecodeError, RecursionError):
            return False
    return True


def _check_overrides(overrides: Sequence[VariantOverride], path: Path, problems: Problems) -> None:
    check_count(overrides, what="overrides", path=path, problems=problems)
    for index, override in enumerate(overrides):
        here = (*path, str(index))
        check_line(
            override.context_name,
            what="The context name",
            path=(*here, "contextName"),
            problems=problems,
            min_length=1,
            max_length=MAX_NAME_LENGTH,
        )
        values = override.values or ()
        check_count(
            values,
            what="override values",
            path=(*here, "values"),
            problems=problems,
            maximum=MAX_CONSTRAINT_VALUES,
        )
        for position, value in enumerate(values):
            check_line(
                value,
                what="The override value",
                path=(*here, "values", str(position)),
                problems=problems,
                min_length=1,
                max_length=MAX_CONSTRAINT_VALUE_LENGTH,
            )
