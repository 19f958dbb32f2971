"""Mutations on toggles themselves."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph.context import Info
from graph.ids import encode_id
from graph.inputs import mapping
from graph.inputs.toggle import (
    ToggleArchiveInput,
    ToggleCreateInput,
    ToggleDeleteInput,
    ToggleReviveInput,
    ToggleUpdateInput,
)
from graph.mutations.payload import Payload, change, mutation, shown_as
from graph.types.toggle import Toggle
from store import model
from store.errors import Problems
from store.operations import toggles


@strawberry.type(description="The outcome of creating a toggle.")
class ToggleCreatePayload(Payload):
    toggle: model.Toggle | None = shown_as(
        Toggle, "The new toggle, null when it could not be created."
    )


@strawberry.type(description="The outcome of changing a toggle.")
class ToggleUpdatePayload(Payload):
    toggle: model.Toggle | None = shown_as(
        Toggle, "The toggle after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of archiving a toggle.")
class ToggleArchivePayload(Payload):
    toggle: model.Toggle | None = shown_as(
        Toggle, "The archived toggle, null when it could not be archived."
    )


@strawberry.type(description="The outcome of bringing a toggle back from the archive.")
class ToggleRevivePayload(Payload):
    toggle: model.Toggle | None = shown_as(
        Toggle, "The revived toggle, switched off everywhere, null when it could not be revived."
    )


@strawberry.type(description="The outcome of deleting a toggle.")
class ToggleDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the deleted toggle, null when it could not be deleted."
    )


@mutation
async def toggle_create(
    info: Info,
    input: Annotated[ToggleCreateInput, argument(description="What it looks like.")],
) -> ToggleCreatePayload:
    """Create a toggle."""
    problems = Problems()
    strategies = (
        mapping.strategy_specs(input.strategies, path=("strategies",), problems=problems)
        if input.strategies is not None
        else None
    )
    variants = mapping.variants(input.variants, path=("variants",), problems=problems)
    async with change(info, problems) as work:
        toggle = await toggles.create_toggle(
            work,
            name=input.name,
            description=input.description or None,
            type=input.type,
            project=input.project,
            impression_data=input.impression_data,
            tags=mapping.tags(input.tags),
            environment=input.environment,
            enabled=input.enabled,
            strategies=strategies,
            variants=variants,
        )
    return ToggleCreatePayload(toggle=toggle)


@mutation
async def toggle_update(
    info: Info,
    input: Annotated[ToggleUpdateInput, argument(description="What to change.")],
) -> ToggleUpdatePayload:
    """Change the description, type, project, staleness or impression data of a toggle."""
    problems = Problems()
    description = mapping.given(input.description, path=("description",), problems=problems)
    toggle_type = mapping.given(input.type, path=("type",), problems=problems)
    project = mapping.given(input.project, path=("project",), problems=problems)
    impression_data = mapping.given(
        input.impression_data, path=("impressionData",), problems=problems
    )
    stale = mapping.given(input.stale, path=("stale",), problems=problems)
    async with change(info, problems) as work:
        toggle = await toggles.update_toggle(
            work,
            input.name,
            description=description,
            type=toggle_type,
            project=project,
            impression_data=impression_data,
            stale=stale,
            expected_revision=input.expected_revision,
        )
    return ToggleUpdatePayload(toggle=toggle)


@mutation
async def toggle_archive(
    info: Info,
    input: Annotated[ToggleArchiveInput, argument(description="Which toggle.")],
) -> ToggleArchivePayload:
    """Archive a toggle, so that it is no longer served and its name stays taken."""
    async with change(info) as work:
        toggle = await toggles.archive_toggle(
            work, input.name, expected_revision=input.expected_revision
        )
    return ToggleArchivePayload(toggle=toggle)


@mutation
async def toggle_revive(
    info: Info,
    input: Annotated[ToggleReviveInput, argument(description="Which toggle.")],
) -> ToggleRevivePayload:
    """Bring a toggle back from the archive, switched off."""
    async with change(info) as work:
        toggle = await toggles.revive_toggle(work, input.name)
    return ToggleRevivePayload(toggle=toggle)


@mutation
async def toggle_delete(
    info: Info,
    input: Annotated[ToggleDeleteInput, argument(description="Which toggle.")],
) -> ToggleDeletePayload:
    """Delete an archived toggle for good."""
    async with change(info) as work:
        toggle = await toggles.delete_toggle(work, input.name)
    return ToggleDeletePayload(deleted_id=encode_id("Toggle", toggle.id))
