"""Inputs that several mutations share: strategies, constraints, variants, tags, dependencies."""

from typing import ClassVar

import strawberry

from graph.enums import ConstraintOperator, VariantPayloadType, VariantWeightType


@strawberry.input(description="A tag by its type and value.")
class TagInput:
    type: str = strawberry.field(default="simple", description="The name of the tag type.")
    value: str = strawberry.field(description="The text of the tag.")


@strawberry.input(description="The value of one strategy parameter.")
class ParameterValueInput:
    name: str = strawberry.field(description="The name of the parameter.")
    value: str = strawberry.field(
        description="The value; the items of a list are separated by commas."
    )


@strawberry.input(description="A test on one field of the context.")
class ConstraintInput:
    # Compiling a regular expression takes as long as reading 50 other values.
    value_costs: ClassVar = {"operator": {"REGEX": 50}}

    context_name: str = strawberry.field(description="The context field to test.")
    operator: ConstraintOperator = strawberry.field(
        description="The operator that compares the context value with the values."
    )
    values: list[str] = strawberry.field(
        default_factory=list,
        description=(
            "The values to compare with; exactly one for numeric, date, version and "
            "regular-expression operators."
        ),
    )
    case_insensitive: bool = strawberry.field(
        default=False, description="Whether string operators ignore case."
    )
    inverted: bool = strawberry.field(default=False, description="Whether the outcome is negated.")


@strawberry.input(description="Data returned with a variant.")
class VariantPayloadInput:
    type: VariantPayloadType = strawberry.field(
        default=VariantPayloadType.STRING, description="The format of the value."
    )
    value: str = strawberry.field(description="The value as a string.")


@strawberry.input(description="Context values that always get one variant.")
class VariantOverrideInput:
    context_name: str = strawberry.field(description="The context field.")
    values: list[str] = strawberry.field(
        description="The context values for which the variant is chosen."
    )


@strawberry.input(description="One of the alternatives that an enabled toggle can return.")
class VariantInput:
    name: str = strawberry.field(
        description="The name of the variant, unique within its list of variants."
    )
    weight_type: VariantWeightType = strawberry.field(
        default=VariantWeightType.VARIABLE,
        description="How the weight is determined.",
    )
    weight: int | None = strawberry.field(
        description=(
            "The share in thousandths. Required for fixed weights; variable weights are computed."
        ),
    )
    stickiness: str = strawberry.field(
        default="default",
        description=(
            "The context field that determines the variant, or one of the special values `default` "
            "and `random`."
        ),
    )
    payload: VariantPayloadInput | None = strawberry.field(
        description="The data returned with the variant."
    )
    overrides: list[VariantOverrideInput] = strawberry.field(
        default_factory=list, description="Context values that always get this variant."
    )


@strawberry.input(description="An activation strategy to configure on a toggle.")
class ToggleStrategyInput:
    name: str = strawberry.field(description="The name of the strategy.")
    title: str = strawberry.field(
        default="",
        description="A label that distinguishes this strategy from the toggle's other strategies.",
    )
    disabled: bool = strawberry.field(
        default=False,
        description="Whether to disable the strategy. SDKs do not get disabled strategies.",
    )
    parameters: list[ParameterValueInput] = strawberry.field(
        default_factory=list, description="The parameter values of the strategy."
    )
    constraints: list[ConstraintInput] = strawberry.field(
        default_factory=list, description="The constraints, all of which must hold."
    )
    segments: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The segments, all of which must match."
    )
    variants: list[VariantInput] = strawberry.field(
        default_factory=list,
        description=(
            "The variants that replace the environment's variants if this strategy matches."
        ),
    )


@strawberry.input(
    description="A dependency on another toggle, and the state in which that toggle must be."
)
class ToggleDependencyInput:
    toggle: str = strawberry.field(description="The name of the required toggle.")
    enabled: bool = strawberry.field(
        default=True, description="Whether the required toggle must be on (true) or off (false)."
    )
    variants: list[str] = strawberry.field(
        default_factory=list,
        description="The variants that the required toggle may return; empty means any.",
    )
