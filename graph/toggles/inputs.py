"""Inputs of the mutations on toggles and on how they are configured."""

import strawberry
from strawberry import Maybe

from graph.toggles.configuration_inputs import (
    ConstraintInput,
    ParameterValueInput,
    TagInput,
    ToggleDependencyInput,
    ToggleStrategyInput,
    VariantInput,
)


@strawberry.input(description="What a new toggle looks like.")
class ToggleCreateInput:
    name: str = strawberry.field(
        description=(
            "The unique name, of letters, digits and the characters dot, dash, underscore and "
            "tilde."
        ),
    )
    description: str = strawberry.field(default="", description="What the toggle is for.")
    type: str = strawberry.field(default="release", description="The name of the toggle type.")
    project: str = strawberry.field(
        default="default", description="The project that will hold the toggle."
    )
    impression_data: bool = strawberry.field(
        default=False, description="Whether SDKs should emit impression events."
    )
    tags: list[TagInput] = strawberry.field(
        default_factory=list, description="The tags to put on it."
    )
    environment: str = strawberry.field(
        default="default", description="The environment that the three fields below configure."
    )
    enabled: bool = strawberry.field(default=False, description="Whether to switch it on there.")
    strategies: list[ToggleStrategyInput] | None = strawberry.field(
        description="The strategies there; the strategy called default when left out."
    )
    variants: list[VariantInput] = strawberry.field(
        default_factory=list, description="The variants there."
    )


@strawberry.input(
    description="What to change about a toggle itself; fields left out stay as they are."
)
class ToggleUpdateInput:
    name: str = strawberry.field(description="The name of the toggle to change.")
    description: Maybe[str | None] = strawberry.field(description="What the toggle is for.")
    type: Maybe[str | None] = strawberry.field(description="The name of the toggle type.")
    project: Maybe[str | None] = strawberry.field(description="The project to move it to.")
    impression_data: Maybe[bool | None] = strawberry.field(
        description="Whether SDKs should emit impression events."
    )
    stale: Maybe[bool | None] = strawberry.field(
        description="Whether it is ready for removal from the code."
    )
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle the caller knows; left out, the change is made regardless."
        ),
    )


@strawberry.input(description="Whether a toggle is to be on in an environment.")
class ToggleSetEnabledInput:
    name: str = strawberry.field(description="The name of the toggle.")
    environment: str = strawberry.field(
        default="default", description="The environment to switch it in."
    )
    enabled: bool = strawberry.field(description="Whether it is to be on.")
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle environment the caller knows; left out, the change is "
            "made regardless."
        ),
    )


@strawberry.input(
    description=(
        "The whole configuration of a toggle in one environment; fields left out stay as they are."
    )
)
class ToggleConfigureInput:
    name: str = strawberry.field(description="The name of the toggle.")
    environment: str = strawberry.field(
        default="default", description="The environment to configure."
    )
    enabled: Maybe[bool | None] = strawberry.field(description="Whether it is to be on.")
    strategies: Maybe[list[ToggleStrategyInput] | None] = strawberry.field(
        description="All of its strategies in evaluation order."
    )
    variants: Maybe[list[VariantInput] | None] = strawberry.field(
        description="All of its variants."
    )
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle environment the caller knows; left out, the change is "
            "made regardless."
        ),
    )


@strawberry.input(description="Which configuration of a toggle to copy where.")
class ToggleCopyConfigurationInput:
    name: str = strawberry.field(description="The name of the toggle to copy from.")
    from_: str = strawberry.field(name="from", description="The environment to copy from.")
    to: str = strawberry.field(description="The environment to copy to.")
    to_toggle: str | None = strawberry.field(
        description="The toggle to copy to, the same one when left out."
    )
    enabled: bool = strawberry.field(
        default=False, description="Whether to copy the on or off state too."
    )
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the target toggle environment the caller knows; left out, the change "
            "is made regardless."
        ),
    )


@strawberry.input(description="A strategy to add to a toggle.")
class ToggleStrategyAddInput:
    toggle: str = strawberry.field(description="The name of the toggle.")
    environment: str = strawberry.field(
        default="default", description="The environment to add it in."
    )
    strategy: ToggleStrategyInput = strawberry.field(description="The strategy to add.")
    position: int | None = strawberry.field(
        description="The place to put it, at the end when left out."
    )
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle environment the caller knows; left out, the change is "
            "made regardless."
        ),
    )


@strawberry.input(
    description="What to change about a strategy on a toggle; fields left out stay as they are."
)
class ToggleStrategyUpdateInput:
    id: strawberry.ID = strawberry.field(description="The strategy to change.")
    title: Maybe[str | None] = strawberry.field(
        description="A label that tells it from its siblings."
    )
    disabled: Maybe[bool | None] = strawberry.field(description="Whether to keep it but skip it.")
    parameters: Maybe[list[ParameterValueInput] | None] = strawberry.field(
        description="All of its parameter values."
    )
    constraints: Maybe[list[ConstraintInput] | None] = strawberry.field(
        description="All of its constraints."
    )
    segments: Maybe[list[strawberry.ID] | None] = strawberry.field(
        description="All of its segments."
    )
    variants: Maybe[list[VariantInput] | None] = strawberry.field(
        description="All of its own variants."
    )
    position: int | None = strawberry.field(description="The place to move it to.")
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle environment the caller knows; left out, the change is "
            "made regardless."
        ),
    )


@strawberry.input(description="The strategy to remove from a toggle.")
class ToggleStrategyRemoveInput:
    id: strawberry.ID = strawberry.field(description="The strategy to remove.")
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle environment the caller knows; left out, the change is "
            "made regardless."
        ),
    )


@strawberry.input(description="Which tags to put on and take off a toggle.")
class ToggleTagsInput:
    name: str = strawberry.field(description="The name of the toggle.")
    add: list[TagInput] = strawberry.field(default_factory=list, description="The tags to put on.")
    remove: list[TagInput] = strawberry.field(
        default_factory=list, description="The tags to take off."
    )


@strawberry.input(description="What a toggle is to depend on.")
class ToggleSetDependenciesInput:
    name: str = strawberry.field(description="The name of the toggle.")
    dependencies: list[ToggleDependencyInput] = strawberry.field(
        description="All of its dependencies."
    )
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle the caller knows; left out, the change is made regardless."
        ),
    )


@strawberry.input(description="The toggle to archive.")
class ToggleArchiveInput:
    name: str = strawberry.field(description="The name of the toggle.")
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision of the toggle the caller knows; left out, the change is made regardless."
        ),
    )


@strawberry.input(description="The toggle to bring back from the archive.")
class ToggleReviveInput:
    name: str = strawberry.field(description="The name of the toggle.")


@strawberry.input(description="The archived toggle to delete for good.")
class ToggleDeleteInput:
    name: str = strawberry.field(description="The name of the archived toggle.")
