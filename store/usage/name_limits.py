"""Limit the names of applications and undefined toggles that reports may add.

The transaction that commits a report also checks the names in the report. Therefore the tables have
room for the names in all acknowledged reports. The limits apply to all processes together.
"""

from collections.abc import Callable, Collection, Iterable, Set
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.rows import ApplicationRow, ToggleUsageRow, UnknownNameRow
from store.usage.allowances import ALL_SOURCES, MAX_REMEMBERED, Allowances, Refusals
from store.usage.new_names import NewNames, Reservation, TooManyNamesError
from store.usage.reports import AnyReport, UsageReport
from store.usage.room import (
    Removed,
    UsageKey,
    make_room_for_applications,
    make_room_for_names,
    make_room_for_usages,
    remove_silent_usages,
)
from store.usage.summary import UsageSummary

# Within a clock hour, one source, such as a token, may report at most this many new names. A usage
# is a name that an application reports in an environment. Usages from secret tokens are not
# limited, because services that share a token may report hundreds of thousands of usages in their
# first minutes.
MAX_NEW_APPLICATIONS = 200
MAX_NEW_UNKNOWN_NAMES = 2_000
MAX_NEW_USAGES = 20_000
# These limits apply to the whole server. An unknown name counts once for each application that
# requests the name.
MAX_APPLICATIONS = 10_000
MAX_UNKNOWN_NAMES = 50_000
MAX_UNKNOWN_NAMES_OF_APPLICATION = 2_000
MAX_USAGES = 2_000_000

FULL_RECHECK_INTERVAL = timedelta(seconds=10)
# One SQL condition contains at most this many names.
CHUNK = 500

_APPLICATION = table_of(ApplicationRow)
_UNKNOWN = table_of(UnknownNameRow)
_USAGE = table_of(ToggleUsageRow)
_ALL_APPLICATIONS = "applications"
_ALL_NAMES = "names"
_ALL_USAGES = "usages"


class _Full(Struct, frozen=True):
    """A full table. The next check is at `until`. `what` describes the content of the table."""

    until: datetime
    what: str


