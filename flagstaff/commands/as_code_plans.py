"""Plan the changes that turn one configuration into another one."""

import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct, structs

from flagstaff.commands.as_code_states import AsCodeError, State
from flagstaff.commands.differences import Difference, find_differences
from flagstaff.commands.local_store import OPERATOR
from store import Snapshot, Store
from store.model import DEFAULT_PROJECT
from store.operations.change_sets import AppliedChanges
from store.random_ids import random_id
from store.transfer.context import ImportMode
from store.transfer.document import Document, ToggleEntry
from store.transfer.importing import import_state
from store.unit_of_work import UnitOfWork


class Plan(Struct, frozen=True):
    """A document to import into a configuration, and what the import changes.

    `revision` is the revision of the configuration for which the plan was made.
    """

    document: Document
    mode: ImportMode
    differences: Sequence[Difference]
    revision: int | None


@asynccontextmanager
async def open_blank() -> AsyncGenerator[Store]:
    """Open a temporary store with only the built-in objects, in which plans are made."""
    with tempfile.TemporaryDirectory(prefix="flagstaff-") as folder:
        store = await Store.open(f"sqlite:///{Path(folder, 'plan.db')}", background=False)
        try:
            yield store
        finally:
            await store.close()


async def make_plan(blank: Store, current: State, desired: State, *, prune: bool) -> Plan:
    """Plan the import of a desired state. The plan stores nothing in the blank store.

    With `prune`, live toggles that the desired state lacks are removed. If the desired state
    describes one project, only toggles of this project are removed. Otherwise custom strategies
    are removed, too. Archived toggles and all other objects are never removed.

    Raises: Refusal, AsCodeError: the desired state has errors.
    """
    found, document = _with_project(current), _with_project(desired)
    if desired.project is not None:
        _check_projects(found, document, desired.project)
    mode = ImportMode.MERGE
    if prune:
        mode = ImportMode.REPLACE_ALL
        document = _with_others(document, found, desired.project)
    differences = await _find_differences(blank, found, document, mode)
    return Plan(document, mode, differences, current.revision)


def _with_project(state: State) -> Document:
    """Return the document. If it describes one project, toggles that name none belong to it."""
    project = state.project
    if project is None:
        return state.document
    toggles = tuple(
        entry if isinstance(entry.project, str) else structs.replace(entry, project=project)
        for entry in state.document.toggles
    )
    return structs.replace(state.document, toggles=toggles)


def _check_projects(current: Document, desired: Document, project: str) -> None:
    """Check that all desired toggles belong to a project.

    Raises: AsCodeError.
    """
    projects = {entry.name: _project_of(entry) for entry in current.toggles}
    problems = [
        f"Toggle '{entry.name}' belongs to the project '{projects[entry.name]}', not '{project}'."
        for entry in desired.toggles
        if projects.get(entry.name, project) != project
    ]
    problems += [
        f"Toggle '{entry.name}' names the project '{entry.project}', not '{project}'."
        for entry in desired.toggles
        if entry.project != project
    ]
    if problems:
        raise AsCodeError("\n".join(problems))


def _project_of(entry: ToggleEntry) -> str:
    return entry.project if isinstance(entry.project, str) else DEFAULT_PROJECT


def _with_others(document: Document, current: Document, project: str | None) -> Document:
    """Add the current objects that the import must not remove.

    Raises: AsCodeError: one of these objects depends on a toggle that the import would remove.
    """
    names = {entry.name for entry in document.toggles}
    kept = tuple(
        entry
        for entry in current.toggles
        if entry.name not in names
        and (entry.archived_at or (project is not None and _project_of(entry) != project))
    )
    names.update(entry.name for entry in kept)
    problems = [
        f"Toggle '{entry.name}', which is kept, depends on the toggle '{dependency.toggle}', which "
        "the file omits."
        for entry in kept
        for dependency in entry.dependencies or ()
        if dependency.toggle not in names
    ]
    if problems:
        raise AsCodeError("\n".join(problems))
    strategies = document.strategies
    if project is not None:
        defined = {entry.name for entry in strategies}
        others = tuple(entry for entry in current.strategies if entry.name not in defined)
        strategies += others
    return structs.replace(document, toggles=document.toggles + kept, strategies=strategies)


async def _find_differences(
    blank: Store, current: Document, document: Document, mode: ImportMode
) -> Sequence[Difference]:
    """Return what the import of a document changes in the current configuration."""
    found, _ = await _import(blank, blank.snapshot, current, ImportMode.REPLACE_ALL)
    work, made = await _import(blank, found.snapshot.snapshot(), document, mode)
    events = [change.event for change in made.changes if change.event is not None]
    return list(find_differences(work, events, with_warnings=False))


async def _import(
    blank: Store, snapshot: Snapshot, document: Document, mode: ImportMode
) -> tuple[UnitOfWork, AppliedChanges]:
    """Import a document into a snapshot, without storing anything."""
    async with blank.open_what_if(snapshot, OPERATOR, new_id=random_id) as work:
        return work, await import_state(work, document, mode=mode, path=())
