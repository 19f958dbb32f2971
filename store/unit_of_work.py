"""One transaction: the changes it makes, their events, and the draft they are made on."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
from msgspec import structs
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.aggregates import table_of
from store.bulk import write_batches
from store.events import ChangeSet, Event, EventType, SubjectKind, document_of, row_of
from store.kinds import identity_of, indexes_of, kind_of
from store.model import Actor, ApiToken, Entity, Environment, Toggle
from store.rebasing import ObjectKey, is_disjoint, restamp, restamp_fields
from store.row_changes import Batch, Kind, batch_of, batches_between
from store.rows import ChangeSetRow, EventRow
from store.snapshot import Draft, Snapshot, counterpart
from store.staging import StagedRows, Stamp, placeholder
from store.usage.summary import UsageSummary

EntityT = TypeVar("EntityT", bound=Entity)

_EVENT = table_of(EventRow)
_CHANGE_SET = table_of(ChangeSetRow)
_EVENT_COLUMNS = tuple(column.name for column in _EVENT.columns if column.name != "number")
_DOCUMENTS = tuple(map(_EVENT_COLUMNS.index, ("before", "after")))
_ENVIRONMENTS = "environments"
# Units that touch more objects are encoded in a thread.
_MAX_ENCODED_AT_ONCE = 20


def random_id() -> str:
    """A key that no object has or ever had."""
    return str(uuid4())


class UnitOfWork:
    """What operations work on.

    They read `snapshot`, a draft that already holds this unit's own changes, and write by `put`,
    `remove` and `record`. Rows and events reach the database when the unit is committed; nothing
    does when it recorded no event.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        origin: Snapshot,
        *,
        revision: int,
        now: datetime,
        actor: Actor,
        usage: UsageSummary,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        self.connection = connection
        self.session = AsyncSession(connection, expire_on_commit=False)
        self.revision = revision
        self.now = now
        self.actor = actor
        self.usage = usage
        self._new_id = new_id or random_id
        self._origin = origin
        self._draft = Draft(origin, revision)
        self._touched: dict[ObjectKey, None] = {}
        self._relied: Collection[str] | None = None
        self._events: list[Event] = []
        # The objects that the events' documents were made of.
        self._sources: list[tuple[Any, Any]] = []
        # The stamp that the events' documents have.
        self._documented = Stamp(revision, now)
        self._change_set: ChangeSet | None = None
        self._after_commit: list[Callable[[], None]] = []

    @property
    def snapshot(self) -> Snapshot:
        """The configuration with the changes of this unit so far."""
        return self._draft

    @property
    def origin(self) -> Snapshot:
        """The configuration that this unit began on."""
        return self._origin

    @property
    def change_set(self) -> ChangeSet | None:
        """The change set that this unit's events belong to."""
        return self._change_set

    @property
    def events(self) -> Sequence[Event]:
        """The events recorded so far; the commit assigns their numbers."""
        return self._events

    def new_id(self) -> str:
        """A key for a new object."""
        return self._new_id()

    def as_found(self, current: EntityT) -> EntityT:
        """An object as it was before this unit changed it; itself if this unit made it."""
        return current if current.revision != self.revision else counterpart(self._origin, current)

    def put(self, subject: Any) -> None:
        """Insert an object, or replace the object with the same key."""
        self._touched[indexes_of(subject)[0]] = None
        self._draft.put(subject)

    def remove(self, subject: Any) -> None:
        """Remove an object."""
        self._touched[indexes_of(subject)[0]] = None
        self._draft.remove(subject)

    def record(
        self,
        type: EventType,
        *,
        subject: Any = None,
        before: Any = None,
        after: Any = None,
        summary: str,
        environment: str | None = None,
        subject_kind: SubjectKind | None = None,
        subject_key: str | None = None,
        subject_name: str | None = None,
    ) -> None:
        """Record an event in the audit log.

        `subject` is the object of the model that changed, in its current or last state; anything
        else is identified by `subject_kind`, `subject_key` and `subject_name`. `before` and `after`
        are the objects whose documents the event stores. `environment` is required where the
        subject does not determine it.
        """
        toggle = subject if isinstance(subject, Toggle) else None
        project = None
        if subject is not None:
            subject_kind, subject_key, subject_name = identity_of(subject)
            kind = kind_of(subject)
            environment = environment or kind.environment(subject)
            project = kind.project(subject)
        if subject_kind is None or subject_key is None or subject_name is None:
            raise TypeError("an event has a subject, or the kind, key and name of one")
        self._sources.append((before, after))
        self._events.append(
            Event(
                number=0,
                revision=self.revision,
                type=type,
                wire_type=type.value,
                summary=summary,
                subject_kind=subject_kind,
                subject_key=subject_key,
                subject_name=subject_name,
                toggle_id=toggle.id if toggle else None,
                toggle_name=toggle.name if toggle else None,
                environment=environment,
                project=project,
                actor=self.actor,
                change_set_id=self._change_set.id if self._change_set else None,
                before=document_of(before),
                after=document_of(after),
                created_at=self.now,
            )
        )

    def show_as(self, wire_type: str, wire_data: Any) -> None:
        """Give the last event another type and other data in the REST API than its own type and
        documents."""
        self._events[-1] = structs.replace(
            self._events[-1], wire_type=wire_type, wire_data=wire_data
        )

    def begin_change_set(self, change_set: ChangeSet) -> None:
        """Assign all following events to a change set, which is stored with them."""
        self._change_set = change_set

    def after_commit(self, call: Callable[[], None]) -> None:
        """Register a function to call after the commit; it is not called without one."""
        self._after_commit.append(call)

    def committed(self) -> None:
        """Call the functions registered with `after_commit`."""
        for call in self._after_commit:
            call()

    def rely_on_toggles(self, names: Collection[str]) -> None:
        """Declare that the changes depend only on these toggles and the dependencies of others.

        By default they depend on all toggles.
        """
        self._relied = names

    def can_move(self, snapshot: Snapshot) -> bool:
        """Whether the changes would be the same on another snapshot."""
        return is_disjoint(self._origin, snapshot, self._touched, self._relied)

    async def encode(self, dialect: Dialect) -> StagedRows:
        """Encode the rows, after all changes are made; `write_staged` writes them.

        Until then all objects of this unit have a placeholder for revision and time.
        """
        return await asyncio.to_thread(self._encode_with_placeholder, dialect)

    async def write_staged(
        self, connection: AsyncConnection, rows: StagedRows, snapshot: Snapshot, stamp: Stamp
    ) -> Snapshot:
        """Write encoded rows as changes of another snapshot, for which `can_move` holds.

        Returns the snapshot to publish once the transaction is committed.
        """
        creates_environments = any(
            name == _ENVIRONMENTS and key not in snapshot.environments
            for name, key in self._touched
        )
        # In a thread, while the database executes the statements.
        moving = asyncio.create_task(asyncio.to_thread(self._move, snapshot, stamp))
        try:
            if creates_environments:
                await moving
                await self._write_environments(connection, removes=False)
            await rows.write(connection, stamp)
        finally:
            await moving
        if not creates_environments:
            await self._write_environments(connection, removes=False)
        await self._write_environments(connection, removes=True)
        return self._draft.snapshot()

    async def flush(self, connection: AsyncConnection) -> Snapshot:
        """Write rows and events; return the snapshot to publish after the commit."""
        dialect = connection.dialect
        if len(self._touched) + len(self._events) > _MAX_ENCODED_AT_ONCE:
            batches = await asyncio.to_thread(self._encode, dialect)
        else:
            batches = self._encode(dialect)
        await self._write_environments(connection, removes=False)
        await write_batches(connection, batches)
        await self._write_environments(connection, removes=True)
        return self._draft.snapshot()

    async def refresh_documents(self) -> None:
        """Update the documents of the events to the revision and time of the commit."""
        if self._documented == Stamp(self.revision, self.now):
            return
        for number, (event, (before, after)) in enumerate(
            zip(self._events, self._sources, strict=True)
        ):
            if number % _MAX_ENCODED_AT_ONCE == 0:
                await asyncio.sleep(0)
            for document, source in ((event.before, before), (event.after, after)):
                if isinstance(source, Entity) and source.revision == self.revision:
                    document.update(document_of(source))

    def _encode_with_placeholder(self, dialect: Dialect) -> StagedRows:
        stamp = placeholder()
        self._restamp(stamp)
        return StagedRows(dialect, self._encode(dialect), stamp)

    def _encode(self, dialect: Dialect) -> list[Batch]:
        """All rows but those of environments, which every unit stamps."""
        self._stamp_served_environments()
        batches = batches_between(dialect, self._changes(environments=False))
        if self._change_set is not None:
            columns = tuple(_CHANGE_SET.columns.keys())
            records = [structs.asdict(self._change_set)]
            batches.append(batch_of(dialect, Kind.INSERT, _CHANGE_SET, columns, records))
        # The objects are encoded as they are, which is faster than encoding their documents.
        records = [row_of(event) | {"before": None, "after": None} for event in self._events]
        events = batch_of(dialect, Kind.INSERT, _EVENT, _EVENT_COLUMNS, records)
        for position, sources in zip(_DOCUMENTS, zip(*self._sources, strict=True), strict=True):
            events.values[position] = [*map(_text_of, sources)]
        return [*batches, events]

    async def _write_environments(self, connection: AsyncConnection, *, removes: bool) -> None:
        """Write the existing environments, or with `removes` delete the removed ones.

        Toggles refer to the removed ones until the toggles are written.
        """
        batches = batches_between(connection.dialect, self._changes(environments=True))
        chosen = [batch for batch in batches if (batch.kind is Kind.DELETE) is removes]
        await write_batches(connection, chosen)

    def _restamp(self, stamp: Stamp) -> None:
        """Give the changes another revision and time; takes up to 10 µs for each object."""
        revisions, times = (self.revision, stamp.revision), (self.now, stamp.time)
        made = [_look_up(self._draft, object_key) for object_key in self._touched]
        documented = [source for pair in self._sources for source in pair]
        restamp((*documented, *made), revisions, times)
        for event in self._events:
            restamp_fields(event, revisions, times)
        if self._change_set is not None:
            restamp_fields(self._change_set, revisions, times)
        self.revision, self.now = stamp.revision, stamp.time

    def _move(self, snapshot: Snapshot, stamp: Stamp) -> None:
        """Move the changes onto another snapshot, with another revision and time."""
        before = self.revision
        self._restamp(stamp)
        draft = Draft(snapshot, stamp.revision)
        for object_key in self._touched:
            subject, current = _look_up(self._draft, object_key), _look_up(snapshot, object_key)
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

    def _changes(self, *, environments: bool) -> Iterator[tuple[Any, Any]]:
        """The touched objects before and after: the environments, or all others."""
        for object_key in self._touched:
            if (object_key[0] == _ENVIRONMENTS) is environments:
                yield _look_up(self._origin, object_key), _look_up(self._draft, object_key)

    def _stamp_served_environments(self) -> None:
        """Set `served_revision` of the environments whose features bodies may have changed."""
        stamped: set[str] = set()
        for name, key in list(self._touched):
            before, after = _look_up(self._origin, (name, key)), _look_up(self._draft, (name, key))
            if name == "segments":
                stamped.update(self._draft.environments)
            elif name == "toggles":
                stamped.update(_served_differently(before, after, self._draft.environments))
        for environment in map(self._draft.environments.get, sorted(stamped)):
            if environment is not None:
                self.put(structs.replace(environment, served_revision=self.revision))


def _look_up(snapshot: Snapshot, object_key: ObjectKey) -> Any:
    name, key = object_key
    return getattr(snapshot, name).get(key)


def _text_of(source: Any) -> str | None:
    """The document of an object as its column holds it."""
    if source is None:
        return None
    if isinstance(source, ApiToken):
        source = document_of(source)  # without its secret
    return msgspec.json.encode(source).decode()


def _served_differently(before: Toggle | None, after: Toggle | None, environments: Any) -> set[str]:
    live_before = before is not None and not before.archived
    live_after = after is not None and not after.archived
    if not live_before and not live_after:
        return set()
    if before is None or after is None or live_before != live_after:
        return set(environments)
    neutral: dict[str, Any] = {"environments": {}, "revision": 0, "updated_at": after.updated_at}
    if structs.replace(before, **neutral) != structs.replace(after, **neutral):
        return set(environments)
    return {
        name
        for name in {*before.environments, *after.environments}
        if before.environments.get(name) is not after.environments.get(name)
    }
