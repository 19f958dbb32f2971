"""A unit of work that is prepared without the writer's lock, and moves to the newest snapshot."""

import asyncio
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from msgspec import structs
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from store.bulk import delete_rows, write_batches
from store.encoding import batch_of_events
from store.events import document_of
from store.kinds import indexes_of
from store.model import Entity, Environment, Toggle
from store.rebasing import ObjectKey, Prepared, restamp, restamp_fields, stale_toggles
from store.row_changes import Batch, batches_between
from store.snapshot import Draft, Snapshot
from store.staging import StagedRows, Stamp, ids_of, placeholder
from store.unit_of_work import ENVIRONMENTS, MAX_ENCODED_AT_ONCE, UnitOfWork, look_up

# The maximum number of toggles whose changes are repeated while the writer's lock is held.
MAX_REPEATED = 1_000


class PreparedWork(UnitOfWork):
    """A unit of work whose rows are encoded and staged before it has a revision.

    If other units are committed meanwhile, this unit moves to their snapshot. It repeats its own
    changes of the toggles that they changed. A larger unit holds the lock longer only for its
    statements in the database.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # The stamp in the events' documents.
        self._documented = Stamp(self.revision, self.now)
        # The number of events that are staged.
        self._staged_at = 0
        # The objects that were touched when changes were repeated.
        self._repeated: dict[ObjectKey, None] = {}

    def stale_toggles(self, snapshot: Snapshot) -> set[str] | None:
        """Return the toggles whose changes must be repeated on another snapshot.

        Return None if repeating them is not enough, or not possible.
        """
        prepared = Prepared(self._origin, self._draft, self._touched, self._relied)
        stale = stale_toggles(prepared, snapshot)
        if stale and (self._repeat is None or len(stale) > MAX_REPEATED):
            return None
        return stale

    async def encode(self, dialect: Dialect) -> StagedRows:
        """Encode the rows, after all changes are made; `write_staged` writes them.

        Until then all objects of this unit have a placeholder for revision and time.
        """
        return await asyncio.to_thread(self._encode_with_placeholder, dialect)

    async def write_staged(
        self,
        connection: AsyncConnection,
        rows: StagedRows,
        snapshot: Snapshot,
        stamp: Stamp,
        stale: Collection[str] = (),
    ) -> Snapshot:
        """Write encoded rows as changes of another snapshot, after repeating the `stale` toggles.

        Return the snapshot to publish once the transaction is committed.

        Raises: Refusal: from the repeated changes of the stale toggles.
        """
        creates_environments = any(
            name == ENVIRONMENTS and key not in snapshot.environments for name, key in self._touched
        )
        withdrawn = [*self._versions_of(stale)]
        replaced = [*filter(None, map(snapshot.toggles.get, stale))]
        # Move and repeat the changes while the database executes the statements below.
        moving = asyncio.create_task(self._move_and_repeat(snapshot, stamp, stale, withdrawn))
        try:
            if stale:
                await rows.withdraw(connection, withdrawn)
                await _delete_references(connection, replaced)
            if creates_environments:
                await moving
                await self._write_environments(connection, removes=False)
            await rows.write(connection, stamp)
        finally:
            base = await moving
        if self._repeat is not None:
            batches = await asyncio.to_thread(self._encode_repeated, connection.dialect, base)
            await write_batches(connection, batches)
        if not creates_environments:
            await self._write_environments(connection, removes=False)
        await self._write_environments(connection, removes=True)
        return self._draft.snapshot()

    async def refresh_documents(self) -> None:
        """Update the documents of the events to the revision and time of the commit."""
        if self._documented == Stamp(self.revision, self.now):
            return
        for number, (event, (before, after)) in enumerate(
            zip(self._events, self._sources, strict=True)
        ):
            if number % MAX_ENCODED_AT_ONCE == 0:
                await asyncio.sleep(0)
            for document, source in ((event.before, before), (event.after, after)):
                if isinstance(source, Entity) and source.revision == self.revision:
                    document.update(document_of(source))

    def _encode_with_placeholder(self, dialect: Dialect) -> StagedRows:
        stamp = placeholder()
        self._restamp(stamp)
        batches = self._encode(dialect)
        if self._repeat is not None:
            # Do not stage the summary events: they may change when toggles are imported again.
            batches[-1].values = [values[: self._summary_at] for values in batches[-1].values]
        return StagedRows(dialect, batches, stamp)

    def _versions_of(self, names: Iterable[str]) -> Iterator[Toggle]:
        """Yield the toggles with the given names, before and after the changes."""
        for name in names:
            yield from filter(None, (self._origin.toggles.get(name), self._draft.toggles.get(name)))

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
            del self._events[self._summary_at :], self._sources[self._summary_at :]
            self._draft = Draft(base, self.revision)
            moved, self._touched = self._touched, self._repeated
            await self._repeat(stale)
            self._touched = moved | self._repeated
            # The references of stale toggles are deleted, so write these toggles even if unchanged.
            self._repeated |= dict.fromkeys(("toggles", name) for name in stale)
        return base

    def _encode_repeated(self, dialect: Dialect, base: Draft) -> list[Batch]:
        """Return the rows of repeated changes, and of the events that were not staged."""
        batches: list[Batch] = []
        if self._repeated:
            self._stamp_served_environments(base, self._repeated)
            batches = batches_between(
                dialect,
                (
                    (_without_references(look_up(base, key)), look_up(self._draft, key))
                    for key in self._repeated
                    if key[0] != ENVIRONMENTS
                ),
            )
        events, sources = self._events[self._staged_at :], self._sources[self._staged_at :]
        return [*batches, batch_of_events(dialect, events, sources)] if events else batches

    def _restamp(self, stamp: Stamp) -> None:
        """Give the changes another revision and time; takes up to 10 µs for each object."""
        revisions, times = (self.revision, stamp.revision), (self.now, stamp.time)
        made = [look_up(self._draft, object_key) for object_key in self._touched]
        documented = [source for pair in self._sources for source in pair]
        restamp((*documented, *made), revisions, times)
        for event in self._events:
            restamp_fields(event, revisions, times)
        if self._change_set is not None:
            restamp_fields(self._change_set, revisions, times)
        self.revision, self.now = stamp.revision, stamp.time

    def _move(self, snapshot: Snapshot, stamp: Stamp, withdrawn: Collection[Toggle]) -> None:
        """Move the changes, except those of `withdrawn` toggles, onto another snapshot.

        The changes get another revision and time.
        """
        if withdrawn:
            self._withdraw(withdrawn)
        before = self.revision
        self._restamp(stamp)
        draft = Draft(snapshot, stamp.revision)
        for object_key in self._touched:
            subject, current = look_up(self._draft, object_key), look_up(snapshot, object_key)
            if isinstance(subject, Environment):
                served = subject.served_revision
                if served == before:
                    served = stamp.revision
                elif served != stamp.revision:
                    served = current.served_revision
                subject = structs.replace(subject, served_revision=served)
            if current is not None:
                draft.remove(current)
            if subject is not None:
                draft.put(subject)
        self._origin, self._draft = snapshot, draft

    def _withdraw(self, toggles: Collection[Toggle]) -> None:
        """Forget all changes of some toggles."""
        for toggle in toggles:
            self._touched.pop(indexes_of(toggle)[0], None)
        ids = {toggle.id for toggle in toggles}
        left = [at for at, event in enumerate(self._events) if event.toggle_id not in ids]
        self._summary_at = bisect_left(left, self._summary_at)
        self._events = [self._events[at] for at in left]
        self._sources = [self._sources[at] for at in left]


async def _delete_references(connection: AsyncConnection, toggles: Collection[Toggle]) -> None:
    """Delete the rows that refer from toggles to tags and segments, which the unit may remove."""
    ids, strategy_ids = ids_of(toggles)
    await delete_rows(connection, "toggle_tag", "toggle_id", ids)
    await delete_rows(connection, "toggle_strategy_segment", "strategy_id", strategy_ids)


def _without_references(subject: Any) -> Any:
    """Return a toggle without the references that `_delete_references` deletes.

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
