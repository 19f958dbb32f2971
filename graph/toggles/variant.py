"""Variants: the answers an enabled toggle can give."""

from collections.abc import Sequence

import msgspec
import strawberry
from msgspec import UnsetType

from graph.engine.run.fields import derived, plain
from graph.enums import VariantWeightType
from graph.node import shows
from store import values


class VariantAmong(values.Variant, frozen=True):
    """A variant of a list whose weights do not sum to 1000, with their sum."""

    total: float = 1000


def with_shares(
    variants: Sequence[values.Variant] | UnsetType | None,
) -> Sequence[values.Variant]:
    """The variants with their percentages, even if the weights do not sum to 1000."""
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


@strawberry.type(description="Data handed out with a variant.")
@shows(values.VariantPayload)
class VariantPayload:
    type: str = plain(
        "How to read the value: string, number, json or csv, or whatever else came in over REST."
    )
    value: str = plain("The value as text.")


@strawberry.type(description="Context values that always get one variant.")
@shows(values.VariantOverride)
class VariantOverride:
    context_name: str = plain("The context field to look at.")
    values: list[str] = derived(_override_values, "The values that get the variant.")


@strawberry.type(description="One of the answers that an enabled toggle can give.")
@shows(values.Variant)
class Variant:
    name: str = plain("The name of the variant, unique among its siblings.")
    weight: float = plain("The share in thousandths, from 0 to 1000.")
    percentage: float = derived(
        _percentage, "The share in percent after fixed weights are taken out."
    )
    weight_type: VariantWeightType = derived(
        _weight_type, "Whether the weight is fixed or shared out."
    )
    stickiness: str = derived(
        lambda variant: variant.stickiness or values.DEFAULT_STICKINESS,
        "The context field that keeps an answer stable, or default or random.",
    )
    payload: VariantPayload | None = derived(
        _payload, "The data handed out with the variant, null when it has none."
    )
    overrides: list[VariantOverride] = derived(
        _overrides, "Context values that always get this variant."
    )
