"""Create, update and delete tag types."""

import re

from store.errors import Problems
from store.events import EventType
from store.model import TagType
from store.operations.changing import changed_fields, create_object, delete_object, update_object
from store.operations.existing import check_free, check_revision, find
from store.operations.fields import TagTypeFields, given_fields
from store.operations.limits import MAX_NAME_LENGTH
from store.operations.names import check_name
from store.operations.strings import check_description, check_line, display
from store.operations.uses import refuse_if_used, toggles_where
from store.unit_of_work import UnitOfWork

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


async def create_tag_type(
    work: UnitOfWork,
    *,
    name: str,
    fields: TagTypeFields = TagTypeFields(),
) -> TagType:
    """Create a tag type.

    Raises: Refusal.
    """
    problems = Problems()
    if check_name(name, kind="tag type", path=("name",), problems=problems):
        check_free(work.snapshot.tag_types, name, kind="tag type", problems=problems)
    _check_fields(fields, problems)
    problems.raise_any()

    tag_type = TagType(
        name=name,
        **given_fields(TagTypeFields, fields),
        created_at=work.now,
        revision=work.revision,
    )
    return create_object(
        work, tag_type, EventType.TAG_TYPE_CREATED, summary=f"Defined tag type '{name}'."
    )


async def update_tag_type(
    work: UnitOfWork,
    name: str,
    fields: TagTypeFields,
    *,
    expected_revision: int | None = None,
    record_always: bool = False,
) -> TagType:
    """Update the given fields of a tag type.

    With `record_always`, an event is recorded even if no field changes. None then differs from the
    empty string.

    Raises: Refusal.
    """
    tag_type = find(work.snapshot.tag_types, name, kind="tag type")
    problems = Problems()
    check_revision(work, tag_type, expected_revision, problems=problems)
    _check_fields(fields, problems)
    problems.raise_any()

    given = given_fields(TagTypeFields, fields)
    changed = changed_fields(tag_type, given, exact=record_always)
    return update_object(
        work,
        tag_type,
        changed,
        EventType.TAG_TYPE_UPDATED,
        summary=f"Changed tag type '{name}'.",
        record_always=record_always,
    )


async def delete_tag_type(work: UnitOfWork, name: str) -> TagType:
    """Delete a tag type and its tags.

    Raises: Refusal: the tag type does not exist, or live or archived toggles have tags of the type.
    """
    tag_type = find(work.snapshot.tag_types, name, kind="tag type")
    users = toggles_where(
        work.snapshot,
        lambda toggle: any(tag.type == name for tag in toggle.tags),
        archived=True,
    )
    refuse_if_used(f"Tag type '{name}'", {"toggle": users}, path=("name",))
    for tag in [tag for tag in work.snapshot.tags.values() if tag.type == name]:
        work.remove(tag)
    return delete_object(
        work, tag_type, EventType.TAG_TYPE_DELETED, summary=f"Deleted tag type '{name}'."
    )


def _check_fields(fields: TagTypeFields, problems: Problems) -> None:
    check_description(fields.description or "", path=("description",), problems=problems)
    check_line(
        fields.icon or "",
        what="The icon",
        path=("icon",),
        problems=problems,
        max_length=MAX_NAME_LENGTH,
    )
    color = fields.color
    if color and not _COLOR.fullmatch(color):
        problems.invalid(
            f"The colour '{display(color)}' is not a hex triplet such as #00ff7f.",
            rule="color-format",
            path=("color",),
        )
