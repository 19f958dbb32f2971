"""Variants: the alternatives that an enabled toggle can return."""

from collections.abc import Sequence

import msgspec
import strawberry
from msgspec import UnsetType

from graph.engine.run.fields import derived, plain
from graph.enums import VariantWeightType
from graph.node import shows
from store import values


class VariantAmong(values.Variant, frozen=True):
    """A variant with the sum of the weights of its list, if this sum is not 1000."""

    total: float = 1000


def with_shares(
    variants: Sequence[values.Variant] | UnsetType | None,
) -> Sequence[values.Variant]:
    """Return variants with correct percentages, even if the weights do not add up to 1000."""
    if not variants:
        return ()
    total = sum(variant.weight for variant in variants)
    if total == 1000:
        return variants
    return [VariantAmong(**msgspec.structs.asdict(variant), total=total) for variant in variants]


def _percentage(root: values.Variant) -> float:
    total = root.total if isinstance(root, VariantAmong) else 1000
    return root.weight * 100 / total if total > 0 else 0.0


def _weight_type(root: values.Variant) -> VariantWeightType:
    return VariantWeightType.FIX if root.weight_type == "fix" else VariantWeightType.VARIABLE


def _payload(root: values.Variant) -> values.VariantPayload | None:
    return root.payload or None


def _overrides(root: values.Variant) -> Sequence[values.VariantOverride]:
    return root.overrides or ()


def _override_values(root: values.VariantOverride) -> Sequence[str]:
    return root.values or ()


@strawberry.type(description="Data returned with a variant.")
@shows(values.VariantPayload)
class VariantPayload:
    type: str = plain(
        "The format of the value: `string`, `number`, `json` or `csv`. Variants that were created "
        "through REST may have other formats."
    )
    value: str = plain("The value as a string.")


@strawberry.type(description="Context values that always get one variant.")
@shows(values.VariantOverride)
class VariantOverride:
    context_name: str = plain("The context field.")
    values: list[str] = derived(
        _override_values, "The context values for which the variant is chosen."
    )


@strawberry.type(description="One of the alternatives that an enabled toggle can return.")
@shows(values.Variant)
class Variant:
    name: str = plain("The name of the variant, unique within its list of variants.")
    weight: float = plain("The share in thousandths, from 0 to 1000.")
    percentage: float = derived(_percentage, "The effective share in percent.")
    weight_type: VariantWeightType = derived(
        _weight_type,
        "How the weight is determined.",
    )
    stickiness: str = derived(
        lambda variant: variant.stickiness or values.DEFAULT_STICKINESS,
        "The context field that determines the variant, or one of the special values `default` "
        "and `random`.",
    )
    payload: VariantPayload | None = derived(
        _payload, "The data returned with the variant, null if it has none."
    )
    overrides: list[VariantOverride] = derived(
        _overrides, "Context values that always get this variant."
    )
