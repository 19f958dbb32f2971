"""Mutations on single variants of a toggle in one environment, or of a strategy on a toggle."""

from typing import Annotated, Protocol

import strawberry
from msgspec import UNSET
from strawberry import Maybe, argument

from graph.enums import VariantWeightType
from graph.ids import toggle_strategy_key
from graph.input_fields import (
    along_with,
    expected_revision_field,
    given,
    given_or_null,
)
from graph.payload import ChangeSubject, Payload, change_mutation, typed_as
from graph.toggles.environment import ToggleEnvironment
from graph.toggles.input_values import variant_overrides, variant_payload, variant_spec
from graph.toggles.inputs import VariantInput, VariantOverrideInput, VariantPayloadInput
from graph.toggles.variant import Variant
from store import Snapshot, model, values
from store.errors import InvalidError, Problems, refuse
from store.events import EventType, SubjectKind
from store.operations import toggle_variants
from store.operations.strings import display
from store.operations.toggle_variants import VariantFields
from store.unit_of_work import UnitOfWork

_STRATEGY = (
    "The ID of the toggle's activation strategy to which the variant belongs. If omitted, the "
    "variant belongs to the environment."
)


def _environment() -> str:
    return strawberry.field(default="default", description="The environment.")


@strawberry.input(description="A variant to add to a toggle.")
class ToggleVariantAddInput:
    toggle: str = strawberry.field(description="The name of the toggle.")
    environment: str = _environment()
    strategy: strawberry.ID | None = strawberry.field(description=_STRATEGY)
    variant: VariantInput = strawberry.field(
        description="The variant to add. Adding it redistributes the weights of variable variants."
    )
    position: int | None = strawberry.field(
        description="The position among the variants, from zero; by default at the end."
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(description="Changes to a variant of a toggle; omitted fields stay unchanged.")
class ToggleVariantUpdateInput:
    toggle: str = strawberry.field(description="The name of the toggle.")
    environment: str = _environment()
    strategy: strawberry.ID | None = strawberry.field(description=_STRATEGY)
    variant: str = strawberry.field(description="The name of the variant to change.")
    name: Maybe[str | None] = strawberry.field(description="The new name of the variant.")
    weight_type: Maybe[VariantWeightType | None] = strawberry.field(
        description=(
            "Whether the weight is fixed, or an equal share of the weight that fixed variants do "
            "not use."
        )
    )
    weight: Maybe[int | None] = strawberry.field(
        description=(
            "The share in thousandths, only for a fixed weight. Changing it redistributes the "
            "weights of variable variants."
        )
    )
    stickiness: Maybe[str | None] = strawberry.field(
        description=(
            "The context field that determines the variant, or one of the special values `default` "
            "and `random`."
        )
    )
    payload: Maybe[VariantPayloadInput | None] = strawberry.field(
        description="The data returned with the variant; null removes it."
    )
    overrides: Maybe[list[VariantOverrideInput] | None] = strawberry.field(
        description="The new list of context values that always get this variant, which replaces "
        "the old one."
    )
    position: int | None = strawberry.field(
        description="The new position among the variants, from zero."
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(description="The variant to remove from a toggle.")
class ToggleVariantRemoveInput:
    toggle: str = strawberry.field(description="The name of the toggle.")
    environment: str = _environment()
    strategy: strawberry.ID | None = strawberry.field(description=_STRATEGY)
    variant: str = strawberry.field(
        description=(
            "The name of the variant. Removing it redistributes the weights of variable variants."
        )
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


_AFTERWARDS = "The configuration after the change, null if the change was refused."


@strawberry.type(description="The outcome of adding a variant to a toggle.")
class ToggleVariantAddPayload(Payload):
    variant: values.Variant | None = typed_as(
        Variant, "The added variant, null if it could not be added."
    )
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of changing a variant of a toggle.")
class ToggleVariantUpdatePayload(Payload):
    variant: values.Variant | None = typed_as(
        Variant, "The variant after the change, null if the change was refused."
    )
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of removing a variant from a toggle.")
class ToggleVariantRemovePayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


class _OfVariants(Protocol):
    """The fields of an input that identify the list to which a variant belongs."""

    toggle: str
    environment: str
    strategy: strawberry.ID | None


def _toggle(_snapshot: Snapshot, input: _OfVariants) -> ChangeSubject:
    return ChangeSubject(SubjectKind.TOGGLE, input.toggle, input.environment)


def _event_type(input: _OfVariants) -> EventType:
    if input.strategy is None:
        return EventType.TOGGLE_VARIANTS_UPDATED
    return EventType.TOGGLE_STRATEGY_UPDATED


@change_mutation(_event_type, _toggle)
async def toggle_variant_add(
    work: UnitOfWork,
    input: Annotated[ToggleVariantAddInput, argument(description="The variant and its target.")],
) -> ToggleVariantAddPayload:
    """Add a variant to a toggle or to one of its strategies."""
    toggle, variant = await toggle_variants.add_toggle_variant(
        work,
        input.toggle,
        environment=input.environment,
        strategy_id=_strategy_id(work.snapshot, input),
        variant=variant_spec(input.variant),
        position=input.position,
        expected_revision=input.expected_revision,
    )
    return ToggleVariantAddPayload(
        variant=variant, toggle_environment=toggle.in_environment(input.environment)
    )


@change_mutation(_event_type, _toggle)
async def toggle_variant_update(
    work: UnitOfWork,
    input: Annotated[ToggleVariantUpdateInput, argument(description="The changes.")],
) -> ToggleVariantUpdatePayload:
    """Change or move a variant of a toggle or of one of its strategies."""
    problems = Problems()
    name = given(input.name, path=("name",), problems=problems)
    weight_type = given(input.weight_type, path=("weightType",), problems=problems)
    weight = given(input.weight, path=("weight",), problems=problems)
    stickiness = given(input.stickiness, path=("stickiness",), problems=problems)
    payload = given_or_null(input.payload)
    overrides = given(input.overrides, path=("overrides",), problems=problems)
    fields = VariantFields(
        name=name,
        weight_type=weight_type.value if weight_type else UNSET,
        weight=weight,
        stickiness=stickiness,
        payload=variant_payload(payload) if payload else payload,
        overrides=UNSET if overrides is UNSET else variant_overrides(overrides),
    )
    with along_with(problems):
        toggle, variant = await toggle_variants.update_toggle_variant(
            work,
            input.toggle,
            input.variant,
            fields,
            environment=input.environment,
            strategy_id=_strategy_id(work.snapshot, input),
            position=input.position,
            expected_revision=input.expected_revision,
        )
    return ToggleVariantUpdatePayload(
        variant=variant, toggle_environment=toggle.in_environment(input.environment)
    )


@change_mutation(_event_type, _toggle)
async def toggle_variant_remove(
    work: UnitOfWork,
    input: Annotated[ToggleVariantRemoveInput, argument(description="The variant.")],
) -> ToggleVariantRemovePayload:
    """Remove a variant from a toggle or from one of its strategies."""
    toggle = await toggle_variants.remove_toggle_variant(
        work,
        input.toggle,
        input.variant,
        environment=input.environment,
        strategy_id=_strategy_id(work.snapshot, input),
        expected_revision=input.expected_revision,
    )
    return ToggleVariantRemovePayload(toggle_environment=toggle.in_environment(input.environment))


def _strategy_id(snapshot: Snapshot, input: _OfVariants) -> str | None:
    """Return the key of the strategy in an input; None if the input omits the strategy.

    Raises: Refusal: the toggle has no strategy with this ID in the environment.
    """
    if input.strategy is None:
        return None
    toggle_id, environment, strategy_id = toggle_strategy_key(input.strategy, path=("strategy",))
    toggle = snapshot.toggles.get(input.toggle)
    if toggle is not None and (toggle_id, environment) != (toggle.id, input.environment):
        message = (
            f"The strategy '{display(input.strategy)}' does not belong to toggle '{toggle.name}' "
            f"in {display(input.environment)}."
        )
        refuse(InvalidError(message, rule="strategy-elsewhere", path=("strategy",)))
    return strategy_id
