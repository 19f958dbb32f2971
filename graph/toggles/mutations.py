"""Mutations on toggles themselves."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph.changes import toggle as changes
from graph.context import Info
from graph.ids import encode_id
from graph.payload import Payload, change, mutation, shown_as
from graph.toggles.inputs import (
    ToggleArchiveInput,
    ToggleCreateInput,
    ToggleDeleteInput,
    ToggleReviveInput,
    ToggleSetDependenciesInput,
    ToggleTagsInput,
    ToggleUpdateInput,
)
from graph.toggles.type import Toggle
from store import model

_AFTERWARDS = "The toggle after the change, null when it could not be made."


@strawberry.type(description="The outcome of creating a toggle.")
class ToggleCreatePayload(Payload):
    toggle: model.Toggle | None = shown_as(
        Toggle, "The new toggle, null when it could not be created."
    )


@strawberry.type(description="The outcome of changing a toggle.")
class ToggleUpdatePayload(Payload):
    toggle: model.Toggle | None = shown_as(Toggle, _AFTERWARDS)


@strawberry.type(description="The outcome of tagging a toggle.")
class ToggleTagsPayload(Payload):
    toggle: model.Toggle | None = shown_as(Toggle, _AFTERWARDS)


@strawberry.type(description="The outcome of setting the dependencies of a toggle.")
class ToggleSetDependenciesPayload(Payload):
    toggle: model.Toggle | None = shown_as(Toggle, _AFTERWARDS)


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
    async with change(info) as work:
        toggle = await changes.create_toggle(work, input)
    return ToggleCreatePayload(toggle=toggle)


@mutation
async def toggle_update(
    info: Info,
    input: Annotated[ToggleUpdateInput, argument(description="What to change.")],
) -> ToggleUpdatePayload:
    """Change the description, type, project, staleness or impression data of a toggle."""
    async with change(info) as work:
        toggle = await changes.update_toggle(work, input)
    return ToggleUpdatePayload(toggle=toggle)


@mutation
async def toggle_tags(
    info: Info,
    input: Annotated[ToggleTagsInput, argument(description="Which tags.")],
) -> ToggleTagsPayload:
    """Put tags on and take tags off a toggle."""
    async with change(info) as work:
        toggle = await changes.change_tags(work, input)
    return ToggleTagsPayload(toggle=toggle)


@mutation
async def toggle_set_dependencies(
    info: Info,
    input: Annotated[ToggleSetDependenciesInput, argument(description="The dependencies.")],
) -> ToggleSetDependenciesPayload:
    """Set the dependencies of a toggle."""
    async with change(info) as work:
        toggle = await changes.set_dependencies(work, input)
    return ToggleSetDependenciesPayload(toggle=toggle)


@mutation
async def toggle_archive(
    info: Info,
    input: Annotated[ToggleArchiveInput, argument(description="Which toggle.")],
) -> ToggleArchivePayload:
    """Archive a toggle, so that it is no longer served and its name stays taken."""
    async with change(info) as work:
        toggle = await changes.archive_toggle(work, input)
    return ToggleArchivePayload(toggle=toggle)


@mutation
async def toggle_revive(
    info: Info,
    input: Annotated[ToggleReviveInput, argument(description="Which toggle.")],
) -> ToggleRevivePayload:
    """Bring a toggle back from the archive, switched off."""
    async with change(info) as work:
        toggle = await changes.revive_toggle(work, input)
    return ToggleRevivePayload(toggle=toggle)


@mutation
async def toggle_delete(
    info: Info,
    input: Annotated[ToggleDeleteInput, argument(description="Which toggle.")],
) -> ToggleDeletePayload:
    """Delete an archived toggle for good."""
    async with change(info) as work:
        toggle = await changes.delete_toggle(work, input)
    return ToggleDeletePayload(deleted_id=encode_id("Toggle", toggle.id))
