"""Mutations on tag types."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.ids import encode_id
from graph.input_fields import changes_of, expected_revision_field, new_fields
from graph.payload import Payload, deleted_id_field, mutation, typed_as
from graph.tags.type import TagType
from store import model
from store.operations import tag_types
from store.operations.fields import TagTypeFields
from store.unit_of_work import UnitOfWork


@strawberry.input(description="What a new tag type looks like.")
class TagTypeCreateInput:
    name: str = strawberry.field(description="The unique name.")
    description: str = strawberry.field(default="", description="What tags of this type mean.")
    icon: str | None = strawberry.field(description="The name of an icon to show.")
    color: str | None = strawberry.field(description="The colour to show as a hex triplet.")


@strawberry.input(description="What to change about a tag type; fields left out stay as they are.")
class TagTypeUpdateInput:
    name: str = strawberry.field(description="The name of the tag type.")
    description: Maybe[str | None] = strawberry.field(description="What tags of this type mean.")
    icon: Maybe[str | None] = strawberry.field(
        description="The name of an icon to show; null removes it."
    )
    color: Maybe[str | None] = strawberry.field(
        description="The colour to show as a hex triplet; null removes it."
    )
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The unused tag type to delete.")
class TagTypeDeleteInput:
    name: str = strawberry.field(description="The name of the tag type.")


@strawberry.type(description="The outcome of creating a tag type.")
class TagTypeCreatePayload(Payload):
    tag_type: model.TagType | None = typed_as(
        TagType, "The new tag type, null when it could not be created."
    )


@strawberry.type(description="The outcome of changing a tag type.")
class TagTypeUpdatePayload(Payload):
    tag_type: model.TagType | None = typed_as(
        TagType, "The tag type after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of deleting a tag type.")
class TagTypeDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("tag type")


@mutation
async def tag_type_create(
    work: UnitOfWork,
    input: Annotated[TagTypeCreateInput, argument(description="What it looks like.")],
) -> TagTypeCreatePayload:
    """Create a tag type."""
    tag_type = await tag_types.create_tag_type(
        work, name=input.name, fields=new_fields(TagTypeFields, input)
    )
    return TagTypeCreatePayload(tag_type=tag_type)


@mutation
async def tag_type_update(
    work: UnitOfWork,
    input: Annotated[TagTypeUpdateInput, argument(description="What to change.")],
) -> TagTypeUpdatePayload:
    """Change a tag type."""
    with changes_of(input, TagTypeFields, nullable=("icon", "color")) as fields:
        tag_type = await tag_types.update_tag_type(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return TagTypeUpdatePayload(tag_type=tag_type)


@mutation
async def tag_type_delete(
    work: UnitOfWork,
    input: Annotated[TagTypeDeleteInput, argument(description="Which tag type.")],
) -> TagTypeDeletePayload:
    """Delete a tag type that no tag uses."""
    tag_type = await tag_types.delete_tag_type(work, input.name)
    return TagTypeDeletePayload(deleted_id=encode_id("TagType", tag_type.name))
