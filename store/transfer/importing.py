"""Import a document as one change set that is applied completely or not at all."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import structs

from store.errors import Path, Problems, Refusal, refuse
from store.events import Event, EventType, SubjectKind, field_changes
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.operations.change_sets import (
    AppliedChange,
    AppliedChanges,
    changes_from_events,
    finish_change_set,
    start_change_set,
)
from store.operations.existing import check_known
from store.operations.messages import duplicate
from store.operations.tags import create_tag
from store.operations.toggle_fields import declare_references, put_new_tags
from store.rebasing import EveryName
from store.transfer.checking import MAX_ERRORS, SOURCE
from store.transfer.context import ImportContext, ImportMode, no_progress
from store.transfer.document import Document, named_sections
from store.transfer.preconditions import check_comment, check_revision, refuse_stale
from store.transfer.reference_data import import_reference_data, remove_strategies
from store.transfer.repair import InvalidDocument
from store.transfer.toggles import import_toggles
from store.unit_of_work import UnitOfWork

# The import yields to the event loop after this many objects.
OBJECTS_AT_A_TIME = 100
EVENTS_AT_A_TIME = 5_000


async def import_state(
    work: UnitOfWork,
    document: Document,
    *,
    mode: ImportMode = ImportMode.MERGE,
    project: str | None = None,
    environment: str | None = None,
    comment: str = "",
    path: Path = SOURCE,
    on_toggle: Callable[[], None] = no_progress,
    expected_revision: int | None = None,
) -> AppliedChanges:
    """Import a document. Unchanged objects record no event.

    `project` is the project of every toggle. If a configuration does not name an environment, it
    applies to `environment`. REPLACE_ALL removes all live toggles, archived toggles and custom
    strategies that are not in the document. If the document omits fields of an object, REPLACE_ALL
    resets these fields to their defaults, and MERGE leaves these fields unchanged. The import never
    changes tokens, existing events or usage. To report progress, the function calls `on_toggle` for
    each toggle of the document. If `expected_revision` is given, the import is refused unless the
    configuration still has this revision.

    Raises: Refusal: the document has errors; their paths begin with `path`.
    """
    problems = Problems()
    check_revision(work, expected_revision)
    _check_options(work, document, project, environment, comment, problems)
    _check_unique(document, path, problems)
    start_change_set(work, comment=comment)
    replaces = mode is ImportMode.REPLACE_ALL
    relies_on_all = replaces or expected_revision is not None
    work.rely_on_toggles(EveryName() if relies_on_all else _toggles_named(document))
    context = ImportContext(
        work,
        document,
        mode,
        project,
        environment or DEFAULT_ENVIRONMENT,
        path,
        problems,
        on_toggle,
    )
    await import_reference_data(context)
    await _import_tags(context)
    await import_toggles(context)
    if replaces:
        remove_strategies(context)
    errors = problems.errors
    if isinstance(document, InvalidDocument):
        errors = document.with_errors(errors)
    if errors:
        refuse(*errors[:MAX_ERRORS])
    ending = ImportEnding(work, comment)

    async def repeat(names: Collection[str]) -> None:
        refuse_stale(expected_revision)
        await import_toggles(structs.replace(context, on_toggle=no_progress), only=names)
        problems.raise_any()
        await ending.record()

    async def repeat_reference_data(toggles: Iterable[Toggle]) -> None:
        refuse_stale(expected_revision)
        await import_reference_data(context)
        await _import_tags(context)
        for toggle in toggles:
            declare_references(work, toggle)
            put_new_tags(work, toggle)
        if replaces:
            remove_strategies(context)
        problems.raise_any()

    work.repeat_toggles_by(repeat)
    work.repeat_reference_data_by(repeat_reference_data)
    return await ending.record()


def _toggles_named(document: Document) -> set[str]:
    """Return the names of the document's toggles and of the toggles on which they depend."""
    names = {entry.name for entry in document.toggles}
    return names.union(
        dependency.toggle for entry in document.toggles for dependency in entry.dependencies or ()
    )


def _check_options(
    work: UnitOfWork,
    document: Document,
    project: str | None,
    environment: str | None,
    comment: str,
    problems: Problems,
) -> None:
    """Report target projects and environments that neither the document nor the server has."""
    targets: Sequence[tuple[str, str | None, Mapping[str, object], Sequence[Any]]] = (
        ("project", project, work.snapshot.projects, document.projects),
        ("environment", environment, work.snapshot.environments, document.environments),
    )
    for kind, name, existing, imported in targets:
        if name is not None:
            names = {*existing, *(entry.name for entry in imported)}
            check_known(dict.fromkeys(names), name, kind=kind, path=(kind,), problems=problems)
    check_comment(comment, problems)


