"""Mutations on the configuration of a toggle in one environment."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.ids import parse_id, split_key, toggle_environment_key
from graph.input_fields import along_with, expected_revision_field, given, given_as
from graph.payload import ChangeSubject, Payload, change_mutation, typed_as
from graph.toggles import input_values
from graph.toggles.environment import ToggleEnvironment
from graph.toggles.inputs import ToggleStrategyInput, VariantInput
from store import Snapshot, model
from store.errors import InvalidError, Problems, refuse
from store.events import EventType, SubjectKind
from store.model import DEFAULT_ENVIRONMENT
from store.operations import copying, toggle_environments
from store.operations.existing import not_found
from store.operations.strings import display
from store.unit_of_work import UnitOfWork


@strawberry.input(
    description=(
        "The new state of a toggle in an environment. Give either `id`, or `name` and "
        "`environment`."
    )
)
class ToggleSetEnabledInput:
    id: strawberry.ID | None = strawberry.field(
        description=(
            "The ID of the toggle environment. Do not give it together with `name` or "
            "`environment`."
        )
    )
    name: str | None = strawberry.field(
        description="The name of the toggle. Do not give it together with `id`."
    )
    environment: str | None = strawberry.field(
        description=(
            "The name of the environment, `default` if omitted. Do not give it together with `id`."
        )
    )
    enabled: bool = strawberry.field(description="Whether the toggle is on.")
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(
    description="The configuration of a toggle in one environment; omitted fields stay unchanged."
)
class ToggleConfigureInput:
    name: str = strawberry.field(description="The name of the toggle.")
    environment: str = strawberry.field(
        default="default", description="The environment to configure."
    )
    enabled: Maybe[bool | None] = strawberry.field(description="Whether the toggle is on.")
    strategies: Maybe[list[ToggleStrategyInput] | None] = strawberry.field(
        description="The new list of strategies in evaluation order, which replaces the old one."
    )
    variants: Maybe[list[VariantInput] | None] = strawberry.field(
        description="The new list of variants, which replaces the old one."
    )
    expected_revision: int | None = expected_revision_field("toggle environment")


@strawberry.input(description="The source and the target of a copied configuration.")
class ToggleCopyConfigurationInput:
    name: str = strawberry.field(description="The name of the source toggle.")
    from_: str = strawberry.field(name="from", description="The source environment.")
    to: str = strawberry.field(description="The target environment.")
    to_toggle: str | None = strawberry.field(
        description="The target toggle; by default the source toggle."
    )
    enabled: bool = strawberry.field(
        default=False, description="Whether to also copy the state of the toggle, on or off."
    )
    expected_revision: int | None = expected_revision_field("target toggle environment")


_AFTERWARDS = "The configuration after the change, null if the change was refused."


@strawberry.type(description="The outcome of switching a toggle.")
class ToggleSetEnabledPayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of configuring a toggle in one environment.")
class ToggleConfigurePayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = typed_as(ToggleEnvironment, _AFTERWARDS)


@strawberry.type(description="The outcome of copying a configuration.")
class ToggleCopyConfigurationPayload(Payload):
    toggle_environment: model.ToggleEnvironment | None = typed_as(
        ToggleEnvironment, "The target after the change, null if the change was refused."
    )


def _switched_toggle(snapshot: Snapshot, input: ToggleSetEnabledInput) -> ChangeSubject:
    if input.id is None:
        return ChangeSubject(SubjectKind.TOGGLE, input.name or "", _environment_of(input))
    _, key = parse_id(input.id) or ("", "")
    toggle_id, environment = split_key(key, 2) or ("", "")
    found = snapshot.toggles_by_id.get(toggle_id)
    return ChangeSubject(SubjectKind.TOGGLE, found.name if found else input.id, environment or None)


def _enabled_or_disabled(input: ToggleSetEnabledInput) -> EventType:
    return EventType.TOGGLE_ENABLED if input.enabled else EventType.TOGGLE_DISABLED


@change_mutation(_enabled_or_disabled, _switched_toggle, "Switch a toggle on or off.")
async def toggle_set_enabled(
    work: UnitOfWork,
    input: Annotated[
        ToggleSetEnabledInput,
        argument(description="The toggle, the environment and the new state."),
    ],
) -> ToggleSetEnabledPayload:
    """Switch a toggle on or off in one environment."""
    name, environment = _name_and_environment(work.snapshot, input)
    toggle = await toggle_environments.set_enabled(
        work,
        name,
        environment=environment,
        enabled=input.enabled,
        expected_revision=input.expected_revision,
    )
    return ToggleSetEnabledPayload(toggle_environment=toggle.in_environment(environment))


def _name_and_environment(snapshot: Snapshot, input: ToggleSetEnabledInput) -> tuple[str, str]:
    """Return the toggle and the environment to switch.

    Raises: Refusal: the input has no ID and no names, or has an ID and names, or no toggle
        environment has the ID.
    """
    if input.id is None:
        if input.name is None:
            refuse(_not_one_way("Neither id nor name is given"))
        return input.name, _environment_of(input)
    names = {"name": input.name, "environment": input.environment}
    given_names = [
        f"{field} '{display(value)}'" for field, value in names.items() if value is not None
    ]
    if given_names:
        refuse(_not_one_way(f"The id is given together with {' and '.join(given_names)}"))
    toggle_id, environment = toggle_environment_key(input.id, path=("id",))
    toggle = snapshot.toggles_by_id.get(toggle_id)
    if toggle is None or environment not in snapshot.environments:
        refuse(not_found("toggle environment", input.id, path=("id",)))
    return toggle.name, environment


def _environment_of(input: ToggleSetEnabledInput) -> str:
    return DEFAULT_ENVIRONMENT if input.environment is None else input.environment


def _not_one_way(what: str) -> InvalidError:
    message = f"{what}; give either id, or name and environment."
    return InvalidError(message, rule="id-or-name")


def _configured_toggle(_snapshot: Snapshot, input: ToggleConfigureInput) -> ChangeSubject:
    return ChangeSubject(SubjectKind.TOGGLE, input.name, input.environment)


@change_mutation(
    EventType.TOGGLE_CONFIGURED, _configured_toggle, "Configure a toggle in one environment."
)
async def toggle_configure(
    work: UnitOfWork,
    input: Annotated[ToggleConfigureInput, argument(description="The configuration.")],
) -> ToggleConfigurePayload:
    """Set the state, strategies and variants of a toggle in one environment."""
    problems = Problems()
    enabled = given(input.enabled, path=("enabled",), problems=problems)
    strategies = given_as(
        input_values.strategy_specs, input.strategies, path=("strategies",), problems=problems
    )
    variants = given_as(
        input_values.variants, input.variants, path=("variants",), problems=problems
    )
    with along_with(problems):
        toggle = await toggle_environments.configure_toggle(
            work,
            input.name,
            environment=input.environment,
            enabled=enabled,
            strategies=strategies,
            variants=variants,
            expected_revision=input.expected_revision,
        )
    return ToggleConfigurePayload(toggle_environment=toggle.in_environment(input.environment))


def _copied_to(_snapshot: Snapshot, input: ToggleCopyConfigurationInput) -> ChangeSubject:
    return ChangeSubject(SubjectKind.TOGGLE, input.to_toggle or input.name, input.to)


@change_mutation(EventType.TOGGLE_CONFIGURED, _copied_to, "Copy a configuration.")
async def toggle_copy_configuration(
    work: UnitOfWork,
    input: Annotated[
        ToggleCopyConfigurationInput, argument(description="The source and the target.")
    ],
) -> ToggleCopyConfigurationPayload:
    """Copy the strategies and variants of a toggle to another environment or toggle."""
    toggle = await copying.copy_configuration(
        work,
        input.name,
        source=input.from_,
        target=input.to,
        to_toggle=input.to_toggle,
        enabled=input.enabled,
        expected_revision=input.expected_revision,
    )
    return ToggleCopyConfigurationPayload(toggle_environment=toggle.in_environment(input.to))
