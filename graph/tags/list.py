"""The list of tags that toggles have."""

from graph.context import Context
from graph.filtering import searching, string_set, where
from graph.indexes import tag_counts
from graph.paging import Connection, KeyString, Ordering, PageArguments, connect_list
from store.paging import Key
from store.values import Tag

_TAGS = Ordering("tags", tuple[KeyString, KeyString])


def connect_tags(
    context: Context, arguments: PageArguments, types: list[str] | None, search: str | None
) -> Connection[Tag]:
    """Return a page of the tags that toggles have, sorted by type and value.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    conditions = searching(search, _searched_fields)
    chosen = string_set(types, "types")
    if chosen is not None:
        conditions.append(lambda tag: tag.type in chosen)
    tags = sorted(tag_counts(context.snapshot))
    return connect_list(where(tags, conditions), arguments, _TAGS, _tag_key)


def _searched_fields(tag: Tag) -> tuple[str | None, ...]:
    return (tag.value,)


def _tag_key(tag: Tag) -> Key:
    return (tag.type, tag.value)
