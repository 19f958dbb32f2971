"""Toggles in request bodies: the models of the state document, with the stricter rules of routes.

The order of the fields, which is that of 3.x, is the order in which violations are listed.
"""

from contextlib import suppress
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, inspect, structs

from rest_compat.http.errors import InvalidBodyError
from rest_compat.unleash3.errors import violation_of
from store.errors import Path, Problems
from store.model import DEFAULT_PROJECT, DEFAULT_TOGGLE_TYPE
from store.operations.fields import ToggleFields, fields_from
from store.operations.inputs import StrategySpec
from store.operations.limits import MAX_CONSTRAINT_VALUES, MAX_ITEMS
from store.operations.messages import not_url_friendly
from store.operations.names import is_name
from store.operations.variants import WHOLE_WEIGHT
from store.transfer.checking import EnoughError
from store.transfer.unleash.activation_entries import (
    ActivationFields,
    ComparedValue,
    ConstraintFields,
    NonEmptyString,
)
from store.transfer.unleash.coercion import Coercion, unique
from store.transfer.unleash.document import FeatureFields
from store.values import Constraint, Variant, VariantOverride, VariantPayload

StructT = TypeVar("StructT", bound=Struct)


def _check_url_friendly(name: str, path: Path, problems: Problems) -> None:
    # The length is checked first; a wrong one is reported alone.
    if not is_name(name):
        problems.invalid(not_url_friendly(name), rule="isUrlFriendly.base", path=path)


Name = Annotated[str, Meta(min_length=2, max_length=100, extra={"check": _check_url_friendly})]
_Bounds = Meta(ge=0, le=WHOLE_WEIGHT)


class NameBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """The name of a new toggle; it is validated before anything else and alone."""

    name: Name


class ConstraintBody(ConstraintFields, frozen=True, kw_only=True, rename="camel"):
    """A constraint with at least one value."""

    values: (
        Annotated[tuple[ComparedValue, ...], Meta(min_length=1, max_length=MAX_CONSTRAINT_VALUES)]
        | UnsetType
    ) = UNSET

    def constraint(self) -> Constraint:
        """The constraint to store, without what is false."""
        return structs.replace(
            super().constraint(),
            inverted=self.inverted or UNSET,
            case_insensitive=self.case_insensitive or UNSET,
        )


class StrategyBody(ActivationFields, frozen=True, kw_only=True, rename="camel"):
    """An activation strategy, whether or not it is defined."""

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
    """Context values that always get one variant."""

    context_name: NonEmptyString
    values: Annotated[tuple[str, ...], Meta(max_length=MAX_CONSTRAINT_VALUES)] | UnsetType = UNSET


class VariantBody(Variant, frozen=True, kw_only=True, rename="camel"):
    """A variant; its weight is stored as sent, whatever the sum of all weights."""

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
        """The fields to store, without a description that was not sent."""
        return fields_from(ToggleFields, self)

    def strategy_specs(self) -> list[StrategySpec]:
        """The activation strategies as input of operations."""
        return [strategy.spec() for strategy in self.strategies]

    def stored_variants(self) -> tuple[Variant, ...] | None | UnsetType:
        """The variants to store; absent, null and an empty list differ."""
        if self.variants is None or self.variants is UNSET:
            return self.variants
        return msgspec.convert(msgspec.to_builtins(self.variants), tuple[Variant, ...])


# Inspecting a type takes as long as reading a body, and leaves garbage.
_type_info = cache(inspect.type_info)


def read_model(sent: Any, kind: type[StructT]) -> StructT:
    """Read a body with the conversions of 3.x.

    Raises: InvalidBodyError: with all violations.
    """
    problems = Problems()
    plain: Any = None
    with suppress(EnoughError):
        plain = Coercion(problems).read(sent, _type_info(kind))
    if problems.errors:
        raise InvalidBodyError([violation_of(error) for error in problems.errors])
    return msgspec.convert(plain, kind)
