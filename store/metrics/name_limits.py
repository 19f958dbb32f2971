"""Limits on the new names that reports bring: applications, and toggles that nobody has defined.

The journal decides in the transaction that commits a report, before it is acknowledged: a report
that is acknowledged has room in the tables, and the limits hold across processes.
"""

import logging
import math
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.aggregates import table_of
from store.database import Database
from store.metrics.new_names import Name, NewNames, Reservation, TooManyNamesError
from store.metrics.reports import AnyReport, UsageReport
from store.metrics.room import Removed, make_room_for_applications, make_room_for_names
from store.metrics.usage import UsageSummary
from store.rows import ApplicationRow, NameAllowanceRow, UnknownNameRow

# New names from one source, such as a token, within an hour of the clock.
MAX_NEW_APPLICATIONS = 200
MAX_NEW_UNKNOWN_NAMES = 2_000
# Names in all. An unknown name counts once for each application that asked for it.
MAX_APPLICATIONS = 10_000
MAX_UNKNOWN_NAMES = 50_000
MAX_UNKNOWN_NAMES_OF_APPLICATION = 2_000

HOUR = timedelta(hours=1)
# When to try again once there is no room: some names may have fallen silent by then.
FULL_RETRY_AFTER_S = 600
FULL_RECHECK_INTERVAL = timedelta(seconds=10)
# Names that this process remembers until they are in the tables. Forgetting one costs a look-up.
MAX_REMEMBERED = 10_000
# Names in one condition.
CHUNK = 500

_APPLICATION = table_of(ApplicationRow)
_UNKNOWN = table_of(UnknownNameRow)
_ALLOWANCE = table_of(NameAllowanceRow)
# The source of the row that all processes lock before they decide, and that counts all sources.
_ALL_SOURCES = ""
_ALL_APPLICATIONS = "applications"
_ALL_NAMES = "names"
_log = logging.getLogger(__name__)


class _Used(Struct, frozen=True):
    """What a source has used of its allowances in the hour that began at `hour`, or more."""

    hour: datetime
    applications: int = 0
    unknown_names: int = 0


class _Full(Struct, frozen=True):
    """That a table has no room until a time, and why."""

    until: datetime
    what: str


