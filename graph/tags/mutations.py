"""Mutations on tag types."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.context import Info
from graph.ids import encode_id
from graph.inputs.tag_type import TagTypeCreateInput, TagTypeDeleteInput, TagTypeUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from graph.tags.type import TagType
from store import model
from store.errors import Problems
from store.operations import tag_types
from store.operations.fields import TagTypeFields


@strawberry.type(description="The outcome of creating a tag type.")
class TagTypeCreatePayload(Payload):
    tag_type: model.TagType | None = shown_as(
        TagType, "The new tag type, null when it could not be created."
    )


@strawberry.type(description="The outcome of changing a tag type.")
class TagTypeUpdatePayload(Payload):
    tag_type: model.TagType | None = shown_as(
        TagType, "The tag type after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of deleting a tag type.")
class TagTypeDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the deleted tag type, null when it could not be deleted."
    )


@mutation
async def tag_type_create(
    info: Info,
    input: Annotated[TagTypeCreateInput, argument(description="What it looks like.")],
) -> TagTypeCreatePayload:
    """Create a tag type."""
    async with change(info) as work:
        tag_type = await tag_types.create_tag_type(
            work, name=input.name, fields=mapping.new_fields(TagTypeFields, input)
        )
    return TagTypeCreatePayload(tag_type=tag_type)


@mutation
async def tag_type_update(
    info: Info,
    input: Annotated[TagTypeUpdateInput, argument(description="What to change.")],
) -> TagTypeUpdatePayload:
    """Change a tag type."""
    problems = Problems()
    fields = mapping.changed_fields(TagTypeFields, input, problems, nullable=("icon", "color"))
    async with change(info, problems) as work:
        tag_type = await tag_types.update_tag_type(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return TagTypeUpdatePayload(tag_type=tag_type)


@mutation
async def tag_type_delete(
    info: Info,
    input: Annotated[TagTypeDeleteInput, argument(description="Which tag type.")],
) -> TagTypeDeletePayload:
    """Delete a tag type that no tag uses."""
    async with change(info) as work:
        tag_type = await tag_types.delete_tag_type(work, input.name)
    return TagTypeDeletePayload(deleted_id=encode_id("TagType", tag_type.name))
