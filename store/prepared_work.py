"""Prepare a unit of work without the writer's lock, and move the unit to the newest snapshot."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from typing import Any

from msgspec import structs
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from store.bulk import delete_rows, write_batches
from store.encoding import batch_of_events
from store.events import Event
from store.kinds import indexes_of
from store.model import Environment, Toggle
from store.rebasing import (
    NO_CONFLICT,
    Conflict,
    ObjectKey,
    Prepared,
    find_conflict,
    restamp,
    restamp_fields,
    toggles_without_references,
)
from store.row_changes import Batch, Kind, batches_between
from store.snapshot import Draft, Snapshot
from store.staging import StagedRows, Stamp, ids_of, placeholder
from store.unit_of_work import ENVIRONMENTS, UnitOfWork, look_up

TOGGLES = "toggles"

# While the writer's lock is held, the changes of at most this many toggles and other objects are
# repeated.
MAX_REPEATED = 1_000
MAX_REPEATED_REFERENCE_DATA = 2_000


class TooManyConflictsError(Exception):
    """Too many changes would have to be repeated while the writer's lock is held."""


class PreparedWork(UnitOfWork):
    """A unit of work that encodes and stages its rows before it gets a revision.

    If other units are committed meanwhile, this unit is moved to the newest snapshot, and some
    changes of this unit are repeated there. The changes of toggles that other units changed are
    repeated. Reference data means all objects except toggles. If other units changed reference
    data, all changes of reference data are repeated. While the lock is held, only the database's
    statements take longer for a larger unit.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # The number of events that are already staged.
        self._staged_at = 0
        # The objects that were touched when changes were repeated.
        self._repeated: dict[ObjectKey, None] = {}

    def find_conflict(self, snapshot: Snapshot) -> Conflict:
        """Return the changes that must be repeated on another snapshot.

        Raises: TooManyConflictsError: too many changes must be repeated, or a change cannot be
        repeated without the other changes.
        """
        prepared = Prepared(self._origin, self._draft, self._touched, self._relied)
        conflict = find_conflict(prepared, snapshot)
        if conflict and self._repeat is None:
            raise TooManyConflictsError
        _require_few(conflict.toggles)
        if conflict.reference_data:
            count = sum(name != TOGGLES for name, _ in self._touched)
            if self._repeat_reference_data is None or count > MAX_REPEATED_REFERENCE_DATA:
                raise TooManyConflictsError
        return conflict

    async def encode(self, dialect: Dialect) -> StagedRows:
        """Encode the rows after all changes are made; `write_staged` writes the rows.

        Until the rows are written, all objects of this unit have a placeholder for revision and
        time.
        """
        return await asyncio.to_thread(self._encode_with_placeholder, dialect)

    async def write_staged(
        self,
        connection: AsyncConnection,
        rows: StagedRows,
        snapshot: Snapshot,
        stamp: Stamp,
        conflict: Conflict = NO_CONFLICT,
    ) -> Snapshot:
        """Repeat the changes in `conflict` on another snapshot, and write all rows.

        Return the snapshot to publish once the transaction is committed.

        Raises: Refusal, TooManyConflictsError: from the repeated changes.
        """
        write = self._write_with_reference_data if conflict.reference_data else self._write
        await write(connection, rows, snapshot, stamp, conflict.toggles)
        await self._write_environments(connection, removes=True)
        return self._draft.snapshot()

    async def _write(
        self,
        connection: AsyncConnection,
        rows: StagedRows,
        snapshot: Snapshot,
        stamp: Stamp,
        stale: Set[str],
    ) -> None:
        """Write all rows, except the rows of removed environments."""
        creates_environments = any(
            name == ENVIRONMENTS and key not in snapshot.environments for name, key in self._touched
        )
        withdrawn = [*_versions(stale, self._origin, self._draft)]
        # Move and repeat the changes while the database executes the statements below.
        moving = asyncio.create_task(self._move_and_repeat(snapshot, stamp, stale, withdrawn))
        try:
            await _withdraw_rows(connection, rows, withdrawn, [*_versions(stale, snapshot)])
            if creates_environments:
                self._stamp_served_environments(await moving, self._repeated)
                await self._write_environments(connection, removes=False)
            await rows.write(connection, stamp)
        finally:
            base = await moving
        if self._repeat is not None:
            batches = await asyncio.to_thread(self._encode_repeated, connection.dialect, base)
            await write_batches(connection, batches)
        if not creates_environments:
            await self._write_environments(connection, removes=False)

    async def _write_with_reference_data(
        self,
        connection: AsyncConnection,
        rows: StagedRows,
        snapshot: Snapshot,
        stamp: Stamp,
        stale: Set[str],
    ) -> None:
        """Write all rows like `_write`, but also repeat the changes of reference data.

        The changes of toggles that refer to missing objects are also repeated.
        """
        assert self._repeat is not None
        assert self._repeat_reference_data is not None
        origin, prepared, known = self._origin, self._draft, Stamp(self.revision, self.now)
        staged = [name for kind, name in self._touched if kind == TOGGLES]
        toggles = [*filter(None, map(prepared.toggles.get, staged))]
        served = _environments_served_at(known.revision, prepared)
        self._begin_again(connection, snapshot, stamp)
        await self._repeat_reference_data(toggles)
        stale = stale | toggles_without_references(toggles, prepared, self._draft)
        _require_few(stale)
        withdrawn = [*_versions(stale, origin, prepared)]
        self._forget_events_of(withdrawn)
        left = [name for name in staged if name not in stale]
        await asyncio.to_thread(self._move_toggles, left, prepared, known)
        await self._repeat(stale)
        # The references of stale toggles are deleted, so write these toggles even if they are
        # unchanged.
        self._touched |= dict.fromkeys((TOGGLES, name) for name in stale)
        # New toggles are also served in environments that other units have created.
        served |= self._draft.environments.keys() - prepared.environments.keys()
        self._stamp_served_environments(snapshot, self._touched, served)
        reference_data, repeated = await asyncio.to_thread(self._encode_anew, connection.dialect)
        await rows.withdraw_reference_data(connection)
        await _withdraw_rows(connection, rows, withdrawn, [*_versions(stale, snapshot)])
        await self._write_environments(connection, removes=False)
        removals = [batch for batch in reference_data if batch.kind is Kind.DELETE]
        additions = [batch for batch in reference_data if batch.kind is not Kind.DELETE]
        await write_batches(connection, additions)
        await rows.write(connection, stamp)
        await write_batches(connection, [*repeated, *removals])

    def _encode_with_placeholder(self, dialect: Dialect) -> StagedRows:
        known, stamp = Stamp(self.revision, self.now), placeholder()
        self._restamp((look_up(self._draft, key) for key in self._touched), known, stamp)
        # Do not stage the summary events if they may change when toggles are imported again.
        staged = len(self._events) if self._repeat is None else self._summary_at
        return StagedRows(dialect, self._encode(dialect, self._events[:staged]), stamp)

    async def _move_and_repeat(
        self,
        snapshot: Snapshot,
        stamp: Stamp,
        stale: Collection[str],
        withdrawn: Collection[Toggle],
    ) -> Draft:
        """Move the changes onto another snapshot, and repeat the changes of stale toggles there.

        Return the draft without the repeated changes.
        """
        await asyncio.to_thread(self._move, snapshot, stamp, withdrawn)
        base = self._draft
        self._staged_at = self._summary_at
        if stale and self._repeat is not None:
            self._forget_summary()
            self._draft = Draft(base, self.revision)
            moved, self._touched = self._touched, self._repeated
            await self._repeat(stale)
            self._touched = moved | self._repeated
            # The references of stale toggles are deleted, so write these toggles even if they are
            # unchanged.
            self._repeated |= dict.fromkeys((TOGGLES, name) for name in stale)
        return base

    def _encode_repeated(self, dialect: Dialect, base: Draft) -> list[Batch]:
        """Return the rows of repeated changes, and of the events that were not staged."""
        batches: list[Batch] = []
        if self._repeated:
            self._stamp_served_environments(base, self._repeated)
            keys = [key for key in self._repeated if key[0] != ENVIRONMENTS]
            batches = self._encode_changes(dialect, base, keys)
        return [*batches, *self._encode_late_events(dialect)]

    def _encode_anew(self, dialect: Dialect) -> tuple[list[Batch], list[Batch]]:
        """Return the rows of reference data, and the rows of repeated toggles and late events."""
        toggles = [key for key in self._touched if key[0] == TOGGLES]
        others = [key for key in self._touched if key[0] not in (TOGGLES, ENVIRONMENTS)]
        reference_data = self._encode_changes(dialect, self._origin, others)
        repeated = self._encode_changes(dialect, self._origin, toggles)
        return reference_data, [*repeated, *self._encode_late_events(dialect)]

    def _encode_changes(
        self, dialect: Dialect, base: Snapshot, keys: Iterable[ObjectKey]
    ) -> list[Batch]:
        """Return the rows to write so that the stored objects equal the objects of the draft."""
        return batches_between(
            dialect,
            ((_without_references(look_up(base, key)), look_up(self._draft, key)) for key in keys),
        )

    def _encode_late_events(self, dialect: Dialect) -> list[Batch]:
        """Return the rows of the events that were not staged."""
        events = self._events[self._staged_at :]
        return [batch_of_events(dialect, events)] if events else []

    def _restamp(self, made: Iterable[Any], known: Stamp, stamp: Stamp) -> None:
        """Replace the stamp of changed objects and events.

        This takes up to 10 µs for each object.
        """
        revisions, times = (known.revision, stamp.revision), (known.time, stamp.time)
        restamp(made, revisions, times)
        for event in self._events:
            restamp((event.state_before, event.state_after), revisions, times)
            restamp_fields(event, revisions, times)
        if self._change_set is not None:
            restamp_fields(self._change_set, revisions, times)
        self.revision, self.now = stamp.revision, stamp.time

    def _move(self, snapshot: Snapshot, stamp: Stamp, withdrawn: Collection[Toggle]) -> None:
        """Move the changes onto another snapshot, except the changes of `withdrawn` toggles.

        The changes get another revision and time.
        """
        if withdrawn:
            self._forget_events_of(withdrawn)
            for toggle in withdrawn:
                self._touched.pop(indexes_of(toggle)[0], None)
        known = Stamp(self.revision, self.now)
        self._restamp((look_up(self._draft, key) for key in self._touched), known, stamp)
        draft = Draft(snapshot, stamp.revision)
        for object_key in self._touched:
            subject, current = look_up(self._draft, object_key), look_up(snapshot, object_key)
            if isinstance(subject, Environment):
                served = subject.served_revision
                if served == known.revision:
                    served = stamp.revision
                elif served != stamp.revision:
                    served = current.served_revision
                subject = structs.replace(subject, served_revision=served)
            _replace(draft, current, subject)
        self._origin, self._draft = snapshot, draft

    def _move_toggles(self, names: Sequence[str], prepared: Snapshot, known: Stamp) -> None:
        """Move the changes of toggles from a snapshot with the stamp `known` onto the draft."""
        toggles = [*map(prepared.toggles.get, names)]
        self._restamp(toggles, known, Stamp(self.revision, self.now))
        for name, toggle in zip(names, toggles, strict=True):
            _replace(self._draft, self._origin.toggles.get(name), toggle)

    def _begin_again(self, connection: AsyncConnection, snapshot: Snapshot, stamp: Stamp) -> None:
        """Continue on another snapshot: discard all changes, but keep the events about toggles."""
        self._forget_summary()
        self._forget_events(lambda event: event.toggle_id is None)
        self._staged_at = self._summary_at
        self._touched = {}
        self._origin, self._draft = snapshot, Draft(snapshot, stamp.revision)
        self.revision, self.now = stamp.revision, stamp.time
        self.connection = connection

    def _forget_summary(self) -> None:
        """Remove the events that summarize the other events."""
        del self._events[self._summary_at :]

    def _forget_events_of(self, toggles: Iterable[Toggle]) -> None:
        """Remove the events about some toggles."""
        ids = {toggle.id for toggle in toggles}
        self._forget_events(lambda event: event.toggle_id in ids)

    def _forget_events(self, is_forgotten: Callable[[Event], bool]) -> None:
        left = [at for at, event in enumerate(self._events) if not is_forgotten(event)]
        self._summary_at = bisect_left(left, self._summary_at)
        self._staged_at = bisect_left(left, self._staged_at)
        self._events = [self._events[at] for at in left]


def _replace(draft: Draft, current: Any, subject: Any) -> None:
    """Replace an object of a draft; None means that there is no object."""
    if current is not None:
        draft.remove(current)
    if subject is not None:
        draft.put(subject)


def _require_few(stale: Collection[str]) -> None:
    """Check the number of toggles whose changes must be repeated.

    Raises: TooManyConflictsError.
    """
    if len(stale) > MAX_REPEATED:
        raise TooManyConflictsError


def _versions(names: Iterable[str], *snapshots: Snapshot) -> Iterator[Toggle]:
    """Yield the toggles with the given names in all snapshots."""
    for name in names:
        yield from filter(None, (snapshot.toggles.get(name) for snapshot in snapshots))


def _environments_served_at(revision: int, snapshot: Snapshot) -> set[str]:
    """Return the environments whose features bodies last changed at a revision."""
    return {
        name
        for name, environment in snapshot.environments.items()
        if environment.served_revision == revision
    }


async def _withdraw_rows(
    connection: AsyncConnection,
    rows: StagedRows,
    withdrawn: Collection[Toggle],
    replaced: Collection[Toggle],
) -> None:
    """Remove the staged rows of toggles.

    `replaced` are the stored toggles that repeated changes replace. The references of these toggles
    to tags and segments are deleted, because the unit may remove the tags and segments.
    """
    if withdrawn:
        await rows.withdraw(connection, withdrawn)
    if replaced:
        ids, strategy_ids = ids_of(replaced)
        await delete_rows(connection, "toggle_tag", "toggle_id", ids)
        await delete_rows(connection, "toggle_strategy_segment", "strategy_id", strategy_ids)


def _without_references(subject: Any) -> Any:
    """Return a toggle without the references that `_withdraw_rows` deletes.

    Other objects are returned unchanged.
    """
    if not isinstance(subject, Toggle):
        return subject
    environments = {
        name: structs.replace(
            configuration,
            strategies=tuple(
                structs.replace(strategy, segments=()) for strategy in configuration.strategies
            ),
        )
        for name, configuration in subject.environments.items()
    }
    return structs.replace(subject, tags=(), environments=environments)
