"""Toggles as clients of the 3.x admin API send them, and the values of the store in them."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, UnsetType
from pydantic import Field

from rest_compat.http.bodies import Body, Flag, Name, Number, Text, unique
from store.model import DEFAULT_PROJECT, DEFAULT_TOGGLE_TYPE
from store.operations.inputs import StrategySpec
from store.operations.limits import (
    LONGEST_CONSTRAINT_VALUE,
    MOST_CONSTRAINT_VALUES,
    MOST_ITEMS,
)
from store.operations.variants import WHOLE_WEIGHT
from store.values import Constraint, Variant, VariantOverride, VariantPayload

ConstraintValue = Annotated[str, Field(min_length=1, max_length=LONGEST_CONSTRAINT_VALUE)]


class NameBody(Body):
    """The name of a new toggle; it is validated before anything else and alone."""

    name: Name


class ConstraintBody(Body):
    """A constraint.

    `inverted` and `caseInsensitive` are younger than 3.x; they are read all the same, since without
    them a client that sends back what it was shown would turn a constraint into its opposite.
    """

    context_name: Text
    operator: Text
    values: list[ConstraintValue] = Field(
        default_factory=list[str], min_length=1, max_length=MOST_CONSTRAINT_VALUES
    )
    inverted: Flag = False
    case_insensitive: Flag = False

    def constraint(self) -> Constraint:
        """What is stored of it."""
        return Constraint(
            context_name=self.context_name,
            operator=self.operator,
            values=tuple(self.values) if "values" in self.sent else UNSET,
            inverted=self.inverted or UNSET,
            case_insensitive=self.case_insensitive or UNSET,
        )


class StrategyBody(Body):
    """An activation strategy, whether or not its name is known."""

    name: Name
    parameters: dict[str, Any] = Field(default_factory=dict)
    constraints: list[ConstraintBody] | None = Field(default=None, max_length=MOST_ITEMS)

    def spec(self) -> StrategySpec:
        """What operations take."""
        return StrategySpec(
            name=self.name,
            parameters=self.parameters if "parameters" in self.sent else UNSET,
            constraints=self._constraints() if "constraints" in self.sent else UNSET,
        )

    def _constraints(self) -> tuple[Constraint, ...] | None:
        return None if self.constraints is None else tuple(c.constraint() for c in self.constraints)


class PayloadBody(Body):
    """Data handed out with a variant."""

    type: Text
    value: Text


class OverrideBody(Body):
    """Context values that always get one variant."""

    context_name: Text
    values: list[str] = Field(default_factory=list, max_length=MOST_CONSTRAINT_VALUES)

    def override(self) -> VariantOverride:
        """What is stored of it."""
        values = tuple(self.values) if "values" in self.sent else UNSET
        return VariantOverride(self.context_name, values)


class VariantBody(Body):
    """A variant; its weight is stored as it is, whatever the weights add up to."""

    name: Name
    weight: Annotated[Number, Field(ge=0, le=WHOLE_WEIGHT)]
    weight_type: Literal["variable", "fix"] = "variable"
    # May be left out, but not be null.
    payload: PayloadBody = Field(default_factory=PayloadBody.model_construct)
    stickiness: Text = "default"
    overrides: list[OverrideBody] = Field(default_factory=list[OverrideBody], max_length=MOST_ITEMS)

    def variant(self) -> Variant:
        """What is stored of it."""
        return Variant(
            name=self.name,
            weight=self.weight,
            weight_type=self.weight_type,
            stickiness=self.stickiness,
            payload=self._payload() if "payload" in self.sent else UNSET,
            overrides=self._overrides() if "overrides" in self.sent else UNSET,
        )

    def _payload(self) -> VariantPayload:
        return VariantPayload(self.payload.type, self.payload.value)

    def _overrides(self) -> tuple[VariantOverride, ...]:
        return tuple(it.override() for it in self.overrides)


class FeatureBody(Body):
    """A toggle less its name; flaws are told in the order of the fields, which is that of 3.x."""

    enabled: Flag = False
    stale: Flag = False
    type: Text = DEFAULT_TOGGLE_TYPE
    project: Text = DEFAULT_PROJECT
    description: str | None = None
    strategies: list[StrategyBody] = Field(min_length=1, max_length=MOST_ITEMS)
    variants: Annotated[list[VariantBody] | None, unique("name")] = Field(
        default=None, max_length=MOST_ITEMS
    )

    def strategy_specs(self) -> list[StrategySpec]:
        """The activation strategies as operations take them."""
        return [it.spec() for it in self.strategies]

    def stored_variants(self) -> list[Variant] | None | UnsetType:
        """The variants as they are stored; never sent, null and none are three things."""
        if "variants" not in self.sent:
            return UNSET
        return None if self.variants is None else [it.variant() for it in self.variants]
