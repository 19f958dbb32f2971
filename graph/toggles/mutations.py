"""Mutations on toggles as a whole, in all environments."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.ids import encode_id
from graph.input_fields import (
    along_with,
    changed_fields,
    expected_revision_field,
    given,
    new_fields,
)
from graph.payload import (
    Payload,
    change_mutation,
    deleted_id_field,
    named_subject,
    typed_as,
)
from graph.toggles.input_values import strategy_specs, variants
from graph.toggles.inputs import (
    TagInput,
    ToggleDependencyInput,
    ToggleStrategyInput,
    VariantInput,
)
from graph.toggles.type import Toggle
from store import model
from store.errors import Problems
from store.events import EventType, SubjectKind
from store.operations import dependencies, tags, toggles
from store.operations.fields import ToggleFields
from store.unit_of_work import UnitOfWork
from store.values import Dependency, Tag


@strawberry.input(description="The fields of a new toggle.")
class ToggleCreateInput:
    name: str = strawberry.field(
        description=(
            "The unique name. It may contain letters, digits, dots, dashes, underscores and tildes."
        ),
    )
    description: str = strawberry.field(default="", description="The purpose of the toggle.")
    type: str = strawberry.field(default="release", description="The name of the toggle type.")
    project: str = strawberry.field(default="default", description="The name of the project.")
    impression_data: bool = strawberry.field(
        default=False, description="Whether SDKs should emit impression events."
    )
    tags: list[TagInput] = strawberry.field(
        default_factory=list, description="The tags of the toggle."
    )
    environment: str = strawberry.field(
        default="default",
        description="The environment to which the fields enabled, strategies and variants apply.",
    )
    enabled: bool = strawberry.field(
        default=False, description="Whether the toggle is on in the environment."
    )
    strategies: list[ToggleStrategyInput] | None = strawberry.field(
        description="The strategies in the environment; by default the strategy named default."
    )
    variants: list[VariantInput] = strawberry.field(
        default_factory=list, description="The variants in the environment."
    )


@strawberry.input(
    description=(
        "Changes to a toggle in fields that apply to all environments; omitted fields stay "
        "unchanged."
    )
)
class ToggleUpdateInput:
    name: str = strawberry.field(description="The name of the toggle to change.")
    description: Maybe[str | None] = strawberry.field(description="The purpose of the toggle.")
    type: Maybe[str | None] = strawberry.field(description="The name of the toggle type.")
    project: Maybe[str | None] = strawberry.field(description="The name of the new project.")
    impression_data: Maybe[bool | None] = strawberry.field(
        description="Whether SDKs should emit impression events."
    )
    stale: Maybe[bool | None] = strawberry.field(
        description="Whether the toggle is ready for removal from the code."
    )
    expected_revision: int | None = expected_revision_field("toggle")


@strawberry.input(description="The tags to add to and remove from a toggle.")
class ToggleTagsInput:
    name: str = strawberry.field(description="The name of the toggle.")
    add: list[TagInput] = strawberry.field(default_factory=list, description="The tags to add.")
    remove: list[TagInput] = strawberry.field(
        default_factory=list, description="The tags to remove."
    )


@strawberry.input(description="The dependencies of a toggle.")
class ToggleSetDependenciesInput:
    name: str = strawberry.field(description="The name of the toggle.")
    dependencies: list[ToggleDependencyInput] = strawberry.field(
        description="The new list of dependencies, which replaces the old one."
    )
    expected_revision: int | None = expected_revision_field("toggle")


@strawberry.input(description="The toggle to archive.")
class ToggleArchiveInput:
    name: str = strawberry.field(description="The name of the toggle.")
    expected_revision: int | None = expected_revision_field("toggle")


@strawberry.input(description="The archived toggle to revive.")
class ToggleReviveInput:
    name: str = strawberry.field(description="The name of the toggle.")


@strawberry.input(description="The archived toggle to delete permanently.")
class ToggleDeleteInput:
    name: str = strawberry.field(description="The name of the archived toggle.")


_AFTERWARDS = "The toggle after the change, null if the change was refused."


@strawberry.type(description="The outcome of creating a toggle.")
class ToggleCreatePayload(Payload):
    toggle: model.Toggle | None = typed_as(
        Toggle, "The new toggle, null if it could not be created."
    )


@strawberry.type(description="The outcome of changing a toggle.")
class ToggleUpdatePayload(Payload):
    toggle: model.Toggle | None = typed_as(Toggle, _AFTERWARDS)


@strawberry.type(description="The outcome of tagging a toggle.")
class ToggleTagsPayload(Payload):
    toggle: model.Toggle | None = typed_as(Toggle, _AFTERWARDS)


@strawberry.type(description="The outcome of setting the dependencies of a toggle.")
class ToggleSetDependenciesPayload(Payload):
    toggle: model.Toggle | None = typed_as(Toggle, _AFTERWARDS)


@strawberry.type(description="The outcome of archiving a toggle.")
class ToggleArchivePayload(Payload):
    toggle: model.Toggle | None = typed_as(
        Toggle, "The archived toggle, null if it could not be archived."
    )


@strawberry.type(description="The outcome of reviving a toggle.")
class ToggleRevivePayload(Payload):
    toggle: model.Toggle | None = typed_as(
        Toggle, "The revived toggle, switched off everywhere, null if it could not be revived."
    )


@strawberry.type(description="The outcome of deleting a toggle.")
class ToggleDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("toggle")


_toggle = named_subject(SubjectKind.TOGGLE)


def _tags(inputs: Sequence[TagInput]) -> tuple[Tag, ...]:
    return tuple(Tag(tag.type, tag.value) for tag in inputs)


@change_mutation(EventType.TOGGLE_CREATED, _toggle)
async def toggle_create(
    work: UnitOfWork,
    input: Annotated[ToggleCreateInput, argument(description="The fields of the new object.")],
) -> ToggleCreatePayload:
    """Create a toggle."""
    problems = Problems()
    strategies = None
    if input.strategies is not None:
        strategies = strategy_specs(input.strategies, path=("strategies",), problems=problems)
    own_variants = variants(input.variants, path=("variants",), problems=problems)
    with along_with(problems):
        toggle = await toggles.create_toggle(
            work,
            name=input.name,
            fields=new_fields(ToggleFields, input),
            tags=_tags(input.tags),
            environment=input.environment,
            enabled=input.enabled,
            strategies=strategies,
            variants=own_variants,
        )
    return ToggleCreatePayload(toggle=toggle)


@change_mutation(
    EventType.TOGGLE_UPDATED,
    _toggle,
    "Change a toggle in fields that apply to all environments.",
)
async def toggle_update(
    work: UnitOfWork,
    input: Annotated[ToggleUpdateInput, argument(description="The changes.")],
) -> ToggleUpdatePayload:
    """Change the description, type, project, staleness or impression data of a toggle."""
    problems = Problems()
    fields = changed_fields(ToggleFields, input, problems)
    stale = given(input.stale, path=("stale",), problems=problems)
    with along_with(problems):
        toggle = await toggles.update_toggle(
            work, input.name, fields, stale=stale, expected_revision=input.expected_revision
        )
    return ToggleUpdatePayload(toggle=toggle)


def _tagged_or_untagged(input: ToggleTagsInput) -> EventType:
    only_removes = input.remove and not input.add
    return EventType.TOGGLE_UNTAGGED if only_removes else EventType.TOGGLE_TAGGED


@change_mutation(_tagged_or_untagged, _toggle)
async def toggle_tags(
    work: UnitOfWork,
    input: Annotated[ToggleTagsInput, argument(description="The tags.")],
) -> ToggleTagsPayload:
    """Add tags to a toggle, and remove other tags."""
    toggle = await tags.change_tags(
        work, input.name, add=_tags(input.add), remove=_tags(input.remove)
    )
    return ToggleTagsPayload(toggle=toggle)


@change_mutation(EventType.TOGGLE_DEPENDENCIES_UPDATED, _toggle)
async def toggle_set_dependencies(
    work: UnitOfWork,
    input: Annotated[ToggleSetDependenciesInput, argument(description="The dependencies.")],
) -> ToggleSetDependenciesPayload:
    """Set the dependencies of a toggle."""
    toggle = await dependencies.set_dependencies(
        work,
        input.name,
        tuple(
            Dependency(entry.toggle, entry.enabled, tuple(entry.variants))
            for entry in input.dependencies
        ),
        expected_revision=input.expected_revision,
    )
    return ToggleSetDependenciesPayload(toggle=toggle)


@change_mutation(EventType.TOGGLE_ARCHIVED, _toggle, "Archive a toggle.")
async def toggle_archive(
    work: UnitOfWork,
    input: Annotated[ToggleArchiveInput, argument(description="The toggle.")],
) -> ToggleArchivePayload:
    """Archive a toggle. It is no longer served, but its name stays reserved."""
    toggle = await toggles.archive_toggle(
        work, input.name, expected_revision=input.expected_revision
    )
    return ToggleArchivePayload(toggle=toggle)


@change_mutation(EventType.TOGGLE_REVIVED, _toggle, "Revive an archived toggle.")
async def toggle_revive(
    work: UnitOfWork,
    input: Annotated[ToggleReviveInput, argument(description="The toggle.")],
) -> ToggleRevivePayload:
    """Revive an archived toggle. It is off in every environment."""
    toggle = await toggles.revive_toggle(work, input.name)
    return ToggleRevivePayload(toggle=toggle)


@change_mutation(EventType.TOGGLE_DELETED, _toggle)
async def toggle_delete(
    work: UnitOfWork,
    input: Annotated[ToggleDeleteInput, argument(description="The toggle.")],
) -> ToggleDeletePayload:
    """Delete an archived toggle permanently."""
    toggle = await toggles.delete_toggle(work, input.name)
    return ToggleDeletePayload(deleted_id=encode_id("Toggle", toggle.id))
