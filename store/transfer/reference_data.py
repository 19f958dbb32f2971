"""Import reference data: environments, segments, strategies and so on."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import UNSET, structs

from store.errors import Problems, Refusal
from store.events import EventType
from store.model import (
    Environment,
    EnvironmentType,
    Project,
    Segment,
    Strategy,
    TagType,
    ToggleType,
)
from store.operations.context_fields import create_context_field, update_context_field
from store.operations.environments import create_environment, update_environment
from store.operations.fields import StrategyFields, given_fields
from store.operations.limits import MAX_NAME_LENGTH
from store.operations.names import is_name
from store.operations.projects import create_project, update_project
from store.operations.segments import create_segment, update_segment
from store.operations.strategies import create_strategy, update_strategy
from store.operations.strings import check_line, display
from store.operations.tag_types import create_tag_type, update_tag_type
from store.operations.toggle_types import update_toggle_type
from store.transfer.context import ImportContext, ImportMode
from store.transfer.document import (
    ContextFieldEntry,
    EnvironmentEntry,
    ProjectEntry,
    SegmentEntry,
    StrategyEntry,
    TagTypeEntry,
    ToggleTypeEntry,
)
from store.unit_of_work import UnitOfWork

_Entry: TypeAlias = (
    EnvironmentEntry
    | ProjectEntry
    | ToggleTypeEntry
    | ContextFieldEntry
    | TagTypeEntry
    | SegmentEntry
    | StrategyEntry
)


async def import_reference_data(context: ImportContext) -> None:
    """Import the reference data. Call this function before the import of toggles.

    A placeholder replaces each refused object. Therefore references to the object cause no further
    errors.
    """
    for section, field, index, import_entry in _SECTIONS:
        entries: Sequence[_Entry] = getattr(context.document, field)
        for at, entry in enumerate(entries):
            if context.has_too_many_errors:
                return
            known: Mapping[str, object] = getattr(context.work.snapshot, index)
            existing = known.get(entry.name)
            if context.preserves(existing):
                continue
            try:
                await import_entry(context, entry)
            except Refusal as refusal:
                context.note(refusal, section, str(at))
                if existing is None:
                    _put_placeholder(context.work, entry)


async def _import_environment(context: ImportContext, entry: EnvironmentEntry) -> None:
    work = context.work
    if entry.name not in work.snapshot.environments:
        await create_environment(work, name=entry.name, type=entry.type or None)
    await update_environment(work, entry.name, entry)


async def _import_project(context: ImportContext, entry: ProjectEntry) -> None:
    work = context.work
    known = work.snapshot.projects.get(entry.name)
    if known is None and not is_name(entry.name):
        _check_undeclared_name(entry.name, "project")
        known = Project(
            name=entry.name,
            title=entry.name,
            declared=False,
            created_at=work.now,
            revision=work.revision,
        )
        work.put(known)
    if known is None or (not known.declared and is_name(entry.name)):
        await create_project(work, name=entry.name, fields=entry)
    else:
        await update_project(work, entry.name, entry)


async def _import_toggle_type(context: ImportContext, entry: ToggleTypeEntry) -> None:
    work = context.work
    if entry.name not in work.snapshot.toggle_types:
        _check_undeclared_name(entry.name, "toggle type")
        last = max(
            (toggle_type.sort_order for toggle_type in work.snapshot.toggle_types.values()),
            default=-1,
        )
        work.put(
            ToggleType(
                name=entry.name,
                title=entry.name,
                sort_order=last + 1,
                declared=False,
                revision=work.revision,
            )
        )
    known = work.snapshot.toggle_types[entry.name]
    if entry.lifetime_days is not UNSET:
        known = await update_toggle_type(work, entry.name, entry)
    if not known.declared:
        declared = structs.replace(known, declared=True, revision=work.revision)
        work.put(declared)
        work.record(
            EventType.TOGGLE_TYPE_UPDATED,
            subject=declared,
            before=known,
            after=declared,
            summary=f"Declared toggle type '{display(entry.name)}'.",
        )


async def _import_context_field(context: ImportContext, entry: ContextFieldEntry) -> None:
    work = context.work
    if entry.name not in work.snapshot.context_fields:
        at_first = structs.replace(entry, sort_order=UNSET)
        await create_context_field(work, name=entry.name, fields=at_first)
    await update_context_field(work, entry.name, entry)


async def _import_tag_type(context: ImportContext, entry: TagTypeEntry) -> None:
    work = context.work
    if entry.name not in work.snapshot.tag_types:
        await create_tag_type(work, name=entry.name, fields=entry)
    else:
        await update_tag_type(work, entry.name, entry)


async def _import_segment(context: ImportContext, entry: SegmentEntry) -> None:
    work = context.work
    known = work.snapshot.segments_by_name.get(entry.name)
    if known is None:
        await create_segment(work, name=entry.name, fields=entry, allow_unknown=True)
    else:
        await update_segment(work, known.id, entry, allow_unknown=True)


async def _import_strategy(context: ImportContext, entry: StrategyEntry) -> None:
    work = context.work
    known = work.snapshot.strategies.get(entry.name)
    fields: StrategyFields = entry
    if known is None:
        at_first = structs.replace(entry, deprecated=UNSET)
        await create_strategy(work, name=entry.name, fields=at_first, allow_unknown=True)
    elif context.mode is ImportMode.REPLACE_ALL and not known.built_in:
        blank = Strategy(name=entry.name, title="", created_at=work.now)
        defaults = given_fields(StrategyFields, blank)
        fields = StrategyFields(**(defaults | given_fields(StrategyFields, entry)))
    await update_strategy(work, entry.name, fields, allow_unknown=True)


def remove_strategies(context: ImportContext) -> None:
    """Remove the custom strategies that the document does not define."""
    work = context.work
    named = {entry.name for entry in context.document.strategies}
    for name, strategy in sorted(work.snapshot.strategies.items()):
        if not strategy.built_in and name not in named:
            work.remove(strategy)
            work.record(
                EventType.STRATEGY_DELETED,
                subject=strategy,
                before=strategy,
                summary=f"Deleted strategy '{name}'.",
            )


def _check_undeclared_name(name: str, kind: str) -> None:
    """Check the name of an undeclared object.

    An undeclared object exists only as a name in toggles.

    Raises: Refusal.
    """
    problems = Problems()
    check_line(
        name,
        what=f"The name of the {kind}",
        path=("name",),
        problems=problems,
        min_length=1,
        max_length=MAX_NAME_LENGTH,
    )
    problems.raise_any()


def _put_placeholder(work: UnitOfWork, entry: _Entry) -> None:
    now = work.now
    match entry:
        case EnvironmentEntry():
            work.put(Environment(name=entry.name, type=EnvironmentType.DEVELOPMENT, created_at=now))
        case TagTypeEntry():
            work.put(TagType(name=entry.name, created_at=now))
        case SegmentEntry():
            key = max(work.snapshot.segments, default=0) + 1
            work.put(Segment(id=key, name=entry.name, created_at=now))
        case _:
            pass


# Each item describes a section: the key in the document, the field of `Document`, the mapping of
# existing objects in the snapshot, and the function that imports one entry. No section refers to a
# later section.
_SECTIONS: Sequence[tuple[str, str, str, Callable[..., Awaitable[None]]]] = (
    ("environments", "environments", "environments", _import_environment),
    ("projects", "projects", "projects", _import_project),
    ("toggleTypes", "toggle_types", "toggle_types", _import_toggle_type),
    ("contextFields", "context_fields", "context_fields", _import_context_field),
    ("tagTypes", "tag_types", "tag_types", _import_tag_type),
    ("segments", "segments", "segments_by_name", _import_segment),
    ("strategies", "strategies", "strategies", _import_strategy),
)
