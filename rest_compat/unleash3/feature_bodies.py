"""Models of toggles in request bodies. These models are stricter than the models of imports.

Violations are listed in the order of the fields. Unleash 3.x has the same order.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, structs

from rest_compat.unleash3.bodies import Name
from store.model import DEFAULT_PROJECT, DEFAULT_TOGGLE_TYPE
from store.operations.fields import ToggleFields, fields_from
from store.operations.inputs import StrategySpec
from store.operations.limits import MAX_CONSTRAINT_VALUES, MAX_ITEMS
from store.operations.variants import WHOLE_WEIGHT
from store.transfer.unleash.activation_entries import (
    ActivationFields,
    ComparedValue,
    ConstraintFields,
    NonEmptyString,
)
from store.transfer.unleash.coercion import unique
from store.transfer.unleash.document import FeatureFields
from store.values import Constraint, Variant, VariantOverride, VariantPayload

_Bounds = Meta(ge=0, le=WHOLE_WEIGHT)


class ConstraintBody(ConstraintFields, frozen=True, kw_only=True, rename="camel"):
    """A constraint with at least one value."""

    values: (
        Annotated[tuple[ComparedValue, ...], Meta(min_length=1, max_length=MAX_CONSTRAINT_VALUES)]
        | UnsetType
    ) = UNSET

    def constraint(self) -> Constraint:
        """Return the constraint to store.

        `inverted` and `caseInsensitive` are omitted if they are false.
        """
        return structs.replace(
            super().constraint(),
            inverted=self.inverted or UNSET,
            case_insensitive=self.case_insensitive or UNSET,
        )


class StrategyBody(ActivationFields, frozen=True, kw_only=True, rename="camel"):
    """An activation strategy. No definition of the strategy needs to exist."""

    name: Name
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: (
        Annotated[tuple[ConstraintBody, ...], Meta(max_length=MAX_ITEMS)] | None | UnsetType
    ) = UNSET


class PayloadBody(VariantPayload, frozen=True, rename="camel"):
    """The payload of a variant."""

    type: NonEmptyString
    value: NonEmptyString


class OverrideBody(VariantOverride, frozen=True, rename="camel"):
    """A context field with values. Users with one of the values always get the variant."""

    context_name: NonEmptyString
    values: Annotated[tuple[str, ...], Meta(max_length=MAX_CONSTRAINT_VALUES)] | UnsetType = UNSET


class VariantBody(Variant, frozen=True, kw_only=True, rename="camel"):
    """A variant. Its weight is stored as sent, even if the sum of all weights is not 1,000."""

    name: Name
    weight: Annotated[int, _Bounds] | Annotated[float, _Bounds]
    weight_type: Literal["variable", "fix"] = "variable"
    stickiness: NonEmptyString = "default"
    payload: PayloadBody | UnsetType = UNSET
    overrides: Annotated[tuple[OverrideBody, ...], Meta(max_length=MAX_ITEMS)] | UnsetType = UNSET


class FeatureBody(FeatureFields, frozen=True, kw_only=True, rename="camel"):
    """A toggle without its name."""

    stale: bool = False
    type: NonEmptyString = DEFAULT_TOGGLE_TYPE
    project: NonEmptyString = DEFAULT_PROJECT
    strategies: Annotated[tuple[StrategyBody, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    variants: (
        Annotated[
            tuple[VariantBody, ...],
            Meta(max_length=MAX_ITEMS, extra={"check": unique("name")}),
        ]
        | None
        | UnsetType
    ) = UNSET

    def fields(self) -> ToggleFields:
        """Return the fields to store. Omit the description if it was not sent."""
        return fields_from(ToggleFields, self)

    def strategy_specs(self) -> list[StrategySpec]:
        """Return the activation strategies as input of operations."""
        return [strategy.spec() for strategy in self.strategies]

    def stored_variants(self) -> tuple[Variant, ...] | None | UnsetType:
        """Return the variants to store, distinguishing a missing key, null and an empty list."""
        if self.variants is None or self.variants is UNSET:
            return self.variants
        return msgspec.convert(msgspec.to_builtins(self.variants), tuple[Variant, ...])
