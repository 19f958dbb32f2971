"""Import the tag types, the tags, and the assignments of tags to toggles in a state document."""

import asyncio
from collections.abc import Collection

from msgspec import UNSET

from store.errors import LimitExceededError, Problems, Refusal, refuse
from store.events import EventType
from store.model import Toggle
from store.operations.changing import delete_object
from store.operations.fields import TagTypeFields
from store.operations.limits import MAX_ITEMS
from store.operations.strings import display
from store.operations.tag_types import create_tag_type
from store.operations.tags import create_tag, put_tags
from store.operations.toggle_fields import check_tag
from store.operations.uses import toggles_where
from store.transfer.unleash.context import UnleashImport, items_of
from store.transfer.unleash.document import FeatureTagEntry
from store.transfer.unleash.exporting import tag_form, tag_type_form
from store.values import Tag

# The import yields to the event loop after this many items.
_ITEMS_AT_A_TIME = 100


async def import_tag_data(context: UnleashImport) -> None:
    """Create missing tag types and tags, and add tags to toggles.

    As in 3.x, the function imports tag data only if the document has both tag types and tags.
    """
    if not _has_tag_data(context):
        for section in ("tagTypes", "tags", "featureTags"):
            if context.document.items.get(section):
                context.leave_out(
                    f"The section {section} is left out: tags are imported only from "
                    "documents with both tagTypes and tags.",
                    section,
                )
        return
    if context.drop:
        for part in ("feature-tags", "tags", "tag-types"):
            context.begin_drop(part)
        _drop_tag_data(context)
    await import_tags(context)
    await _put_on_toggles(context, None)


async def import_tags(context: UnleashImport) -> None:
    """Create missing tag types and tags."""
    if _has_tag_data(context):
        await _import_tag_types(context)
        await _import_tags(context)


async def repeat_tags(context: UnleashImport, names: Collection[str]) -> None:
    """Add the document's tags again to toggles that other writers have changed meanwhile."""
    work = context.work
    if not _has_tag_data(context):
        return
    if context.drop:
        for toggle in filter(None, map(work.snapshot.toggles.get, sorted(names))):
            if toggle.tags:
                put_tags(work, toggle, ())
                context.show_as_part()
    await _put_on_toggles(context, names)


def _has_tag_data(context: UnleashImport) -> bool:
    return context.state.tag_types is not UNSET and context.state.tags is not UNSET


def _drop_tag_data(context: UnleashImport) -> None:
    work = context.work
    for toggle in toggles_where(work.snapshot, lambda toggle: bool(toggle.tags), archived=True):
        put_tags(work, toggle, ())
        context.show_as_part()
    for _, tag in sorted(work.snapshot.tags.items()):
        work.remove(tag)
        summary = f"Deleted tag '{display(tag.type)}:{display(tag.value)}'."
        work.record(EventType.TAG_DELETED, subject=tag, before=tag, summary=summary)
        context.show_as_part()
    for name, tag_type in sorted(work.snapshot.tag_types.items()):
        summary = f"Deleted tag type '{name}'."
        delete_object(work, tag_type, EventType.TAG_TYPE_DELETED, summary=summary)
        context.show_as_part()


async def _import_tag_types(context: UnleashImport) -> None:
    work = context.work
    for at, entry in enumerate(items_of(context.state.tag_types)):
        if context.has_too_many_errors:
            return
        if entry.name in work.snapshot.tag_types:
            continue
        try:
            fields = TagTypeFields(
                description=entry.description, icon=entry.icon, color=entry.color
            )
            tag_type = await create_tag_type(work, name=entry.name, fields=fields)
        except Refusal as refusal:
            context.note(refusal, "tagTypes", str(at))
        else:
            work.show_as("tag-type-import", tag_type_form(tag_type))


async def _import_tags(context: UnleashImport) -> None:
    work, refused = context.work, _refused_types(context)
    for at, tag in enumerate(items_of(context.state.tags)):
        if context.has_too_many_errors:
            return
        if at % _ITEMS_AT_A_TIME == 0:
            await asyncio.sleep(0)
        if (tag.type, tag.value) in work.snapshot.tags or tag.type in refused:
            continue
        if tag.type not in work.snapshot.tag_types:
            context.leave_out(_missing_type_message(tag), "tags", str(at))
            continue
        try:
            await create_tag(work, tag)
        except Refusal as refusal:
            context.note(refusal, "tags", str(at))
        else:
            work.show_as("tag-import", tag_form(tag))


async def _put_on_toggles(context: UnleashImport, only: Collection[str] | None) -> None:
    work, refused = context.work, _refused_types(context)
    for at, entry in enumerate(items_of(context.state.feature_tags)):
        if context.has_too_many_errors:
            return
        if at % _ITEMS_AT_A_TIME == 0:
            await asyncio.sleep(0)
        if only is not None and entry.feature_name not in only:
            continue
        toggle = work.snapshot.toggles.get(entry.feature_name)
        if toggle is None:
            context.leave_out(
                f"No toggle here or in the document is named '{display(entry.feature_name)}', so "
                f"its tag '{display(entry.tag.type)}:{display(entry.tag.value)}' is left out.",
                "featureTags",
                str(at),
            )
        elif entry.tag.type in refused:
            continue
        elif entry.tag.type not in work.snapshot.tag_types:
            context.leave_out(_missing_type_message(entry.tag), "featureTags", str(at))
        elif entry.tag not in toggle.tags:
            try:
                _put_on(context, toggle, entry)
            except Refusal as refusal:
                context.note(refusal, "featureTags", str(at))


def _put_on(context: UnleashImport, toggle: Toggle, entry: FeatureTagEntry) -> None:
    """Add a tag to a toggle.

    Raises: Refusal.
    """
    problems = Problems()
    check_tag(context.work, entry.tag, problems, path=())
    for error in problems.errors:
        error.path = ("tagValue",)
    problems.raise_any()
    if len(toggle.tags) >= MAX_ITEMS:
        message = f"Toggle '{toggle.name}' would have more than {MAX_ITEMS} tags."
        refuse(LimitExceededError(message, path=("featureName",)))
    put_tags(context.work, toggle, {*toggle.tags, entry.tag})
    event_data = {"featureName": toggle.name, "tag": tag_form(entry.tag)}
    context.work.show_as("feature-tag-import", event_data)


def _refused_types(context: UnleashImport) -> set[str]:
    """Return the names of the refused tag types; their errors are already reported."""
    names = {entry.name for entry in items_of(context.state.tag_types)}
    return names - context.work.snapshot.tag_types.keys()


def _missing_type_message(tag: Tag) -> str:
    return (
        f"No tag type here or in the document is named '{display(tag.type)}', so "
        f"the tag '{display(tag.type)}:{display(tag.value)}' is left out."
    )
