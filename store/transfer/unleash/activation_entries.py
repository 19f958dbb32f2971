"""The entries for activation strategies and constraints in state documents of all versions.

`ConstraintFields` and `ActivationFields` have the keys of the 3.x admin API. `ConstraintEntry` and
`ActivationEntry` add the keys of later versions, for state documents.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from store.operations.inputs import StrategySpec
from store.operations.limits import MAX_CONSTRAINT_VALUE_LENGTH
from store.values import Constraint, Variant

NonEmptyString = Annotated[str, Meta(min_length=1)]
ComparedValue = Annotated[str, Meta(min_length=1, max_length=MAX_CONSTRAINT_VALUE_LENGTH)]


class ConstraintFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """A constraint.

    `inverted` and `caseInsensitive` are newer than 3.x, but responses contain these keys. If the
    server ignored `inverted`, a client that sends a response back would negate the constraint.
    """

    context_name: NonEmptyString
    operator: NonEmptyString
    values: tuple[ComparedValue, ...] | UnsetType = UNSET
    inverted: bool | UnsetType = UNSET
    case_insensitive: bool | UnsetType = UNSET

    def constraint(self) -> Constraint:
        """Return the constraint to store."""
        return Constraint(**structs.asdict(self))


class ConstraintEntry(ConstraintFields, frozen=True, kw_only=True, rename="camel"):
    """A constraint; `value` is newer than 3.x."""

    value: str | None | UnsetType = UNSET

    def constraint(self) -> Constraint:
        """Return the constraint to store."""
        fields: dict[str, Any] = structs.asdict(self)
        if self.value is None:
            fields["value"] = UNSET
        return Constraint(**fields)


class ActivationFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """A strategy in a toggle."""

    name: str
    parameters: dict[str, Any] | None | UnsetType = UNSET
    constraints: tuple[ConstraintFields, ...] | None | UnsetType = UNSET

    def spec(self) -> StrategySpec:
        """Return the input of operations, without the segments."""
        return StrategySpec(
            name=self.name,
            parameters=UNSET if self.parameters is None else self.parameters,
            constraints=stored_constraints(self.constraints),
        )


class ActivationEntry(ActivationFields, frozen=True, kw_only=True, rename="camel"):
    """A strategy in a toggle; it has the additional keys in responses of the 3.x admin API."""

    title: str | None = None
    disabled: bool | None = None
    constraints: tuple[ConstraintEntry, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] | None = None
    variants: tuple[Variant, ...] | None | UnsetType = UNSET

    def spec(self) -> StrategySpec:
        """Return the input of operations, without the segments."""
        return StrategySpec(
            name=self.name,
            title=self.title or "",
            disabled=bool(self.disabled),
            parameters=UNSET if self.parameters is None else self.parameters,
            constraints=stored_constraints(self.constraints),
            variants=UNSET if self.variants is None else self.variants,
        )


class FeatureStrategyEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A strategy of a toggle in one environment, in documents of versions 2 to 4."""

    id: str | None = None
    feature_name: str
    environment: NonEmptyString
    strategy_name: str
    title: str | None = None
    disabled: bool | None = None
    parameters: dict[str, Any] | None | UnsetType = UNSET
    constraints: tuple[ConstraintEntry, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] | None = None
    variants: tuple[Variant, ...] | None | UnsetType = UNSET
    sort_order: int | None = None

    def activation(self, segments: tuple[int, ...]) -> ActivationEntry:
        """Return the strategy in the form of version 1, with the given IDs of segments."""
        return ActivationEntry(
            name=self.strategy_name,
            title=self.title,
            disabled=self.disabled,
            parameters=self.parameters,
            constraints=self.constraints,
            segments=segments,
            variants=self.variants,
        )


def stored_constraints(
    entries: Sequence[ConstraintFields] | None | UnsetType,
) -> tuple[Constraint, ...] | None | UnsetType:
    """Return the constraints to store.

    Absent constraints, null and an empty list remain distinct.
    """
    if entries is None or entries is UNSET:
        return entries
    return tuple(entry.constraint() for entry in entries)
