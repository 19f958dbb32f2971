"""Mutations on context fields."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.context_fields.type import ContextField
from graph.ids import encode_id
from graph.input_fields import changes_of, expected_revision_field, new_fields
from graph.payload import (
    Payload,
    change_mutation,
    deleted_id_field,
    named_subject,
    typed_as,
)
from store import model
from store.events import EventType, SubjectKind
from store.operations import context_fields
from store.operations.fields import ContextFieldFields
from store.unit_of_work import UnitOfWork
from store.values import LegalValue


@strawberry.input(description="A value that a context field can take.")
class LegalValueInput:
    value: str = strawberry.field(description="The value.")
    description: str = strawberry.field(default="", description="The meaning of the value.")


@strawberry.input(description="The fields of a new context field.")
class ContextFieldCreateInput:
    name: str = strawberry.field(description="The unique name.")
    description: str = strawberry.field(
        default="", description="A description of the field's values."
    )
    legal_values: list[LegalValueInput] = strawberry.field(
        default_factory=list, description="The values that the field can take; empty means any."
    )
    stickiness: bool = strawberry.field(
        default=False,
        description="Whether rollouts and variants can use the field as their stickiness.",
    )


@strawberry.input(description="Changes to a context field; omitted fields stay unchanged.")
class ContextFieldUpdateInput:
    name: str = strawberry.field(description="The name of the context field.")
    description: Maybe[str | None] = strawberry.field(
        description="A description of the field's values."
    )
    legal_values: Maybe[list[LegalValueInput] | None] = strawberry.field(
        description="The new list of legal values, which replaces the old one."
    )
    stickiness: Maybe[bool | None] = strawberry.field(
        description="Whether rollouts and variants can use the field as their stickiness."
    )
    sort_order: Maybe[int | None] = strawberry.field(description="The position in lists.")
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The unused context field to delete.")
class ContextFieldDeleteInput:
    name: str = strawberry.field(description="The name of the context field.")


def _legal_values(inputs: Sequence[LegalValueInput]) -> tuple[LegalValue, ...]:
    return tuple(LegalValue(entry.value, entry.description) for entry in inputs)


_FORMS = {"legal_values": _legal_values}


@strawberry.type(description="The outcome of defining a context field.")
class ContextFieldCreatePayload(Payload):
    context_field: model.ContextField | None = typed_as(
        ContextField, "The new context field, null if it could not be defined."
    )


@strawberry.type(description="The outcome of changing a context field.")
class ContextFieldUpdatePayload(Payload):
    context_field: model.ContextField | None = typed_as(
        ContextField, "The context field after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of deleting a context field.")
class ContextFieldDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("context field")


_context_field = named_subject(SubjectKind.CONTEXT_FIELD)


@change_mutation(EventType.CONTEXT_FIELD_CREATED, _context_field)
async def context_field_create(
    work: UnitOfWork,
    input: Annotated[
        ContextFieldCreateInput, argument(description="The fields of the new object.")
    ],
) -> ContextFieldCreatePayload:
    """Define a context field."""
    field = await context_fields.create_context_field(
        work,
        name=input.name,
        fields=new_fields(ContextFieldFields, input, _FORMS),
    )
    return ContextFieldCreatePayload(context_field=field)


@change_mutation(EventType.CONTEXT_FIELD_UPDATED, _context_field)
async def context_field_update(
    work: UnitOfWork,
    input: Annotated[ContextFieldUpdateInput, argument(description="The changes.")],
) -> ContextFieldUpdatePayload:
    """Change a context field."""
    with changes_of(input, ContextFieldFields, forms=_FORMS) as fields:
        field = await context_fields.update_context_field(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return ContextFieldUpdatePayload(context_field=field)


@change_mutation(EventType.CONTEXT_FIELD_DELETED, _context_field, "Delete a context field.")
async def context_field_delete(
    work: UnitOfWork,
    input: Annotated[ContextFieldDeleteInput, argument(description="The context field.")],
) -> ContextFieldDeletePayload:
    """Delete a context field that no constraint uses."""
    field = await context_fields.delete_context_field(work, input.name)
    return ContextFieldDeletePayload(deleted_id=encode_id("ContextField", field.name))
