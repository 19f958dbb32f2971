"""Import the toggles of a state document."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType, structs

from store.constraints.checking import compile_patterns
from store.errors import Problems, Refusal
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.operations.fields import ToggleFields, fields_from, given_fields
from store.transfer import document as own
from store.transfer.context import ImportContext, ImportMode
from store.transfer.dependencies import order_of_toggles
from store.transfer.toggles import (
    TOGGLES_AT_A_TIME,
    constraints_of,
    import_toggle,
    other_toggles,
    remove_toggle,
)
from store.transfer.unleash.configurations import Configurations, with_segments
from store.transfer.unleash.context import UnleashImport, items_of
from store.transfer.unleash.document import FeatureEntry
from store.transfer.unleash.exporting import feature_form
from store.transfer.unleash.segments import segments_of
from store.unit_of_work import UnitOfWork


async def import_features(context: UnleashImport) -> Configurations:
    """Create and overwrite toggles and their configurations in the environments of the document.

    Without `drop`, configurations in other environments are unchanged. With `drop`, a toggle that
    is imported again keeps its ID.
    """
    configurations = Configurations(context, segments_of(context))
    await configurations.find()
    if context.state.features is not UNSET:
        if context.drop:
            context.begin_drop("features")
        await _import_features(context, configurations, None)
    return configurations


async def repeat_features(
    context: UnleashImport, configurations: Configurations, names: Collection[str]
) -> None:
    """Import toggles again that other writers have changed meanwhile."""
    if context.state.features is not UNSET:
        await _import_features(context, configurations, names)


async def _import_features(
    context: UnleashImport, configurations: Configurations, only: Collection[str] | None
) -> None:
    work, features = context.work, items_of(context.state.features)
    numbers: list[int] = []
    entries: list[own.ToggleEntry] = []
    for at, entry in enumerate(features):
        if only is not None and entry.name not in only:
            continue
        if len(numbers) % TOGGLES_AT_A_TIME == 0:
            await asyncio.sleep(0)
        current = work.snapshot.toggles.get(entry.name)
        if current is not None and not context.drop and _is_skipped(context, at, current):
            context.on_toggle()
            continue
        numbers.append(at)
        entry = _with_dependencies(entry, configurations)
        entries.append(_own_entry(work, entry, current, configurations.of(at, entry)))
    target = ImportContext(
        work,
        own.Document(format=own.FORMAT, version=own.VERSION, toggles=tuple(entries)),
        ImportMode.REPLACE_ALL if context.drop else ImportMode.MERGE,
        None,
        DEFAULT_ENVIRONMENT,
        (),
        Problems(),
    )
    await _import_entries(context, target, numbers, configurations)
    if context.drop:
        for toggle in other_toggles(work, {entry.name for entry in features}, only=only):
            remove_toggle(work, toggle)
            context.show_as_part()


async def _import_entries(
    context: UnleashImport,
    target: ImportContext,
    numbers: Sequence[int],
    configurations: Configurations,
) -> None:
    """Create and overwrite the toggles of `target`.

    `numbers` are the indexes of the toggles in the document.
    """
    work, entries = context.work, target.document.toggles
    features = items_of(context.state.features)
    existing = {name: segment.id for name, segment in work.snapshot.segments_by_name.items()}
    segments = with_segments(existing, configurations.segments)
    positions = {entry.name: position for position, entry in enumerate(entries)}
    names = {entry.name for entry in features}
    if not context.drop:
        names |= work.snapshot.toggles.keys()
    order = await asyncio.to_thread(order_of_toggles, target, positions)
    for error in target.problems.errors:
        position = numbers[int(error.path[1])]
        error.path = error.path[2:]
        configurations.note(Refusal(error), position, features[position])
    for done, position in enumerate(order):
        if context.has_too_many_errors:
            return
        if done % TOGGLES_AT_A_TIME == 0:
            await asyncio.sleep(0)
        context.on_toggle()
        at = numbers[position]
        recorded = len(work.events)
        await compile_patterns(constraints_of(entries[position]))
        try:
            import_toggle(target, entries[position], segments, names, record_always=context.drop)
        except Refusal as refusal:
            configurations.note(refusal, at, features[at])
            continue
        if len(work.events) > recorded:
            work.show_as("feature-import", context.sent("features", at))


def _is_skipped(context: UnleashImport, at: int, toggle: Toggle) -> bool:
    """Whether to skip the toggle because of `keep`, or because the item equals its export.

    As in 3.x, `keep` applies only to live toggles. Archived toggles are overwritten. Exports
    contain neither segments nor disabled strategies, so importing an unchanged export would remove
    a toggle's segments and disabled strategies.
    """
    if context.keep and not toggle.archived:
        return True
    sent = msgspec.json.decode(context.sent("features", at))
    if toggle.archived or sent.get("archived"):
        return False
    exported = feature_form(context.work.snapshot, toggle, None)
    return _encode(exported) == _encode({**sent, "lastSeenAt": None})


def _encode(item: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(item, order="deterministic")


def _own_entry(
    work: UnitOfWork,
    entry: FeatureEntry,
    current: Toggle | None,
    configurations: tuple[own.ConfigurationEntry, ...] | UnsetType,
) -> own.ToggleEntry:
    """Return the toggle as an entry of Flagstaff's own document.

    If the document omits the description, type, project, stale flag or creation time, the field is
    UNSET, because 3.x preserves omitted fields. If a toggle is already stale or archived, the
    toggle keeps the time of that change.
    """
    stale_since = (current.stale_at if current else None) or work.now
    stale_at = UNSET if entry.stale is UNSET else (stale_since if entry.stale else None)
    archived_at = (current.archived_at if current else None) or entry.archived_at or work.now
    archived = entry.archived or entry.archived_at is not None
    dependencies = entry.dependencies
    if dependencies is not UNSET:
        dependencies = tuple(dependency.dependency() for dependency in dependencies or ())
    fields = given_fields(ToggleFields, fields_from(ToggleFields, entry))
    if entry.impression_data is None:
        fields["impression_data"] = False
    return own.ToggleEntry(
        name=entry.name,
        **fields,
        created_at=_created_at(entry, current),
        stale_at=stale_at,
        archived_at=archived_at if archived else None,
        dependencies=dependencies,
        environments=configurations,
    )


def _with_dependencies(entry: FeatureEntry, configurations: Configurations) -> FeatureEntry:
    """Return a toggle with its dependencies, which batch exports have in a separate section."""
    found = configurations.dependencies.get(entry.name)
    return entry if found is None else structs.replace(entry, dependencies=found.entries)


def _created_at(entry: FeatureEntry, current: Toggle | None) -> datetime | UnsetType:
    """Return the creation time, or UNSET if the time is unchanged to the millisecond."""
    if entry.created_at is None:
        return UNSET
    if current is not None and entry.created_at is not UNSET:
        known = current.created_at
        if entry.created_at == known.replace(microsecond=known.microsecond // 1000 * 1000):
            return UNSET
    return entry.created_at