class NameLimits:
    """Knows in memory which names have room, so that reports without new ones cost no query."""

    def __init__(
        self,
        database: Database,
        usage: UsageSummary,
        clock: Callable[[], datetime],
        toggles: Callable[[], Collection[str]],
    ) -> None:
        self._database = database
        self._usage = usage
        self._clock = clock
        self._toggles = toggles
        self._applications: set[str] = set()
        # Names that were reserved a moment ago and are not in the summary of usage yet.
        self._names: set[Name] = set()
        self._used: dict[str, _Used] = {}
        self._full: dict[str, _Full] = {}
        self._logged: set[tuple[str, str]] = set()
        self._logging_hour: datetime | None = None

    async def load(self, session: AsyncSession) -> None:
        """Begin anew with the applications that the table holds."""
        self._applications = set(await session.scalars(sa.select(_APPLICATION.c.name)))
        self._names.clear()
        self._used.clear()
        self._full.clear()

    def find_new(self, reports: Iterable[AnyReport], source: str | None) -> NewNames | None:
        """The names in reports that this process does not know; None when it knows all."""
        new: NewNames | None = None
        toggles = self._toggles()
        for report in reports:
            app_name = report.app_name
            if app_name not in self._applications:
                new = new or NewNames(source)
                new.applications.setdefault(app_name, report)
            if not isinstance(report, UsageReport):
                continue
            reported = self._usage.names_of(app_name)
            for name in report.toggles:
                if name in toggles or name in reported or (app_name, name) in self._names:
                    continue
                new = new or NewNames(source)
                new.names.setdefault((app_name, name), report)
        return new

    def is_exhausted(self, new: NewNames) -> bool:
        """Whether new names are beyond a limit, as far as this process knows."""
        try:
            self._check_known(new)
        except TooManyNamesError:
            return True
        return False

    async def look_up(self, new: NewNames) -> NewNames | None:
        """What is left of new names without those that another process has stored meanwhile.

        It takes no lock, so that refusing reports keeps nobody from writing.

        Raises:
            TooManyNamesError: the rest is beyond a limit.
            StoreUnavailableError: the database is away.
        """
        if len(new.names) > MAX_NEW_UNKNOWN_NAMES:
            raise self._too_many_unknown(new)
        async with self._database.begin_read() as session:
            await self._remove_stored(session, new)
        self._check_known(new)
        return new if new.applications or new.names else None

    async def reserve(
        self, connection: AsyncConnection, new: NewNames, reservation: Reservation
    ) -> None:
        """Store new names inside the caller's transaction, which other processes' ones wait for.

        Raises: TooManyNamesError: a limit is reached; none of them was stored.
        """
        if (
            new.applications.keys() <= reservation.applications
            and new.names.keys() <= reservation.names
        ):
            return
        now = self._clock()
        await self._use(connection, _ALL_SOURCES, now)
        for (app_name, _), report in new.names.items():
            # An application that this process knows may have been deleted by another one.
            new.applications.setdefault(app_name, report)
        await self._remove_stored(connection, new)
        if not new.applications and not new.names:
            return
        await self._check_allowance(connection, new, now)
        await self._make_room(connection, new, reservation, now)
        if new.applications:
            await connection.execute(
                sa.insert(_APPLICATION),
                [_application(name, it) for name, it in sorted(new.applications.items())],
            )
        if new.names:
            await connection.execute(
                sa.insert(_UNKNOWN),
                [
                    {"app_name": app_name, "toggle_name": name, "created_at": it.received_at}
                    for (app_name, name), it in sorted(new.names.items())
                ],
            )
        await self._count(connection, new, now)
        reservation.applications.update(new.applications)
        reservation.names.update(new.names)

    def confirm(self, reservation: Reservation) -> None:
        """Take over a reservation whose transaction was committed."""
        self.forget(reservation.removed)
        if len(self._applications) + len(reservation.applications) > 2 * MAX_APPLICATIONS:
            self._applications.clear()
        if len(self._names) + len(reservation.names) > MAX_REMEMBERED:
            self._names.clear()
        self._applications |= reservation.applications
        self._names |= reservation.names

    def forget_allowances(self) -> None:
        """Forget what was learned in a transaction that was rolled back."""
        self._used.clear()
        self._full.clear()

    def forget(self, removed: Removed) -> None:
        """Forget names whose rows were removed."""
        self._applications.difference_update(removed.applications)
        for app_name in removed.applications:
            self._usage.forget_application(app_name)
        for toggle_name, environment, app_name in removed.usages:
            self._usage.forget(toggle_name, environment, app_name)
        self._names.difference_update(removed.names)

    async def trim(self, now: datetime) -> None:
        """Remove what is beyond the limits: names that came back just when they were removed."""
        async with self._database.begin_read() as session:
            counts = [
                await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in (_APPLICATION, _UNKNOWN)
            ]
        if counts[0] <= MAX_APPLICATIONS and counts[1] <= MAX_UNKNOWN_NAMES:
            return
        reservation = Reservation()
        async with self._database.begin_write() as connection:
            await self._use(connection, _ALL_SOURCES, now)
            for removed in (
                await make_room_for_applications(connection, MAX_APPLICATIONS, 0, now),
                await make_room_for_names(connection, MAX_UNKNOWN_NAMES, 0, now),
            ):
                reservation.removed.add(removed or Removed())
        self.confirm(reservation)

    async def _remove_stored(self, session: AsyncSession | AsyncConnection, new: NewNames) -> None:
        for names in _chunks(list(new.applications)):
            statement = sa.select(_APPLICATION.c.name).where(_APPLICATION.c.name.in_(names))
            for (name,) in await session.execute(statement):
                del new.applications[name]
                self._applications.add(name)
        for names in _chunks(list(new.names)):
            pair = sa.tuple_(_UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name)
            statement = sa.select(_UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name).where(
                pair.in_(names)
            )
            for app_name, name in await session.execute(statement):
                del new.names[app_name, name]

    async def _use(self, connection: AsyncConnection, source: str, now: datetime) -> None:
        """Learn what a source has used of this hour; its row stays locked for the transaction."""
        insert = self._database.upsert(_ALLOWANCE).values(
            source=source, hour=_hour(now), applications=0, unknown_names=0
        )
        statement = insert.on_conflict_do_update(
            index_elements=["source", "hour"],
            set_={"applications": _ALLOWANCE.c.applications},
        ).returning(_ALLOWANCE.c.applications, _ALLOWANCE.c.unknown_names)
        used = (await connection.execute(statement)).one()
        if len(self._used) >= MAX_REMEMBERED:
            self._used.clear()
        self._used[source] = _Used(_hour(now), used.applications, used.unknown_names)

    async def _check_allowance(
        self, connection: AsyncConnection, new: NewNames, now: datetime
    ) -> None:
        if new.source is not None:
            await self._use(connection, new.source, now)
        self._check_known(new)

    def _check_known(self, new: NewNames) -> None:
        """Raises: TooManyNamesError: a limit is reached, as far as this process knows."""
        now = self._clock()
        used = self._used.get(new.source) if new.source is not None else None
        if used is None or used.hour != _hour(now):
            used = _Used(_hour(now))
        is_limited = new.source is not None
        if new.applications:
            count = used.applications + len(new.applications)
            if is_limited and count > MAX_NEW_APPLICATIONS:
                raise self._refusal(new, f"more than {MAX_NEW_APPLICATIONS:,} new applications")
            self._check_full(_ALL_APPLICATIONS, now)
        if new.names:
            if used.unknown_names + len(new.names) > MAX_NEW_UNKNOWN_NAMES:
                raise self._too_many_unknown(new)
            self._check_full(_ALL_NAMES, now)

    def _check_full(self, table: str, now: datetime) -> None:
        full = self._full.get(table)
        if full is not None and now < full.until:
            raise self._refusal_of_full(full.what)

    async def _make_room(
        self, connection: AsyncConnection, new: NewNames, reservation: Reservation, now: datetime
    ) -> None:
        if new.applications:
            needed = len(new.applications)
            removed = await make_room_for_applications(connection, MAX_APPLICATIONS, needed, now)
            if removed is None:
                raise self._note_full(
                    _ALL_APPLICATIONS, f"{MAX_APPLICATIONS:,} applications report already", now
                )
            reservation.removed.add(removed)
        counts: dict[str, int] = {}
        for app_name, _ in new.names:
            counts[app_name] = counts.get(app_name, 0) + 1
        for app_name, needed in counts.items():
            removed = await make_room_for_names(
                connection, MAX_UNKNOWN_NAMES_OF_APPLICATION, needed, now, app_name=app_name
            )
            if removed is None:
                raise self._refusal_of_full(
                    f"The application asks for {MAX_UNKNOWN_NAMES_OF_APPLICATION:,} names that no "
                    "toggle has already"
                )
            reservation.removed.add(removed)
        if new.names:
            removed = await make_room_for_names(connection, MAX_UNKNOWN_NAMES, len(new.names), now)
            if removed is None:
                raise self._note_full(
                    _ALL_NAMES,
                    f"Applications ask for {MAX_UNKNOWN_NAMES:,} names that no toggle has already",
                    now,
                )
            reservation.removed.add(removed)

    async def _count(self, connection: AsyncConnection, new: NewNames, now: datetime) -> None:
        sources = [_ALL_SOURCES] if new.source is None else [_ALL_SOURCES, new.source]
        await connection.execute(
            sa.update(_ALLOWANCE)
            .where(_ALLOWANCE.c.source.in_(sources), _ALLOWANCE.c.hour == _hour(now))
            .values(
                applications=_ALLOWANCE.c.applications + len(new.applications),
                unknown_names=_ALLOWANCE.c.unknown_names + len(new.names),
            )
        )

    def _too_many_unknown(self, new: NewNames) -> TooManyNamesError:
        return self._refusal(new, f"more than {MAX_NEW_UNKNOWN_NAMES:,} names that no toggle has")

    def _refusal(self, new: NewNames, what: str) -> TooManyNamesError:
        now = self._clock()
        self._log_once(new.source or "of this server", what, now)
        left = math.ceil((_hour(now) + HOUR - now).total_seconds())
        return TooManyNamesError(
            f"One token may report no {what} within an hour; nothing of this report was stored.",
            max(left, 1),
        )

    def _note_full(self, table: str, what: str, now: datetime) -> TooManyNamesError:
        """Remember for a moment that there is no room, since finding that out reads the table."""
        self._full[table] = _Full(now + FULL_RECHECK_INTERVAL, what)
        return self._refusal_of_full(what)

    def _refusal_of_full(self, what: str) -> TooManyNamesError:
        self._log_once("", what, self._clock())
        return TooManyNamesError(
            f"{what}; there is no room for more, and nothing of this report was stored.",
            FULL_RETRY_AFTER_S,
        )

    def _log_once(self, source: str, what: str, now: datetime) -> None:
        """Log a refusal once an hour for each source and limit."""
        if self._logging_hour != _hour(now):
            self._logging_hour = _hour(now)
            self._logged.clear()
        if (source, what) in self._logged or len(self._logged) >= MAX_REMEMBERED:
            return
        self._logged.add((source, what))
        if source:
            _log.warning("The token %s reports %s within an hour and is refused", source, what)
        else:
            _log.warning("%s; reports with more are refused", what)


def _application(name: str, report: AnyReport) -> dict[str, Any]:
    """The row of an application of which nothing is known but that it reports."""
    return {
        "name": name,
        "description": "",
        "strategies": (),
        "created_at": report.received_at,
        "updated_at": report.received_at,
        "last_seen_at": report.received_at,
        "metrics_count": 0,
    }


def _chunks(names: list[Any]) -> Iterable[list[Any]]:
    return (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
