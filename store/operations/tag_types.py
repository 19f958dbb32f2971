"""Changes of tag types."""

import re

from msgspec import UNSET, UnsetType, structs

from store.errors import Problems
from store.events import EventType
from store.model import TagType
from store.operations.changing import changed_fields
from store.operations.existing import check_free, check_revision, find
from store.operations.limits import LONGEST_DESCRIPTION, LONGEST_NAME
from store.operations.names import check_name
from store.operations.text import check_line, check_text, shown
from store.operations.uses import refuse_if_used, toggles_where
from store.unit_of_work import UnitOfWork

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


async def create_tag_type(
    work: UnitOfWork,
    *,
    name: str,
    description: str | None = None,
    icon: str | None = None,
    color: str | None = None,
) -> TagType:
    """A new tag type; `color` is a hex triplet such as #00ff7f.

    Raises: Refusal.
    """
    problems = Problems()
    if check_name(name, kind="tag type", path=("name",), problems=problems):
        check_free(work.snapshot.tag_types, name, kind="tag type", problems=problems)
    _check_fields(description, icon, color, problems)
    problems.raise_any()

    tag_type = TagType(
        name=name,
        description=description,
        icon=icon,
        color=color,
        created_at=work.now,
        revision=work.revision,
    )
    work.put(tag_type)
    work.record(
        EventType.TAG_TYPE_CREATED,
        subject=tag_type,
        after=tag_type,
        summary=f"Defined tag type '{name}'.",
    )
    return tag_type


async def update_tag_type(
    work: UnitOfWork,
    name: str,
    *,
    description: str | None | UnsetType = UNSET,
    icon: str | None | UnsetType = UNSET,
    color: str | None | UnsetType = UNSET,
    expected_revision: int | None = None,
) -> TagType:
    """The tag type with other values in the fields that are given.

    Raises: Refusal.
    """
    tag_type = find(work.snapshot.tag_types, name, kind="tag type")
    problems = Problems()
    check_revision(work, tag_type, expected_revision, problems=problems)
    _check_fields(description, icon, color, problems)
    problems.raise_any()

    changed = changed_fields(tag_type, {"description": description, "icon": icon, "color": color})
    if not changed:
        return tag_type
    after = structs.replace(tag_type, **changed, revision=work.revision)
    work.put(after)
    work.record(
        EventType.TAG_TYPE_UPDATED,
        subject=after,
        before=tag_type,
        after=after,
        summary=f"Changed tag type '{name}'.",
    )
    return after


async def delete_tag_type(work: UnitOfWork, name: str) -> TagType:
    """The tag type, which no toggle may carry, archived or not; its tags that stand free go too.

    Raises: Refusal.
    """
    tag_type = find(work.snapshot.tag_types, name, kind="tag type")
    users = toggles_where(
        work.snapshot,
        lambda toggle: any(tag.type == name for tag in toggle.tags),
        archived=True,
    )
    refuse_if_used(f"Tag type '{name}'", {"toggle": users}, path=("name",))
    for tag in [it for it in work.snapshot.tags.values() if it.type == name]:
        work.remove(tag)
    work.remove(tag_type)
    work.record(
        EventType.TAG_TYPE_DELETED,
        subject=tag_type,
        before=tag_type,
        summary=f"Deleted tag type '{name}'.",
    )
    return tag_type


def _check_fields(
    description: str | None | UnsetType,
    icon: str | None | UnsetType,
    color: str | None | UnsetType,
    problems: Problems,
) -> None:
    check_text(
        description or "",
        what="The description",
        path=("description",),
        problems=problems,
        longest=LONGEST_DESCRIPTION,
    )
    check_line(icon or "", what="The icon", path=("icon",), problems=problems, longest=LONGEST_NAME)
    if color and not _COLOR.fullmatch(color):
        problems.invalid(
            f"The colour '{shown(color)}' is not written like #00ff7f.",
            rule="color-format",
            path=("color",),
        )
