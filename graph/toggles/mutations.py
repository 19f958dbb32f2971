"""Mutations on toggles themselves."""

from collections.abc import Sequence
from typing import Annotated, Any

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
from graph.payload import ChangeSubject, Payload, change_mutation, deleted_id_field, typed_as
from graph.toggles.input_values import strategy_specs, variants
from graph.toggles.inputs import (
    TagInput,
    ToggleDependencyInput,
    ToggleStrategyInput,
    VariantInput,
)
from graph.toggles.type import Toggle
from store import Snapshot, model
from store.errors import Problems
from store.events import EventType, SubjectKind
from store.operations import dependencies, tags, toggles
from store.operations.fields import ToggleFields
from store.unit_of_work import UnitOfWork
from store.values import Dependency, Tag


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
    expected_revision: int | None = expected_revision_field("toggle")


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
    expected_revision: int | None = expected_revision_field("toggle")


@strawberry.input(description="The toggle to archive.")
class ToggleArchiveInput:
    name: str = strawberry.field(description="The name of the toggle.")
    expected_revision: int | None = expected_revision_field("toggle")


@strawberry.input(description="The toggle to bring back from the archive.")
class ToggleReviveInput:
    name: str = strawberry.field(description="The name of the toggle.")


@strawberry.input(description="The archived toggle to delete for good.")
class ToggleDeleteInput:
    name: str = strawberry.field(description="The name of the archived toggle.")


_AFTERWARDS = "The toggle after the change, null when it could not be made."


@strawberry.type(description="The outcome of creating a toggle.")
class ToggleCreatePayload(Payload):
    toggle: model.Toggle | None = typed_as(
        Toggle, "The new toggle, null when it could not be created."
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
        Toggle, "The archived toggle, null when it could not be archived."
    )


@strawberry.type(description="The outcome of bringing a toggle back from the archive.")
class ToggleRevivePayload(Payload):
    toggle: model.Toggle | None = typed_as(
        Toggle, "The revived toggle, switched off everywhere, null when it could not be revived."
    )


@strawberry.type(description="The outcome of deleting a toggle.")
class ToggleDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("toggle")


def _named_toggle(_snapshot: Snapshot, input: Any) -> ChangeSubject:
    return ChangeSubject(SubjectKind.TOGGLE, input.name)


def _tags(inputs: Sequence[TagInput]) -> tuple[Tag, ...]:
    return tuple(Tag(tag.type, tag.value) for tag in inputs)


@change_mutation(EventType.TOGGLE_CREATED, _named_toggle)
async def toggle_create(
    work: UnitOfWork,
    input: Annotated[ToggleCreateInput, argument(description="What it looks like.")],
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


@change_mutation(EventType.TOGGLE_UPDATED, _named_toggle, "Change a toggle itself.")
async def toggle_update(
    work: UnitOfWork,
    input: Annotated[ToggleUpdateInput, argument(description="What to change.")],
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


@change_mutation(_tagged_or_untagged, _named_toggle)
async def toggle_tags(
    work: UnitOfWork,
    input: Annotated[ToggleTagsInput, argument(description="Which tags.")],
) -> ToggleTagsPayload:
    """Put tags on and take tags off a toggle."""
    toggle = await tags.change_tags(
        work, input.name, add=_tags(input.add), remove=_tags(input.remove)
    )
    return ToggleTagsPayload(toggle=toggle)


@change_mutation(EventType.TOGGLE_DEPENDENCIES_UPDATED, _named_toggle)
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


@change_mutation(EventType.TOGGLE_ARCHIVED, _named_toggle, "Archive a toggle.")
async def toggle_archive(
    work: UnitOfWork,
    input: Annotated[ToggleArchiveInput, argument(description="Which toggle.")],
) -> ToggleArchivePayload:
    """Archive a toggle, so that it is no longer served and its name stays taken."""
    toggle = await toggles.archive_toggle(
        work, input.name, expected_revision=input.expected_revision
    )
    return ToggleArchivePayload(toggle=toggle)


@change_mutation(EventType.TOGGLE_REVIVED, _named_toggle, "Bring a toggle back from the archive.")
async def toggle_revive(
    work: UnitOfWork,
    input: Annotated[ToggleReviveInput, argument(description="Which toggle.")],
) -> ToggleRevivePayload:
    """Bring a toggle back from the archive, switched off."""
    toggle = await toggles.revive_toggle(work, input.name)
    return ToggleRevivePayload(toggle=toggle)


@change_mutation(EventType.TOGGLE_DELETED, _named_toggle)
async def toggle_delete(
    work: UnitOfWork,
    input: Annotated[ToggleDeleteInput, argument(description="Which toggle.")],
) -> ToggleDeletePayload:
    """Delete an archived toggle for good."""
    toggle = await toggles.delete_toggle(work, input.name)
    return ToggleDeletePayload(deleted_id=encode_id("Toggle", toggle.id))
