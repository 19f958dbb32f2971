"""Tags and their types."""

import strawberry

from graph.context import Context
from graph.engine.run.fields import REVISION, contextual, derived, or_empty, plain
from graph.indexes import tag_counts
from graph.node import Node, id_field, shows
from graph.paging import ConnectionOf, EdgeOf
from store import model, values


def _type(root: values.Tag, context: Context) -> model.TagType | None:
    return context.snapshot.tag_types.get(root.type)


def _toggle_count(root: values.Tag, context: Context) -> int:
    return tag_counts(context.snapshot).get(root, 0)


@strawberry.type(description="A kind of tag.")
@shows(model.TagType, cached_by=("name",))
class TagType(Node):
    id: strawberry.ID = id_field("TagType", "name", "The globally unique ID of this tag type.")
    name: str = plain("The unique and immutable name, such as simple.")
    description: str = derived(or_empty("description"), "The meaning of tags of this type.")
    icon: str | None = plain("The name of an icon, null if not given.")
    color: str | None = plain("The colour for display, as a hex triplet, null if not given.")
    revision: int = plain(REVISION)


@strawberry.type(description="A typed label on a toggle.")
@shows(values.Tag)
class Tag:
    type: TagType = contextual(_type, "The type of the tag.", reads=("tag_types",))
    value: str = plain("The value of the tag.")
    toggle_count: int = contextual(
        _toggle_count, "The number of active toggles that have the tag.", reads=("toggles",)
    )


@strawberry.type(description="An edge with one tag and its cursor.")
class TagEdge(EdgeOf):
    node: Tag = plain("The tag at the end of the edge.")


@strawberry.type(description="A page of the list of tags.")
class TagConnection(ConnectionOf[TagEdge, Tag]):
    pass
