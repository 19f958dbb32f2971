"""Import toggles, and record one event for each created, overwritten or removed toggle."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import UNSET, structs

from store.constraints.checking import compile_patterns
from store.errors import Problems, Refusal
from store.events import EventType
from store.model import Toggle
from store.operations.fields import ToggleFields
from store.operations.names import check_name
from store.operations.toggle_configuration import describe_change, fields_changed
from store.operations.toggle_fields import (
    check_fields,
    check_tags,
    declare_references,
    put_new_tags,
)
from store.transfer.configurations import build_configurations, check_configurations
from store.transfer.context import ImportContext, ImportMode
from store.transfer.dependencies import check_dependencies, order_of_toggles, plain_dependencies
from store.transfer.dependency_order import parents_first
from store.transfer.document import ToggleEntry
from store.unit_of_work import UnitOfWork
from store.values import Constraint

# The import yields to the event loop after this many toggles.
TOGGLES_AT_A_TIME = 25

_IDENTITY = {"id", "name", "created_by"}
_BOOKKEEPING = {"revision", "updated_at"}
_COMPARED = tuple(
    field
    for field in Toggle.__struct_fields__
    if field not in _IDENTITY | _BOOKKEEPING | {"environments"}
)


async def import_toggles(context: ImportContext, *, only: Collection[str] | None = None) -> None:
    """Import all toggles of the document; REPLACE_ALL removes all other toggles.

    If `only` is given, the import changes only toggles with these names.
    """
    work, entries = context.work, context.document.toggles
    segments = {name: segment.id for name, segment in work.snapshot.segments_by_name.items()}
    positions: dict[str, int] = {}
    for at, entry in enumerate(entries):
        positions.setdefault(entry.name, at)
    replacing = context.mode is ImportMode.REPLACE_ALL
    names = positions.keys() if replacing else positions.keys() | work.snapshot.toggles.keys()
    chosen = positions
    if only is not None:
        chosen = {name: positions[name] for name in only if name in positions}
    for done, at in enumerate(await asyncio.to_thread(order_of_toggles, context, chosen)):
        if context.has_too_many_errors:
            return
        if done % TOGGLES_AT_A_TIME == 0:
            await asyncio.sleep(0)
        context.on_toggle()
        if context.preserves(work.snapshot.toggles.get(entries[at].name)):
            continue
        await compile_patterns(constraints_of(entries[at]))
        try:
            import_toggle(context, entries[at], segments, names)
        except Refusal as refusal:
            context.note(refusal, "toggles", str(at))
    if replacing:
        for toggle in other_toggles(work, positions.keys(), only=only):
            remove_toggle(work, toggle)


def constraints_of(entry: ToggleEntry) -> Iterator[Constraint]:
    """Yield the constraints of all strategies of a toggle."""
    for configuration in entry.environments or ():
        for strategy in configuration.strategies or ():
            yield from strategy.constraints or ()


def import_toggle(
    context: ImportContext,
    entry: ToggleEntry,
    segments: Mapping[str, int],
    names: Collection[str],
    *,
    record_always: bool = False,
) -> None:
    """Create or overwrite one toggle.

    If the toggle has changed, record one event. `segments` maps the names of all segments to their
    keys. `names` are the names of all toggles that exist after the import. With `record_always`,
    record an event even if the toggle is unchanged.

    Raises: Refusal: the entry has errors; their paths begin at the toggle's entry.
    """
    work = context.work
    current = work.snapshot.toggles.get(entry.name)
    if context.project is not None:
        entry = structs.replace(entry, project=context.project)
    problems = Problems()
    if current is None:
        check_name(entry.name, kind="toggle", path=("name",), problems=problems)
    check_fields(work, entry, problems, allow_unknown=True)
    check_tags(work, entry.tags or (), problems)
    check_dependencies(entry, names, problems)
    check_configurations(context, entry, segments, problems)
    problems.raise_any()

    before = current or Toggle(
        id=work.new_id(),
        name=entry.name,
        created_at=work.now,
        created_by=work.actor,
        updated_at=work.now,
    )
    after = structs.replace(
        before,
        **_fields(context, entry, before),
        environments=build_configurations(context, entry, before, segments),
    )
    fields, environments = _differences(before, after)
    if current is not None and not fields and not environments and not record_always:
        return
    after = structs.replace(after, revision=work.revision, updated_at=work.now)
    declare_references(work, after)
    put_new_tags(work, after)
    work.put(after)
    if current is None:
        work.record(
            EventType.TOGGLE_CREATED,
            subject=after,
            after=after,
            summary=f"Created toggle '{after.name}'.",
        )
        return
    (environment,) = environments if not fields and len(environments) == 1 else (None,)
    event_type, summary = _describe_overwrite(current, after, environment)
    work.record(
        event_type,
        subject=after,
        before=current,
        after=after,
        environment=environment,
        summary=summary,
    )


def _fields(context: ImportContext, entry: ToggleEntry, before: Toggle) -> dict[str, Any]:
    """Return the fields of the toggle that the import sets, without the configurations."""
    fields = {name: getattr(entry, name) for name in ToggleFields.__struct_fields__} | {
        "created_at": _in_utc(entry.created_at),
        "stale_at": _in_utc(entry.stale_at),
        "archived_at": _in_utc(entry.archived_at),
        "tags": tuple(sorted(set(entry.tags))) if entry.tags else entry.tags,
        "dependencies": plain_dependencies(entry.dependencies)
        if entry.dependencies
        else entry.dependencies,
    }
    given = {field: value for field, value in fields.items() if value is not UNSET}
    if context.mode is not ImportMode.REPLACE_ALL:
        return given
    blank = Toggle(id="", name="", created_at=before.created_at, updated_at=before.updated_at)
    return {field: getattr(blank, field) for field in fields} | given


def _in_utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _differences(before: Toggle, after: Toggle) -> tuple[list[str], list[str]]:
    """Return the names of different fields, and of environments with different configurations."""
    names = [*before.environments, *(after.environments.keys() - before.environments.keys())]
    return (
        [field for field in _COMPARED if getattr(before, field) != getattr(after, field)],
        [
            name
            for name in names
            if before.environments.get(name) is not after.environments.get(name)
        ],
    )


def _describe_overwrite(
    before: Toggle, after: Toggle, environment: str | None
) -> tuple[EventType, str]:
    """Return the type and the summary of the event.

    If only the configuration in one environment differs, `environment` is its name.
    """
    if before.archived != after.archived:
        if after.archived:
            return EventType.TOGGLE_ARCHIVED, f"Archived toggle '{after.name}'."
        return EventType.TOGGLE_REVIVED, f"Revived toggle '{after.name}'."
    if environment is None:
        return EventType.TOGGLE_UPDATED, f"Overwrote toggle '{after.name}'."
    configured = after.in_environment(environment)
    fields = fields_changed(before.in_environment(environment), configured)
    return describe_change(after, configured, fields)


def other_toggles(
    work: UnitOfWork, names: Collection[str], *, only: Collection[str] | None = None
) -> list[Toggle]:
    """Return all toggles except the named toggles, sorted so that dependents precede parents.

    If `only` is given, return only toggles whose names are in `only`.
    """
    toggles = work.snapshot.toggles
    considered = toggles if only is None else toggles.keys() & only
    others = {name: toggles[name] for name in sorted(considered) if name not in names}
    order, _ = parents_first(
        others,
        lambda name: (dependency.toggle for dependency in toggles[name].dependencies),
    )
    return [others[name] for name in reversed(order) if name in others]


def remove_toggle(work: UnitOfWork, toggle: Toggle) -> None:
    """Remove a live or archived toggle."""
    work.remove(toggle)
    work.record(
        EventType.TOGGLE_DELETED,
        subject=toggle,
        before=toggle,
        summary=f"Deleted toggle '{toggle.name}'.",
    )