class NameLimits:
    """Checks the limits of names.

    The stored names are cached, so that reports without new names need no query.
    """

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
        self._allowances = Allowances(database)
        self._refusals = Refusals(clock)
        self._applications: set[str] = set()
        # Recently reserved usages. The usage summary does not contain all of them yet.
        self._usages: set[UsageKey] = set()
        self._full: dict[str, _Full] = {}

    async def load(self, connection: AsyncConnection) -> None:
        """Replace the cached applications with the applications in the table."""
        self._applications = set(await connection.scalars(sa.select(_APPLICATION.c.name)))
        self._usages.clear()
        self.forget_allowances()

    def find_new(
        self, reports: Iterable[AnyReport], source: str | None, is_public: bool
    ) -> NewNames | None:
        """Return the new names in reports to which limits apply.

        A name is new if the cache does not contain the name. If there are no new names, return
        None.
        """
        new: NewNames | None = None
        for report in reports:
            if report.app_name not in self._applications:
                new = new or NewNames(source, is_public)
                new.applications.setdefault(report.app_name, report)
            if isinstance(report, UsageReport):
                known = self._usage.names_in(report.app_name, report.environment)
                # Most reports need only this check.
                if not report.toggles.keys() <= known:
                    new = new or NewNames(source, is_public)
                    self._add_new_names(new, report, known)
        return new or None

    def _add_new_names(self, new: NewNames, report: UsageReport, known: Set[str]) -> None:
        app_name, environment = report.app_name, report.environment
        toggles, reported = self._toggles(), self._usage.names_of(app_name)
        for name in report.toggles.keys() - known:
            usage = (name, environment, app_name)
            if usage in self._usages:
                continue
            is_unknown = name not in toggles and name not in reported
            if is_unknown:
                new.names.setdefault((app_name, name), report)
            if is_unknown or new.is_public:
                new.usages.add(usage)

    def is_exhausted(self, new: NewNames) -> bool:
        """Whether new names exceed a limit, according to the cache."""
        try:
            self._check_known(new)
        except TooManyNamesError:
            return True
        return False

    async def look_up(self, new: NewNames) -> NewNames | None:
        """Remove names that other processes have stored, and return the remaining names.

        If no names remain, return None. The function acquires no lock, so refused reports do not
        delay other writers.

        Raises:
            TooManyNamesError: the remaining names exceed a limit.
            StoreUnavailableError: the database is unavailable.
        """
        if len(new.names) > MAX_NEW_UNKNOWN_NAMES:
            raise self._too_many_unknown(new)
        if new.is_public and len(new.usages) > MAX_NEW_USAGES:
            raise self._too_many_usages(new)
        async with self._database.begin_read() as connection:
            await self._remove_stored(connection, new)
        self._check_known(new)
        return new or None

    async def reserve(
        self, connection: AsyncConnection, new: NewNames, reservation: Reservation
    ) -> None:
        """Store new names in the caller's transaction.

        Until the transaction ends, other processes that reserve names wait.

        Raises: TooManyNamesError: a limit is exceeded; no name was stored.
        """
        if reservation.holds(new):
            return
        now = self._clock()
        # Other reports may have reserved the same names meanwhile.
        new.usages -= self._usages
        new.usages -= reservation.usages
        await self._allowances.lock(connection, ALL_SOURCES, now)
        for (app_name, _), report in new.names.items():
            # Another process may have deleted an application that is in the cache of this process.
            new.applications.setdefault(app_name, report)
        await self._remove_stored(connection, new)
        if not new:
            return
        if new.source is not None:
            await self._allowances.lock(connection, new.source, now)
        self._check_known(new)
        await self._make_room(connection, new, reservation, now)
        if new.applications:
            await connection.execute(
                sa.insert(_APPLICATION),
                [_row(name, report) for name, report in sorted(new.applications.items())],
            )
        if new.names:
            await connection.execute(
                sa.insert(_UNKNOWN),
                [
                    {"app_name": app_name, "toggle_name": name, "created_at": report.received_at}
                    for (app_name, name), report in sorted(new.names.items())
                ],
            )
        await self._allowances.count(connection, new, now)
        reservation.applications.update(new.applications)
        reservation.names.update(new.names)
        reservation.usages |= new.usages

    def confirm(self, reservation: Reservation) -> None:
        """Add a reservation to the cache, after its transaction was committed."""
        self.forget(reservation.removed)
        if len(self._applications) + len(reservation.applications) > 2 * MAX_APPLICATIONS:
            self._applications.clear()
        self._applications |= reservation.applications
        if len(self._usages) + len(reservation.usages) > MAX_REMEMBERED:
            self._forget_known_usages()
        self._usages |= reservation.usages

    def forget_allowances(self) -> None:
        """Clear the cached allowances and full tables, because a rollback may invalidate them."""
        self._allowances.forget()
        self._full.clear()

    def forget(self, removed: Removed) -> None:
        """Remove the names of removed rows from the cache."""
        self._applications.difference_update(removed.applications)
        for app_name in removed.applications:
            self._usage.forget_application(app_name)
        for toggle_name, environment, app_name in removed.usages:
            self._usage.forget(toggle_name, environment, app_name)
        self._usages.difference_update(removed.usages)
        if removed.applications or removed.names:
            # Some usages of the removed names may not be in the tables yet. Clearing the whole set
            # is safe, and only causes more lookups.
            self._usages.clear()

    async def trim(self, now: datetime) -> None:
        """If a table exceeds its limit, remove rows that were not seen recently.

        Usages from secret sources may exceed their limit, because they are not limited on arrival.
        If a report adds rows again during their removal, other tables may also exceed their limits.
        """
        async with self._database.begin_read() as connection:
            counts = [
                await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in (_APPLICATION, _UNKNOWN)
            ]
        extra_usages = self._usage.size - MAX_USAGES
        if counts[0] <= MAX_APPLICATIONS and counts[1] <= MAX_UNKNOWN_NAMES and extra_usages <= 0:
            return
        reservation = Reservation()
        async with self._database.begin_write() as connection:
            await self._allowances.lock(connection, ALL_SOURCES, now)
            for removed in (
                await make_room_for_applications(connection, MAX_APPLICATIONS, 0, now),
                await make_room_for_names(connection, MAX_UNKNOWN_NAMES, 0, now),
                await remove_silent_usages(connection, extra_usages, now),
            ):
                reservation.removed.add(removed or Removed())
        self.confirm(reservation)

    async def _remove_stored(self, connection: AsyncConnection, new: NewNames) -> None:
        for names in _chunks(list(new.applications)):
            statement = sa.select(_APPLICATION.c.name).where(_APPLICATION.c.name.in_(names))
            for (name,) in await connection.execute(statement):
                del new.applications[name]
                self._applications.add(name)
        for names in _chunks(list(new.names)):
            pair = sa.tuple_(_UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name)
            statement = sa.select(_UNKNOWN.c.app_name, _UNKNOWN.c.toggle_name).where(
                pair.in_(names)
            )
            for app_name, name in await connection.execute(statement):
                del new.names[app_name, name]
        for usages in _chunks(list(new.usages)):
            key = (_USAGE.c.toggle_name, _USAGE.c.environment, _USAGE.c.app_name)
            statement = sa.select(*key).where(sa.tuple_(*key).in_(usages))
            new.usages -= {(row[0], row[1], row[2]) for row in await connection.execute(statement)}

    def _forget_known_usages(self) -> None:
        """Remove reserved usages that are now in the summary from the cache.

        If too many reserved usages remain, clear the cache of reserved usages.
        """
        self._usages = {
            (toggle_name, environment, app_name)
            for toggle_name, environment, app_name in self._usages
            if toggle_name not in self._usage.names_in(app_name, environment)
        }
        if len(self._usages) > MAX_REMEMBERED:
            self._usages.clear()

    def _check_known(self, new: NewNames) -> None:
        """Check new names against the limits, according to the cached allowances and full tables.

        Raises: TooManyNamesError: a limit is reached.
        """
        now = self._clock()
        used = self._allowances.used(new.source, now)
        if new.applications:
            count = used.applications + len(new.applications)
            if new.source is not None and count > MAX_NEW_APPLICATIONS:
                what = f"more than {MAX_NEW_APPLICATIONS:,} new applications"
                raise self._refusals.of_source(new.source, what)
            self._check_full(_ALL_APPLICATIONS, now)
        if new.names:
            if used.unknown_names + len(new.names) > MAX_NEW_UNKNOWN_NAMES:
                raise self._too_many_unknown(new)
            self._check_full(_ALL_NAMES, now)
        if new.usages and new.is_public:
            if new.source is not None and used.usages + len(new.usages) > MAX_NEW_USAGES:
                raise self._too_many_usages(new)
            self._check_full(_ALL_USAGES, now)

    def _check_full(self, table: str, now: datetime) -> None:
        full = self._full.get(table)
        if full is not None and now < full.until:
            raise self._refusals.of_full_table(full.what)

    async def _make_room(
        self, connection: AsyncConnection, new: NewNames, reservation: Reservation, now: datetime
    ) -> None:
        if new.applications:
            needed = len(new.applications)
            removed = await make_room_for_applications(connection, MAX_APPLICATIONS, needed, now)
            if removed is None:
                raise self._note_full(
                    _ALL_APPLICATIONS, f"{MAX_APPLICATIONS:,} applications already report", now
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
                raise self._refusals.of_full_table(
                    f"The application already asks for {MAX_UNKNOWN_NAMES_OF_APPLICATION:,} names "
                    "that no toggle has"
                )
            reservation.removed.add(removed)
        if new.names:
            removed = await make_room_for_names(connection, MAX_UNKNOWN_NAMES, len(new.names), now)
            if removed is None:
                raise self._note_full(
                    _ALL_NAMES,
                    f"Applications already ask for {MAX_UNKNOWN_NAMES:,} names that no toggle has",
                    now,
                )
            reservation.removed.add(removed)
        if new.usages and new.is_public:
            missing = self._count_missing_usages(new, reservation)
            if missing > 0:
                self._forget_known_usages()
                missing = self._count_missing_usages(new, reservation)
            removed = await make_room_for_usages(connection, missing, MAX_USAGES, now)
            if removed is None:
                raise self._note_full(
                    _ALL_USAGES,
                    f"{MAX_USAGES:,} pairs of an application and a toggle are already known",
                    now,
                )
            reservation.removed.add(removed)

    def _count_missing_usages(self, new: NewNames, reservation: Reservation) -> int:
        """Return the number of usages to remove so that the new usages fit."""
        stored = self._usage.size + len(self._usages) - len(reservation.removed.usages)
        return stored + len(reservation.usages) + len(new.usages) - MAX_USAGES

    def _too_many_unknown(self, new: NewNames) -> TooManyNamesError:
        what = f"more than {MAX_NEW_UNKNOWN_NAMES:,} names that no toggle has"
        return self._refusals.of_source(new.source, what)

    def _too_many_usages(self, new: NewNames) -> TooManyNamesError:
        what = f"more than {MAX_NEW_USAGES:,} new pairs of an application and a toggle"
        return self._refusals.of_source(new.source, what)

    def _note_full(self, table: str, what: str, now: datetime) -> TooManyNamesError:
        """Cache that a table is full, and return the error.

        The cache avoids repeated checks, because a check reads the whole table.
        """
        self._full[table] = _Full(now + FULL_RECHECK_INTERVAL, what)
        return self._refusals.of_full_table(what)


def _row(name: str, report: AnyReport) -> dict[str, Any]:
    """Return the row of an application that is not registered."""
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
