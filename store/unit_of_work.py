"""One transaction: the changes it makes, their events, and the draft they are made on."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.aggregates import table_of, write_changes
from store.events import EventType, SubjectKind, document_of
from store.model import (
    Actor,
    ApiToken,
    ContextField,
    Environment,
    Project,
    Segment,
    Strategy,
    TagType,
    Toggle,
    ToggleType,
)
from store.rows import EventRow
from store.snapshot import Draft, Snapshot, indexes_of
from store.values import Tag

_EVENT = table_of(EventRow)


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
    ) -> None:
        self.connection = connection
        self.session = AsyncSession(connection, expire_on_commit=False)
        self.revision = revision
        self.now = now
        self.actor = actor
        self._origin = origin
        self._draft = Draft(origin, revision)
        self._touched: dict[tuple[str, Any], None] = {}
        self._events: list[dict[str, Any]] = []

    @property
    def snapshot(self) -> Snapshot:
        """The configuration as this unit has made it so far."""
        return self._draft

    @property
    def recorded(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self._events)

    def new_id(self) -> str:
        """A key for a new object."""
        return str(uuid4())

    def next_segment_id(self) -> int:
        """A key for a new segment."""
        return max(self._draft.segments, default=0) + 1

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
        wire_type: str | None = None,
        wire_data: Any = None,
        subject_kind: SubjectKind | None = None,
        subject_key: str | None = None,
        subject_name: str | None = None,
        project: str | None = None,
    ) -> None:
        """Put one event into the audit log.

        `subject` is the object of the model that changed, as it is now or was last; for anything
        else `subject_kind`, `subject_key` and `subject_name` say what changed. `before` and `after`
        are the objects whose documents the event keeps.
        """
        toggle = subject if isinstance(subject, Toggle) else None
        if subject is not None:
            subject_kind, subject_key, subject_name = identity_of(subject)
        self._events.append(
            {
                "revision": self.revision,
                "type": type.name,
                "wire_type": wire_type or type.value,
                "wire_data": wire_data,
                "summary": summary,
                "subject_kind": subject_kind,
                "subject_key": subject_key,
                "subject_name": subject_name,
                "toggle_id": toggle.id if toggle else None,
                "toggle_name": toggle.name if toggle else None,
                "environment": environment,
                "project": toggle.project if toggle else project,
                "actor_name": self.actor.name,
                "actor_kind": self.actor.kind.value,
                "actor_token_id": self.actor.token_id,
                "change_set_id": None,
                "before": document_of(before),
                "after": document_of(after),
                "created_at": self.now,
            }
        )

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
        await self.connection.execute(sa.insert(_EVENT), self._events)
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