def _check_unique(document: Document, path: Path, problems: Problems) -> None:
    """Report duplicate names of objects of the same kind."""
    for section, field in named_sections().items():
        entries: Sequence[Any] = getattr(document, field)
        seen: set[str] = set()
        for at, entry in enumerate(entries):
            if entry.name in seen:
                problems.invalid(
                    duplicate("name", entry.name),
                    rule="names-unique",
                    path=(*path, section, str(at), "name"),
                )
            seen.add(entry.name)


async def _import_tags(context: ImportContext) -> None:
    """Create the tags of the document and of its toggles.

    Call this function before the import of toggles. Then an undo removes the tags from the toggles
    first, and can delete the tags afterwards.
    """
    work = context.work
    for at, tag in enumerate(context.document.tags):
        if context.has_too_many_errors:
            return
        if (tag.type, tag.value) not in work.snapshot.tags:
            try:
                await create_tag(work, tag)
            except Refusal as refusal:
                context.note(refusal, "tags", str(at))
    for entry in context.document.toggles:
        if not context.preserves(work.snapshot.toggles.get(entry.name)):
            for tag in entry.tags or ():
                # The import of the toggle reports the errors of its tags.
                with suppress(Refusal):
                    await create_tag(work, tag)


class ImportEnding:
    """Records the last events of an import.

    If toggles are imported again, the last events are recorded again.
    """

    def __init__(
        self,
        work: UnitOfWork,
        comment: str = "",
        *,
        describe: Callable[[str], str] = "Imported a state document: {}.".format,
    ) -> None:
        """Prepare to record the events.

        `describe` returns the summary for a phrase such as "2 created".
        """
        self._work = work
        self._comment = comment
        self._describe = describe
        self._changes: list[AppliedChange] = []
        # For each object, this dictionary contains the last event and the combined effect of all
        # events.
        self._fates: dict[tuple[SubjectKind, str], tuple[Event, str | None]] = {}

    async def record(self) -> AppliedChanges:
        """Record the events and return the changes of the import.

        If an earlier call has already returned a list of changes, that list is updated after the
        commit.
        """
        work = self._work
        events = [event for event in work.events if event.subject_kind is not SubjectKind.STATE]
        work.summarize()
        change_set = finish_change_set(work)
        if change_set is not None:
            work.record(
                EventType.STATE_IMPORTED,
                subject_kind=SubjectKind.STATE,
                subject_key=change_set.id,
                subject_name=self._comment or change_set.id,
                summary=self._describe(await self._count(events)),
            )
        if not self._changes:
            self._changes += changes_from_events(events)
        else:
            work.after_commit(lambda: self._replace_changes(events))
        return AppliedChanges(change_set, self._changes)

    def _replace_changes(self, events: Sequence[Event]) -> None:
        self._changes[:] = changes_from_events(events)

    async def _count(self, events: Sequence[Event]) -> str:
        """Return a phrase with the numbers of created, changed and removed objects."""
        spans: dict[tuple[SubjectKind, str], tuple[Event, Event]] = {}
        for number, event in enumerate(events):
            if number % EVENTS_AT_A_TIME == 0:
                await asyncio.sleep(0)
            key = (event.subject_kind, event.subject_key)
            first, _ = spans.get(key, (event, event))
            spans[key] = (first, event)
        before, self._fates = self._fates, {}
        for number, (key, (first, last)) in enumerate(spans.items()):
            if number % OBJECTS_AT_A_TIME == 0:
                await asyncio.sleep(0)
            known = before.get(key)
            if known is None or known[0] is not last:
                known = (last, _fate(first, last))
            self._fates[key] = known
        counts = Counter(fate for _, fate in self._fates.values())
        fates = [fate for fate in ("created", "changed", "removed") if counts[fate]]
        return ", ".join(f"{counts[fate]:,} {fate}" for fate in fates) or "nothing changed"


def _fate(first: Event, last: Event) -> str | None:
    """Return the combined effect of the events about one object, from the first to the last."""
    if first.state_before is None:
        return None if last.state_after is None else "created"
    if last.state_after is None:
        return "removed"
    return "changed" if field_changes(first.before, last.after) else None
