"""Restore earlier versions of toggles."""

from store.errors import InvalidError, Problems
from store.model import Toggle
from store.operations.change_sets import (
    AppliedChanges,
    changes_from_events,
    finish_change_set,
    start_change_set,
)
from store.operations.existing import check_revision, find
from store.operations.restoring import differing_parts, restore_parts
from store.toggle_versions import version_of_toggle
from store.unit_of_work import UnitOfWork


async def restore_version(
    work: UnitOfWork, name: str, *, revision: int, expected_revision: int | None = None
) -> Toggle:
    """Restore an earlier version of a toggle, without archiving or reviving the toggle.

    Raises: Refusal.
    """
    toggle = find(work.snapshot.toggles, name, kind="toggle")
    problems = Problems()
    check_revision(work, toggle, expected_revision, problems=problems)
    version = await version_of_toggle(work.connection, toggle.id, revision)
    past = version.toggle if version is not None else None
    if past is None:
        problems.add(
            InvalidError(
                f"No version of toggle '{name}' has the revision {revision}.",
                rule="revision-unknown",
                path=("revision",),
            )
        )
    problems.raise_any()
    assert past is not None
    parts = differing_parts(past, toggle) - {("archived_at",)}
    return restore_parts(work, toggle, past, parts, path=("revision",))


async def revert_toggle_to(
    work: UnitOfWork, name: str, *, revision: int, expected_revision: int | None = None
) -> tuple[Toggle, AppliedChanges]:
    """Restore an earlier version of a toggle, as a change set.

    Raises: Refusal.
    """
    start_change_set(work, comment=f"Restored toggle '{name}' to revision {revision}.")
    toggle = await restore_version(
        work, name, revision=revision, expected_revision=expected_revision
    )
    changes = changes_from_events(list(work.events))
    return toggle, AppliedChanges(finish_change_set(work), changes)
