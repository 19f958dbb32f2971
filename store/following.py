"""Follow the commits of other processes by their events.

An event contains the whole object after a change, so one statement can load a few commits. The
statement also reads which environments have new features bodies, because events do not contain
that. If a toggle names a tag, project or type that does not exist, the object is created without an
event.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import load_kind, table_of
from store.events import SubjectKind
from store.history import Mark
from store.kinds import KINDS, KINDS_BY_SUBJECT
from store.model import TagType, Toggle
from store.rows import EnvironmentRow, EventRow, ServerStateRow, ToggleRow
from store.snapshot import Draft, Snapshot

# The maximum number of events to follow. If there are more events, the rows of objects are loaded.
MAX_EVENTS = 200
# The length of documents to decode before yielding to the event loop.
CHARACTERS_PER_YIELD = 200_000

_STATE = table_of(ServerStateRow)
_EVENT = table_of(EventRow)
_ENVIRONMENT = table_of(EnvironmentRow)
_TOGGLE = table_of(ToggleRow)

_KINDS = {kind.subject.value: kind for kind in KINDS}
_DECODERS = {kind.subject.value: msgspec.json.Decoder(kind.model) for kind in KINDS}
# Events about applications and change sets do not change the configuration.
_WITHOUT_OBJECT = frozenset({SubjectKind.APPLICATION.value, SubjectKind.CHANGE_SET.value})
# If the type of an event ends with one of these strings, the object does not exist after the event.
_ENDINGS = ("_DELETED", "_REVOKED")


class News(Struct, frozen=True):
    """The revision of the database, and the events after a known revision, in order.

    `marked_at` is the time of the event of the known mark; None if the event does not exist.
    `served` has the served revisions of environments whose features bodies changed.
    `changed_toggles` is the number of existing toggles that changed. Counting and reading stop at
    MAX_EVENTS + 1.
    """

    revision: int
    newest_event: int
    marked_at: datetime | None
    served: dict[str, int]
    changed_toggles: int
    events: Sequence[Any]

    @property
    def newest_mark(self) -> Mark | None:
        """The mark of the newest event, None if there are no events."""
        return (self.events[-1].event_revision, self.events[-1].created_at) if self.events else None


def _statement() -> sa.Select[Any]:
    """Build the statement of `read_news`."""
    known = sa.bindparam("known", type_=sa.BigInteger())
    limit = sa.bindparam("limit_", type_=sa.Integer())
    following = (
        sa.select(
            _EVENT.c.revision.label("event_revision"),
            _EVENT.c.number,
            _EVENT.c.type,
            _EVENT.c.subject_kind,
            _EVENT.c.subject_key,
            _EVENT.c.created_at,
            sa.type_coerce(_EVENT.c.after, sa.Text()).label("after"),
        )
        .where(_EVENT.c.revision > known)
        # Sort in the order of the index. Otherwise the database might read the whole log.
        .order_by(_EVENT.c.revision, _EVENT.c.number)
        .limit(limit)
        .subquery()
    )
    marked = sa.bindparam("marked", type_=sa.BigInteger())
    marked_at = sa.select(_EVENT.c.created_at).where(_EVENT.c.revision == marked).limit(1)
    names = _ENVIRONMENT.c.name + " " + sa.cast(_ENVIRONMENT.c.served_revision, sa.Text())
    served = sa.select(sa.func.aggregate_strings(names, "\n")).where(
        _ENVIRONMENT.c.served_revision > known
    )
    changed = sa.select(_TOGGLE.c.id).where(_TOGGLE.c.revision > known).limit(limit).subquery()
    return (
        sa.select(
            _STATE.c.revision,
            sa.select(sa.func.max(_EVENT.c.number)).scalar_subquery().label("newest_event"),
            marked_at.scalar_subquery().label("marked_at"),
            served.scalar_subquery().label("served"),
            sa.select(sa.func.count()).select_from(changed).scalar_subquery().label("changed"),
            *following.c,
        )
        .select_from(_STATE.outerjoin(following, sa.true()))
        .order_by(following.c.event_revision, following.c.number)
    )


# This statement is a constant, because SQLAlchemy compiles each statement object only once.
_READ_NEWS = _statement()


async def read_news(connection: AsyncConnection, known: int, marked: int | None) -> News:
    """Read the events after the revision `known`; `marked` is the revision of the known mark."""
    parameters = {"known": known, "marked": marked, "limit_": MAX_EVENTS + 1}
    rows = (await connection.execute(_READ_NEWS, parameters)).all()
    first = rows[0]
    pairs = (line.rpartition(" ") for line in (first.served or "").split("\n") if line)
    return News(
        revision=first.revision,
        newest_event=first.newest_event or 0,
        marked_at=first.marked_at,
        served={name: int(revision) for name, _, revision in pairs},
        changed_toggles=first.changed,
        events=rows if first.number is not None else (),
    )


async def follow(
    connection: AsyncConnection, known: Snapshot, news: News, *, up_to: int
) -> Snapshot | None:
    """Return the snapshot at the last revision in `news`, which is `up_to`.

    Return None if the events do not suffice. This is the case if there are too many events, or if
    some events were removed. It is also the case if an import or a newer release recorded the
    events.
    """
    revisions = {event.event_revision for event in news.events}
    if len(news.events) > MAX_EVENTS or revisions != {*range(known.revision + 1, up_to + 1)}:
        return None
    follower = _Follower(known, up_to)
    decoded = 0
    for event in news.events:
        if decoded > CHARACTERS_PER_YIELD:
            await asyncio.sleep(0)
            decoded = 0
        decoded += len(event.after or "")
        if not follower.apply(event):
            return None
    return await follower.finish(connection, news)


class _Follower:
    """Applies events to a draft."""

    def __init__(self, known: Snapshot, revision: int) -> None:
        self._known = known
        self._draft = Draft(known, revision)
        # The kinds of which all rows have to be loaded.
        self._loaded: set[SubjectKind] = set()
        # The IDs of toggles that events name.
        self._toggles: set[str] = set()

    def apply(self, event: Any) -> bool:
        """Apply an event; return whether its effect is known."""
        kind = _KINDS.get(event.subject_kind)
        if kind is None:
            return event.subject_kind in _WITHOUT_OBJECT
        if kind.has_secrets:
            # Load the rows, because events do not contain the secrets.
            self._loaded.add(kind.subject)
            return True
        current = getattr(self._draft, kind.event_index).get(
            kind.parse_event_key(event.subject_key)
        )
        if event.after is None:
            if not event.type.endswith(_ENDINGS):
                return False
            if current is not None:
                self._remove(current)
            return True
        try:
            subject: Any = _DECODERS[event.subject_kind].decode(event.after)
        except msgspec.DecodeError:
            return False
        if isinstance(subject, Toggle):
            self._toggles.add(subject.id)
            self._declare_references(subject)
            _share_configurations(subject, current)
        if subject != current:
            self._draft.put(subject)
        return True

    async def finish(self, connection: AsyncConnection, news: News) -> Snapshot | None:
        """Return the snapshot; None if there are changes without an event."""
        for name, revision in news.served.items():
            environment = self._draft.environments.get(name)
            if environment is None:
                return None
            if environment.served_revision != revision:
                self._draft.put(structs.replace(environment, served_revision=revision))
        toggles = filter(None, map(self._draft.toggles_by_id.get, self._toggles))
        changed = sum(toggle.revision > self._known.revision for toggle in toggles)
        if changed != news.changed_toggles:
            return None
        for kind in self._loaded:
            await load_kind(connection, KINDS_BY_SUBJECT[kind], self._draft.configuration)
        return self._draft.snapshot()

    def _remove(self, subject: Any) -> None:
        self._draft.remove(subject)
        if isinstance(subject, TagType):
            for tag in [tag for tag in self._draft.tags.values() if tag.type == subject.name]:
                self._draft.remove(tag)

    def _declare_references(self, toggle: Toggle) -> None:
        """Create the objects that a toggle creates by naming them."""
        for tag in toggle.tags:
            if (tag.type, tag.value) not in self._draft.tags:
                self._draft.put(tag)
        if toggle.type not in self._draft.toggle_types:
            self._loaded.add(SubjectKind.TOGGLE_TYPE)
        if toggle.project not in self._draft.projects:
            self._loaded.add(SubjectKind.PROJECT)


def _share_configurations(toggle: Toggle, known: Toggle | None) -> None:
    """Sort a decoded toggle's configurations, and replace them by known, equal configurations.

    Values that were derived from the known objects therefore remain valid.
    """
    configurations = sorted(toggle.environments.items())
    toggle.environments.clear()
    for name, configuration in configurations:
        same = known.environments.get(name) if known is not None else None
        if same is not None and same == configuration:
            toggle.environments[name] = same
        else:
            toggle.environments[name] = configuration
