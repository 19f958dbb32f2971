"""One transaction: the changes it makes, their events, and the draft they are made on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.aggregates import table_of, write_changes
from store.events import ChangeSet, Event, EventType, SubjectKind, document_of, row_of
from store.metrics.usage import UsageSummary
from store.model import (
    Actor,
    ApiToken,
    ContextField,
    Entity,
    Environment,
    Project,
    Segment,
    Strategy,
    TagType,
    Toggle,
    ToggleType,
)
from store.rows import ChangeSetRow, EventRow
from store.snapshot import Draft, Snapshot, counterpart, indexes_of
from store.values import Tag

EntityT = TypeVar("EntityT", bound=Entity)

_EVENT = table_of(EventRow)
_CHANGE_SET = table_of(ChangeSetRow)


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
        self._touched: dict[tuple[str, Any], None] = {}
        self._events: list[Event] = []
        self._change_set: ChangeSet | None = None
        self._after_commit: list[Callable[[], None]] = []

    @property
    def snapshot(self) -> Snapshot:
        """The configuration as this unit has made it so far."""
        return self._draft

    @property
    def change_set(self) -> ChangeSet | None:
        """The change set that this unit's events belong to."""
        return self._change_set

    @property
    def events(self) -> Sequence[Event]:
        """What was recorded so far; the numbers are given out when it is committed."""
        return self._events

    def new_id(self) -> str:
        """A key for a new object."""
        return self._new_id()

    def as_found(self, current: EntityT) -> EntityT:
        """An object as it was before this unit changed it; itself if this unit made it."""
        return current if current.revision != self.revision else counterpart(self._origin, current)

    def put(self, subject: Any) -> None:
        """Insert an object, or let it take the place of the one with its key."""
        self._touched[indexes_of(subject)[0]] = None
        self._draft.put(subject)

    def remove(self, subject: Any) -> None:
        """Take an object out."""
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
        """Put one event into the audit log.

        `subject` is the object of the model that changed, as it is now or was last; for anything
        else `subject_kind`, `subject_key` and `subject_name` say what changed. `before` and `after`
        are the objects whose documents the event keeps. `environment` is the one concerned where
        the subject does not tell.
        """
        toggle = subject if isinstance(subject, Toggle) else None
        if subject is not None:
            subject_kind, subject_key, subject_name = identity_of(subject)
        if subject_kind is None or subject_key is None or subject_name is None:
            raise TypeError("an event has a subject, or the kind, key and name of one")
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
                environment=environment or _environment_of(subject),
                project=_project_of(subject),
                actor=self.actor,
                change_set_id=self._change_set.id if self._change_set else None,
                before=document_of(before),
                after=document_of(after),
                created_at=self.now,
            )
        )

    def show_as(self, wire_type: str, wire_data: Any) -> None:
        """Let the event recorded last be told over REST as a type and data of its own, where these
        are others than its type and its documents."""
        self._events[-1] = structs.replace(
            self._events[-1], wire_type=wire_type, wire_data=wire_data
        )

    def begin_change_set(self, change_set: ChangeSet) -> None:
        """Let all events from here on belong to a change set, which is stored with them."""
        self._change_set = change_set

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call something once the changes are committed, and never if they are not."""
        self._after_commit.append(call)

    def committed(self) -> None:
        """Make the calls that waited for the commit."""
        for call in self._after_commit:
            call()

    async def flush(self) -> Snapshot:
        """Write rows and events; the snapshot that holds once the transaction is committed."""
        self._stamp_served_environments()
        await write_changes(
            self.connection,
            [
                (_look_up(self._origin, touched), _look_up(self._draft, touched))
                for touched in self._touched
            ],
        )
        if self._change_set is not None:
            await self.connection.execute(
                sa.insert(_CHANGE_SET).values(structs.asdict(self._change_set))
            )
        await self.connection.execute(sa.insert(_EVENT), [row_of(it) for it in self._events])
        return self._draft.snapshot()

    def _stamp_served_environments(self) -> None:
        """Move `served_revision` of the environments whose SDKs may be served something else
        now."""
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


def _look_up(snapshot: Snapshot, touched: tuple[str, Any]) -> Any:
    name, key = touched
    return getattr(snapshot, name).get(key)


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


def _environment_of(subject: Any) -> str | None:
    match subject:
        case Environment():
            return subject.name
        case ApiToken():
            return subject.environment
        case _:
            return None


def _project_of(subject: Any) -> str | None:
    match subject:
        case Toggle():
            return subject.project
        case Project():
            return subject.name
        case _:
            return None


def identity_of(subject: Any) -> tuple[SubjectKind, str, str]:
    """Kind, key and name of an object of the model, as events say them."""
    match subject:
        case Toggle():
            return SubjectKind.TOGGLE, subject.id, subject.name
        case Strategy():
            return SubjectKind.STRATEGY, subject.name, subject.name
        case Environment():
            return SubjectKind.ENVIRONMENT, subject.name, subject.name
        case Project():
            return SubjectKind.PROJECT, subject.name, subject.name
        case ToggleType():
            return SubjectKind.TOGGLE_TYPE, subject.name, subject.name
        case Segment():
            return SubjectKind.SEGMENT, str(subject.id), subject.name
        case ContextField():
            return SubjectKind.CONTEXT_FIELD, subject.name, subject.name
        case TagType():
            return SubjectKind.TAG_TYPE, subject.name, subject.name
        case Tag():
            return (
                SubjectKind.TAG,
                f"{subject.type}:{subject.value}",
                f"{subject.type}:{subject.value}",
            )
        case ApiToken():
            return SubjectKind.API_TOKEN, subject.id, subject.name
        case _:
            raise TypeError(f"{type(subject).__name__} is no configuration")
