"""Create and delete tags, add them to toggles and remove them."""

from collections.abc import Collection, Sequence

from msgspec import structs

from store.errors import AlreadyExistsError, LimitExceededError, Problems, refuse
from store.events import EventType
from store.model import Toggle
from store.operations.existing import find_live_toggle, not_found
from store.operations.limits import MAX_ITEMS, check_count
from store.operations.strings import display
from store.operations.toggle_fields import check_tag, check_tags, put_new_tags
from store.operations.uses import toggles_where
from store.unit_of_work import UnitOfWork
from store.values import Tag

MAX_NAMED = 3


async def create_tag(work: UnitOfWork, tag: Tag) -> Tag:
    """Create a tag without adding it to a toggle.

    Calling this function first is optional, because adding a tag to a toggle also creates the tag.

    Raises: Refusal.
    """
    problems = Problems()
    check_tag(work, tag, problems, path=())
    existing = work.snapshot.tags.get((tag.type, tag.value))
    if existing is not None:
        message = f"The tag {_quote(tag)} already exists."
        problems.add(AlreadyExistsError(message, existing=existing, path=("value",)))
    problems.raise_any()

    work.put(tag)
    work.record(
        EventType.TAG_CREATED, subject=tag, after=tag, summary=f"Created tag {_quote(tag)}."
    )
    return tag


async def delete_tag(work: UnitOfWork, tag: Tag) -> Tag:
    """Delete a tag, and remove it from all live and archived toggles.

    Raises: Refusal: the tag does not exist.
    """
    if (tag.type, tag.value) not in work.snapshot.tags:
        refuse(not_found("tag", f"{tag.type}:{tag.value}", path=()))
    for toggle in toggles_where(work.snapshot, lambda other: tag in other.tags, archived=True):
        put_tags(work, toggle, {*toggle.tags} - {tag})
    work.remove(tag)
    work.record(
        EventType.TAG_DELETED, subject=tag, before=tag, summary=f"Deleted tag {_quote(tag)}."
    )
    return tag


async def change_tags(
    work: UnitOfWork, name: str, *, add: Sequence[Tag] = (), remove: Sequence[Tag] = ()
) -> Toggle:
    """Add tags to a toggle, and remove tags; ignore added tags that the toggle already has.

    Raises: Refusal.
    """
    toggle = find_live_toggle(work, name)
    problems = Problems()
    check_tags(work, add, problems, path=("add",))
    check_count(remove, what="tags", path=("remove",), problems=problems)
    for index, tag in enumerate(remove):
        path = ("remove", str(index))
        if tag in add:
            problems.invalid(
                f"The tag {_quote(tag)} cannot be both added and removed.",
                rule="tags-contradictory",
                path=path,
            )
        elif tag not in toggle.tags:
            problems.add(not_found("tag", f"{tag.type}:{tag.value}", path=path))
    tags = {*toggle.tags, *add} - {*remove}
    if len(tags) > MAX_ITEMS:
        problems.add(
            LimitExceededError(
                f"The toggle would have {len(tags):,} tags; at most {MAX_ITEMS} are allowed.",
                path=("add",),
            )
        )
    problems.raise_any()

    return put_tags(work, toggle, tags)


def put_tags(work: UnitOfWork, toggle: Toggle, tags: Collection[Tag]) -> Toggle:
    """Replace all tags of a live or archived toggle."""
    added, removed = {*tags} - {*toggle.tags}, {*toggle.tags} - {*tags}
    if not added and not removed:
        return toggle
    after = structs.replace(
        toggle, tags=tuple(sorted(tags)), revision=work.revision, updated_at=work.now
    )
    put_new_tags(work, after)
    work.put(after)
    work.record(
        EventType.TOGGLE_TAGGED if added else EventType.TOGGLE_UNTAGGED,
        subject=after,
        before=toggle,
        after=after,
        summary=_summary(toggle.name, added, removed),
    )
    return after


def _summary(name: str, added: Collection[Tag], removed: Collection[Tag]) -> str:
    if not removed:
        return f"Put {_format_list(added)} on toggle '{name}'."
    if not added:
        return f"Took {_format_list(removed)} off toggle '{name}'."
    return (
        f"Changed the tags of toggle '{name}': {_format_list(added)} on, "
        f"{_format_list(removed)} off."
    )


def _format_list(tags: Collection[Tag]) -> str:
    if len(tags) > MAX_NAMED:
        return f"{len(tags):,} tags"
    *first, last = map(_quote, sorted(tags))
    words = f"{', '.join(first)} and {last}" if first else last
    return f"the tag{'s' if first else ''} {words}"


def _quote(tag: Tag) -> str:
    return f"'{display(tag.type)}:{display(tag.value)}'"
