"""Units of work: transactions with their changes, events, and a draft of the configuration."""

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Container,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

from msgspec import structs
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from store.bulk import write_batches
from store.encoding import (
    batch_of_change_set,
    batch_of_events,
    environments_served_differently,
)
from store.events import ChangeSet, Event, EventType, SubjectKind
from store.kinds import identity_of, indexes_of, kind_of
from store.model import Actor, Entity, Toggle
from store.random_ids import random_id
from store.rebasing import ObjectKey
from store.row_changes import Batch, Kind, batches_between
from store.snapshot import Draft, Snapshot, counterpart
from store.usage.summary import UsageSummary

EntityT = TypeVar("EntityT", bound=Entity)

ENVIRONMENTS = "environments"
# Units that touch more objects than this are encoded in a thread.
MAX_ENCODED_AT_ONCE = 20


class UnitOfWork:
    """The changes that operations make in one transaction.

    Operations read `snapshot`, a draft that includes the unit's changes. Operations write with
    `put`, `remove` and `record`. Rows and events are written to the database when the unit is
    committed. Without a recorded event, nothing is written. If `what_if`, the changes are never
    stored, and the connection is only for reading.
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
        what_if: bool = False,
    ) -> None:
        self.connection = connection
        self.revision = revision
        self.now = now
        self.actor = actor
        self.usage = usage
        self.what_if = what_if
        # The time for which the commit of a large change waited for the writer's lock and held it,
        # in seconds.
        self.locked_s = 0.0
        self._new_id = new_id or random_id
        self._origin = origin
        self._draft = Draft(origin, revision)
        self._touched: dict[ObjectKey, None] = {}
        self._relied: Container[str] | None = None
        self._repeat: Callable[[Collection[str]], Awaitable[None]] | None = None
        self._repeat_reference_data: Callable[[Iterable[Toggle]], Awaitable[None]] | None = None
        # The number of events before the first event that summarizes other events.
        self._summary_at = 0
        self._events: list[Event] = []
        self._change_set: ChangeSet | None = None
        self._inserts_change_set = True
        self._after_commit: list[Callable[[], None]] = []

    @property
    def snapshot(self) -> Draft:
        """The configuration with the changes of this unit so far."""
        return self._draft

    @property
    def origin(self) -> Snapshot:
        """The configuration at the beginning of this unit."""
        return self._origin

    @property
    def change_set(self) -> ChangeSet | None:
        """The change set to which this unit's events belong."""
        return self._change_set

    @property
    def events(self) -> Sequence[Event]:
        """The events recorded so far; the commit assigns the numbers of the events."""
        return self._events

    def new_id(self) -> str:
        """Return a key for a new object."""
        return self._new_id()

    def as_found(self, current: EntityT) -> EntityT:
        """Return an object as it was before this unit; return `current` if the object is new."""
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

        `subject` is the changed object of the model, in its current or last state. For other
        subjects, give `subject_kind`, `subject_key` and `subject_name`. `before` and `after` are
        the objects whose documents the event stores. `environment` is required if the subject does
        not determine the environment.
        """
        toggle = subject if isinstance(subject, Toggle) else None
        project = None
        if subject is not None:
            subject_kind, subject_key, subject_name = identity_of(subject)
            kind = kind_of(subject)
            environment = environment or kind.environment(subject)
            project = kind.project(subject)
        if subject_kind is None or subject_key is None or subject_name is None:
            raise TypeError("the event needs a subject, or the kind, key and name of a subject")
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
                state_before=before,
                state_after=after,
                created_at=self.now,
            )
        )

    def show_as(self, wire_type: str, wire_data: Any) -> None:
        """Give the last event another type and other data in the REST API."""
        self._events[-1] = structs.replace(
            self._events[-1], wire_type=wire_type, wire_data=wire_data
        )

    def begin_change_set(self, change_set: ChangeSet, *, is_stored: bool = False) -> None:
        """Assign all following events to a change set.

        If `is_stored` is false, the change set is stored together with the events.
        """
        self._change_set = change_set
        self._inserts_change_set = not is_stored

    @asynccontextmanager
    async def trial(self) -> AsyncGenerator[None]:
        """At the end of the context, discard the changes made in the context.

        If the context raises an exception, nothing is discarded.
        """
        await self.connection.exec_driver_sql("SAVEPOINT trial")
        yield
        await self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT trial")
        await self.connection.exec_driver_sql("RELEASE SAVEPOINT trial")
        # Do not clear the old draft, because the caller may still read it.
        self._draft = Draft(self._origin, self.revision)
        self._touched.clear()
        self._events.clear()
        self._after_commit.clear()
        self._summary_at = 0
        self._change_set = None

    def after_commit(self, call: Callable[[], None]) -> None:
        """Register a function to call after the commit; without a commit, it is not called."""
        self._after_commit.append(call)

    def committed(self) -> None:
        """Call the functions registered with `after_commit`."""
        for call in self._after_commit:
            call()

    def rely_on_toggles(self, names: Container[str]) -> None:
        """Declare the toggles on which the changes depend.

        Changes also depend on the dependencies between all toggles. By default, changes depend on
        all toggles, on the objects that toggles create by naming them, and on API tokens.
        """
        self._relied = names

    def repeat_toggles_by(self, repeat: Callable[[Collection[str]], Awaitable[None]]) -> None:
        """Register a function that repeats the changes of the toggles with given names.

        The function is called on a newer snapshot, in which other units have changed the given
        toggles. Other changes of the unit are not repeated. The events that were recorded after the
        call of `summarize` are discarded. The function has to record new events that summarize the
        changes. The function must not execute statements.
        """
        self._repeat = repeat

    def repeat_reference_data_by(
        self, repeat: Callable[[Iterable[Toggle]], Awaitable[None]]
    ) -> None:
        """Register a function that repeats all changes of objects other than toggles.

        The function is called on a newer snapshot, in which other units have changed such objects.
        The argument of the function is the unit's changed toggles. If a changed toggle names a
        missing object, the function has to create the object. The writer's lock is held meanwhile,
        so there must be few such changes.
        """
        self._repeat_reference_data = repeat

    def end(self) -> None:
        """Release all registered functions.

        The functions refer to this unit of work, and the unit refers to the functions. Until a
        garbage collection, this reference cycle would keep the unit and its snapshots in memory.
        """
        self._repeat = self._repeat_reference_data = None
        self._after_commit.clear()

    def summarize(self) -> None:
        """Declare that the events from now on summarize the earlier events."""
        self._summary_at = len(self._events)

    async def flush(self, connection: AsyncConnection) -> Snapshot:
        """Write rows and events; return the snapshot to publish after the commit."""
        dialect = connection.dialect
        if len(self._touched) + len(self._events) > MAX_ENCODED_AT_ONCE:
            batches = await asyncio.to_thread(self._encode, dialect, self._events)
        else:
            batches = self._encode(dialect, self._events)
        written, removed = self._environment_batches(dialect)
        await write_batches(connection, [*written, *batches, *removed])
        return self._draft.snapshot()

    def _encode(self, dialect: Dialect, events: Sequence[Event]) -> list[Batch]:
        """Encode the rows of some events, and all other rows except the rows of environments.

        The rows of environments are encoded last, because their revisions depend on other rows.
        """
        self._stamp_served_environments(self._origin, self._touched)
        batches = batches_between(dialect, self._changes(environments=False))
        if self._change_set is not None and self._inserts_change_set:
            batches.append(batch_of_change_set(dialect, self._change_set))
        return [*batches, batch_of_events(dialect, events)]

    async def _write_environments(self, connection: AsyncConnection, *, removes: bool) -> None:
        """Write the existing environments; with `removes`, delete the removed environments instead.

        Write the toggles before removing environments, because stored toggles may refer to them.
        """
        await write_batches(connection, self._environment_batches(connection.dialect)[removes])

    def _environment_batches(self, dialect: Dialect) -> tuple[list[Batch], list[Batch]]:
        """Return the rows of existing environments, and the rows of removed environments."""
        batches = batches_between(dialect, self._changes(environments=True))
        removed = [batch for batch in batches if batch.kind is Kind.DELETE]
        return [batch for batch in batches if batch.kind is not Kind.DELETE], removed

    def _changes(self, *, environments: bool) -> Iterator[tuple[Any, Any]]:
        """Yield the states of touched objects before and after this unit.

        The objects are either the environments or all other objects.
        """
        for object_key in self._touched:
            if (object_key[0] == ENVIRONMENTS) is environments:
                yield look_up(self._origin, object_key), look_up(self._draft, object_key)

    def _stamp_served_environments(
        self, origin: Snapshot, touched: Collection[ObjectKey], served: Collection[str] = ()
    ) -> None:
        """Set `served_revision` of the environments whose features bodies may have changed.

        The affected environments are the environments in `served`, and the environments that
        touched objects affect.
        """
        stamped = set(served)
        for name, key in list(touched):
            if name == "segments":
                stamped.update(self._draft.environments)
            elif name == "toggles":
                before, after = look_up(origin, (name, key)), look_up(self._draft, (name, key))
                environments = self._draft.environments
                stamped.update(environments_served_differently(before, after, environments))
        for environment in map(self._draft.environments.get, sorted(stamped)):
            if environment is not None:
                self.put(structs.replace(environment, served_revision=self.revision))


def look_up(snapshot: Snapshot, object_key: ObjectKey) -> Any:
    """Return an object of a snapshot; None if the snapshot does not have the object."""
    name, key = object_key
    return getattr(snapshot, name).get(key)
