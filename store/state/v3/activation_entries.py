"""Strategies on toggles and their constraints in a state document, in every version of it."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from store.operations.inputs import StrategySpec
from store.operations.limits import LONGEST_CONSTRAINT_VALUE
from store.values import Constraint, Variant

Text = Annotated[str, Meta(min_length=1)]
_Compared = Annotated[str, Meta(min_length=1, max_length=LONGEST_CONSTRAINT_VALUE)]


class ConstraintEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A constraint; the last three keys are younger than 3.x."""

    context_name: Text
    operator: Text
    values: tuple[_Compared, ...] | UnsetType = UNSET
    value: str | None | UnsetType = UNSET
    inverted: bool | UnsetType = UNSET
    case_insensitive: bool | UnsetType = UNSET

    def constraint(self) -> Constraint:
        """What is stored of it."""
        fields: dict[str, Any] = structs.asdict(self)
        if self.value is None:
            fields["value"] = UNSET
        return Constraint(**fields)


class ActivationEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A strategy in a toggle. Keys that 3.x does not have are shown by the admin API, and so are
    read."""

    name: str
    title: str | None = None
    disabled: bool | None = None
    parameters: dict[str, Any] | None | UnsetType = UNSET
    constraints: tuple[ConstraintEntry, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] | None = None
    variants: tuple[Variant, ...] | None | UnsetType = UNSET

    def spec(self) -> StrategySpec:
        """What operations take, without the segments."""
        return StrategySpec(
            name=self.name,
            title=self.title or "",
            disabled=bool(self.disabled),
            parameters=UNSET if self.parameters is None else self.parameters,
            constraints=stored_constraints(self.constraints),
            variants=UNSET if self.variants is None else self.variants,
        )


class FeatureStrategyEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """A strategy on a toggle in one environment, as versions 2 to 4 hold it."""

    id: str | None = None
    feature_name: str
    environment: Text
    strategy_name: str
    title: str | None = None
    disabled: bool | None = None
    parameters: dict[str, Any] | None | UnsetType = UNSET
    constraints: tuple[ConstraintEntry, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] | None = None
    variants: tuple[Variant, ...] | None | UnsetType = UNSET
    sort_order: int | None = None

    def activation(self, segments: tuple[int, ...]) -> ActivationEntry:
        """The same strategy as version 1 holds it, with its segments by their ids."""
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
    entries: tuple[ConstraintEntry, ...] | None | UnsetType,
) -> tuple[Constraint, ...] | None | UnsetType:
    """The constraints as they are stored; never sent, null and none are three things."""
    if entries is None or entries is UNSET:
        return entries
    return tuple(it.constraint() for it in entries)
