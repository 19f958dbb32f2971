"""Mutations on context fields."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.context import Info
from graph.context_fields.type import ContextField
from graph.ids import encode_id
from graph.inputs.context_field import (
    ContextFieldCreateInput,
    ContextFieldDeleteInput,
    ContextFieldUpdateInput,
)
from graph.payload import Payload, change, mutation, shown_as
from store import model
from store.errors import Problems
from store.operations import context_fields
from store.operations.fields import ContextFieldFields

_FORMS = {"legal_values": mapping.legal_values}


@strawberry.type(description="The outcome of defining a context field.")
class ContextFieldCreatePayload(Payload):
    context_field: model.ContextField | None = shown_as(
        ContextField, "The new context field, null when it could not be defined."
    )


@strawberry.type(description="The outcome of changing a context field.")
class ContextFieldUpdatePayload(Payload):
    context_field: model.ContextField | None = shown_as(
        ContextField, "The context field after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of deleting a context field.")
class ContextFieldDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the deleted context field, null when it could not be deleted."
    )


@mutation
async def context_field_create(
    info: Info,
    input: Annotated[ContextFieldCreateInput, argument(description="What it looks like.")],
) -> ContextFieldCreatePayload:
    """Define a context field."""
    async with change(info) as work:
        field = await context_fields.create_context_field(
            work,
            name=input.name,
            fields=mapping.new_fields(ContextFieldFields, input, _FORMS),
        )
    return ContextFieldCreatePayload(context_field=field)


@mutation
async def context_field_update(
    info: Info,
    input: Annotated[ContextFieldUpdateInput, argument(description="What to change.")],
) -> ContextFieldUpdatePayload:
    """Change a context field."""
    problems = Problems()
    fields = mapping.changed_fields(ContextFieldFields, input, problems, forms=_FORMS)
    async with change(info, problems) as work:
        field = await context_fields.update_context_field(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return ContextFieldUpdatePayload(context_field=field)


@mutation
async def context_field_delete(
    info: Info,
    input: Annotated[ContextFieldDeleteInput, argument(description="Which context field.")],
) -> ContextFieldDeletePayload:
    """Delete a context field that no constraint uses."""
    async with change(info) as work:
        field = await context_fields.delete_context_field(work, input.name)
    return ContextFieldDeletePayload(deleted_id=encode_id("ContextField", field.name))
