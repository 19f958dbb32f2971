"""The usage summary in memory: the times and the applications of each toggle's use."""

import sys
from collections.abc import Iterable, Set
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import ToggleUsageRow
from store.slices import rows_in_slices
from store.usage_sequence import UsageState, usage_state

_USAGE = table_of(ToggleUsageRow)
_NO_NAMES: frozenset[str] = frozenset()


class Use(Struct, frozen=True):
    """One application's use of a toggle in an environment, according to one or more reports."""

    toggle_name: str
    environment: str
    app_name: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None
    last_no_at: datetime | None


_COLUMNS = [_USAGE.c[name] for name in Use.__struct_fields__]


class Seen(Struct, frozen=True):
    """The times of a toggle's use in one environment, and the applications that used the toggle."""

    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None
    last_no_at: datetime | None
    applications: frozenset[str]


class UsageSummary:
    """The sums of the table of usages per toggle and environment.

    Each aggregation by this process updates the summary. `refresh` loads the usage that other
    processes wrote. The summary contains all reported names, including names that no toggle has.
    """

    def __init__(self) -> None:
        # This number increases with each change of the summary. Other processes have different
        # numbers.
        self.revision = 0
        self._seen: dict[str, dict[str, Seen]] = {}
        # For each application and environment, the names of toggles.
        self._names_of: dict[str, dict[str, set[str]]] = {}
        self._size = 0
        self._sequence = -1

    def of(self, toggle_name: str, environment: str) -> Seen | None:
        """Return the use of a toggle in an environment, or None if it was never used there."""
        environments = self._seen.get(toggle_name)
        return environments.get(environment) if environments is not None else None

    def environments(self, toggle_name: str) -> Iterable[str]:
        """Return the environments in which applications used a toggle."""
        return self._seen.get(toggle_name, {}).keys()

    def last_seen_at(self, toggle_name: str) -> datetime | None:
        """Return the time of a toggle's last use in any environment, or None without any use."""
        environments = self._seen.get(toggle_name)
        if environments is None:
            return None
        return max(seen.last_seen_at for seen in environments.values())

    def applications(self, toggle_name: str) -> frozenset[str]:
        """Return the applications that used a toggle in any environment."""
        environments = self._seen.get(toggle_name)
        if environments is None:
            return _NO_NAMES
        return _NO_NAMES.union(*(seen.applications for seen in environments.values()))

    def names(self) -> Set[str]:
        """Return all reported names."""
        return self._seen.keys()

    @property
    def size(self) -> int:
        """The number of usages.

        A usage is a combination of a name, an environment and an application.
        """
        return self._size

    def names_of(self, app_name: str) -> Set[str]:
        """Return the names that an application reported in any environment."""
        return _NO_NAMES.union(*self._names_of.get(app_name, {}).values())

    def names_in(self, app_name: str, environment: str) -> Set[str]:
        """Return the names that an application reported in an environment."""
        return self._names_of.get(app_name, {}).get(environment, _NO_NAMES)

    async def load(self, connection: AsyncConnection) -> None:
        """Replace the summary with the contents of the table."""
        await self._load(connection, (await usage_state(connection)).sequence)

    async def refresh(
        self, connection: AsyncConnection, state: UsageState, *, up_to: int | None = None
    ) -> None:
        """Load the usage that was written since the last refresh.

        `state` is the usage state that the connection reads. If `up_to` is given, the caller has
        made the writes with numbers above `up_to`, and the function does not load them.
        """
        known, newest = self._sequence, state.sequence if up_to is None else up_to
        if known == newest:
            return
        if newest < known or state.removed > known:
            await self._load(connection, newest)
            return
        statement = sa.select(*_COLUMNS).where(_USAGE.c.sequence > known)
        async for rows in rows_in_slices(connection, statement):
            self.apply(Use(*row) for row in rows)
        self._sequence = newest

    def apply(self, uses: Iterable[Use], sequence: int | None = None) -> None:
        """Add uses that this process has committed.

        `sequence` is the number of the usage write.
        """
        for use in uses:
            self._add(use)
        if sequence is not None and self._sequence == sequence - 1:
            self._sequence = sequence

    def forget(self, toggle_name: str, environment: str, app_name: str) -> None:
        """Remove an application's use of a name in an environment."""
        environments = self._seen.get(toggle_name)
        seen = self.of(toggle_name, environment)
        if environments is None or seen is None:
            return
        self.revision += 1
        applications = seen.applications - {app_name}
        if applications:
            environments[environment] = structs.replace(seen, applications=applications)
        else:
            del environments[environment]
        if not environments:
            del self._seen[toggle_name]
        self._discard_name(toggle_name, environment, app_name)

    def forget_application(self, app_name: str) -> None:
        """Remove an application."""
        for toggle_name in list(self.names_of(app_name)):
            for environment in list(self.environments(toggle_name)):
                self.forget(toggle_name, environment, app_name)

    def replace(self, toggle_names: Iterable[str], uses: Iterable[Use]) -> None:
        """Replace all uses of the given names with `uses`."""
        self.revision += 1
        for toggle_name in toggle_names:
            for environment, seen in self._seen.pop(toggle_name, {}).items():
                for app_name in seen.applications:
                    self._discard_name(toggle_name, environment, app_name)
        self.apply(uses)

    async def _load(self, connection: AsyncConnection, sequence: int) -> None:
        fresh = UsageSummary()
        async for rows in rows_in_slices(connection, sa.select(*_COLUMNS)):
            fresh.apply(Use(*row) for row in rows)
        self._seen, self._names_of, self._size = fresh._seen, fresh._names_of, fresh._size
        self._sequence = sequence
        self.revision += 1

    def _add(self, use: Use) -> None:
        self.revision += 1
        # Intern the names, because each report contains separate copies of the names.
        toggle_name, app_name = sys.intern(use.toggle_name), sys.intern(use.app_name)
        environments = self._seen.setdefault(toggle_name, {})
        seen = environments.get(use.environment)
        if seen is None:
            environments[use.environment] = Seen(
                use.first_seen_at,
                use.last_seen_at,
                use.last_yes_at,
                use.last_no_at,
                frozenset((app_name,)),
            )
        else:
            applications = seen.applications
            if app_name not in applications:
                applications |= {app_name}
            environments[use.environment] = Seen(
                min(seen.first_seen_at, use.first_seen_at),
                max(seen.last_seen_at, use.last_seen_at),
                latest(seen.last_yes_at, use.last_yes_at),
                latest(seen.last_no_at, use.last_no_at),
                applications,
            )
        names = self._names_of.setdefault(app_name, {}).setdefault(use.environment, set())
        if toggle_name not in names:
            names.add(toggle_name)
            self._size += 1

    def _discard_name(self, toggle_name: str, environment: str, app_name: str) -> None:
        by_environment = self._names_of.get(app_name, {})
        names = by_environment.get(environment, set())
        if toggle_name not in names:
            return
        names.discard(toggle_name)
        self._size -= 1
        if not names:
            del by_environment[environment]
        if not by_environment:
            del self._names_of[app_name]


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two times, where None means never."""
    if one is None or other is None:
        return one or other
    return max(one, other)
