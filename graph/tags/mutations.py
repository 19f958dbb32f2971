"""Mutations on tag types."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.ids import encode_id
from graph.input_fields import changes_of, expected_revision_field, new_fields
from graph.payload import (
    Payload,
    change_mutation,
    deleted_id_field,
    named_subject,
    typed_as,
)
from graph.tags.type import TagType
from store import model
from store.events import EventType, SubjectKind
from store.operations import tag_types
from store.operations.fields import TagTypeFields
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The fields of a new tag type.")
class TagTypeCreateInput:
    name: str = strawberry.field(description="The unique name.")
    description: str = strawberry.field(default="", description="The meaning of tags of this type.")
    icon: str | None = strawberry.field(description="The name of an icon.")
    color: str | None = strawberry.field(description="The colour for display, as a hex triplet.")


@strawberry.input(description="Changes to a tag type; omitted fields stay unchanged.")
class TagTypeUpdateInput:
    name: str = strawberry.field(description="The name of the tag type.")
    description: Maybe[str | None] = strawberry.field(
        description="The meaning of tags of this type."
    )
    icon: Maybe[str | None] = strawberry.field(description="The name of an icon; null removes it.")
    color: Maybe[str | None] = strawberry.field(
        description="The colour for display, as a hex triplet; null removes it."
    )
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The unused tag type to delete.")
class TagTypeDeleteInput:
    name: str = strawberry.field(description="The name of the tag type.")


@strawberry.type(description="The outcome of creating a tag type.")
class TagTypeCreatePayload(Payload):
    tag_type: model.TagType | None = typed_as(
        TagType, "The new tag type, null if it could not be created."
    )


@strawberry.type(description="The outcome of changing a tag type.")
class TagTypeUpdatePayload(Payload):
    tag_type: model.TagType | None = typed_as(
        TagType, "The tag type after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of deleting a tag type.")
class TagTypeDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("tag type")


_tag_type = named_subject(SubjectKind.TAG_TYPE)


@change_mutation(EventType.TAG_TYPE_CREATED, _tag_type)
async def tag_type_create(
    work: UnitOfWork,
    input: Annotated[TagTypeCreateInput, argument(description="The fields of the new object.")],
) -> TagTypeCreatePayload:
    """Create a tag type."""
    tag_type = await tag_types.create_tag_type(
        work, name=input.name, fields=new_fields(TagTypeFields, input)
    )
    return TagTypeCreatePayload(tag_type=tag_type)


@change_mutation(EventType.TAG_TYPE_UPDATED, _tag_type)
async def tag_type_update(
    work: UnitOfWork,
    input: Annotated[TagTypeUpdateInput, argument(description="The changes.")],
) -> TagTypeUpdatePayload:
    """Change a tag type."""
    with changes_of(input, TagTypeFields, nullable=("icon", "color")) as fields:
        tag_type = await tag_types.update_tag_type(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return TagTypeUpdatePayload(tag_type=tag_type)


@change_mutation(EventType.TAG_TYPE_DELETED, _tag_type, "Delete a tag type.")
async def tag_type_delete(
    work: UnitOfWork,
    input: Annotated[TagTypeDeleteInput, argument(description="The tag type.")],
) -> TagTypeDeletePayload:
    """Delete a tag type that no tag uses."""
    tag_type = await tag_types.delete_tag_type(work, input.name)
    return TagTypeDeletePayload(deleted_id=encode_id("TagType", tag_type.name))
