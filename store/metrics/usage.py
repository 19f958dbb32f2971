"""The usage summary: when and by whom each toggle was last asked for, in memory."""

from collections.abc import Iterable, Set
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import AsyncSession

from store.aggregates import table_of
from store.database import Database
from store.rows import ToggleUsageRow

_USAGE = table_of(ToggleUsageRow)
# Rows that other processes may have removed before the summary is loaded anew.
MAX_REMOVED_ROWS = 1_000
_NOBODY: frozenset[str] = frozenset()


class Use(Struct, frozen=True):
    """What one or more reports say of one application's use of a toggle in an environment."""

    toggle_name: str
    environment: str
    app_name: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None
    last_no_at: datetime | None


class Seen(Struct, frozen=True):
    """When applications asked for a toggle in one environment, and which ones did."""

    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None
    last_no_at: datetime | None
    applications: frozenset[str]


class UsageSummary:
    """The table of usages, summed up per toggle and environment; up to date after each fold.

    Names are those that were reported, whether or not a toggle has them.
    """

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, Seen]] = {}
        self._names_of: dict[str, set[str]] = {}
        # The number of rows of the table that are summed up here.
        self._rows = 0

    def of(self, toggle_name: str, environment: str) -> Seen | None:
        """What is known of a toggle in an environment, None when nobody asked for it there."""
        environments = self._seen.get(toggle_name)
        return environments.get(environment) if environments is not None else None

    def environments(self, toggle_name: str) -> Iterable[str]:
        """Where applications asked for a toggle."""
        return self._seen.get(toggle_name, {}).keys()

    def last_seen_at(self, toggle_name: str) -> datetime | None:
        """When an application last reported a toggle anywhere, None when never."""
        environments = self._seen.get(toggle_name)
        if environments is None:
            return None
        return max(seen.last_seen_at for seen in environments.values())

    def applications(self, toggle_name: str) -> frozenset[str]:
        """The applications that reported a toggle anywhere."""
        environments = self._seen.get(toggle_name)
        if environments is None:
            return _NOBODY
        return _NOBODY.union(*(seen.applications for seen in environments.values()))

    def names(self) -> Set[str]:
        """All names that were reported."""
        return self._seen.keys()

    def names_of(self, app_name: str) -> Set[str]:
        """The names that an application reported."""
        return self._names_of.get(app_name, _NOBODY)

    async def load(self, session: AsyncSession) -> None:
        """Begin anew with what the table holds."""
        fresh = UsageSummary()
        columns = [_USAGE.c[name] for name in Use.__struct_fields__]
        async for row in await session.stream(sa.select(*columns)):
            fresh._add(Use(*row))
        self._seen, self._names_of, self._rows = fresh._seen, fresh._names_of, fresh._rows

    async def reload_if_outgrown(self, database: Database) -> None:
        """Load the table anew once it has many rows less: other processes have removed some."""
        async with database.begin_read() as session:
            rows = await session.scalar(sa.select(sa.func.count()).select_from(_USAGE)) or 0
            if self._rows > rows + MAX_REMOVED_ROWS:
                await self.load(session)

    def apply(self, uses: Iterable[Use]) -> None:
        """Take over what a fold has committed."""
        for use in uses:
            self._add(use)

    def forget(self, toggle_name: str, environment: str, app_name: str) -> None:
        """An application's use of a name in an environment is no longer kept."""
        environments = self._seen.get(toggle_name)
        seen = self.of(toggle_name, environment)
        if environments is None or seen is None:
            return
        if app_name in seen.applications:
            self._rows -= 1
        applications = seen.applications - {app_name}
        if applications:
            environments[environment] = structs.replace(seen, applications=applications)
        else:
            del environments[environment]
        if not environments:
            del self._seen[toggle_name]
        if app_name not in self.applications(toggle_name):
            names = self._names_of.get(app_name, set())
            names.discard(toggle_name)
            if not names:
                self._names_of.pop(app_name, None)

    def forget_application(self, app_name: str) -> None:
        """An application is no longer kept."""
        for toggle_name in list(self.names_of(app_name)):
            for environment in list(self.environments(toggle_name)):
                self.forget(toggle_name, environment, app_name)

    def replace(self, toggle_names: Iterable[str], uses: Iterable[Use]) -> None:
        """Begin anew with some names, of which `uses` is all that is known."""
        for toggle_name in toggle_names:
            for app_name in self.applications(toggle_name):
                self._names_of[app_name].discard(toggle_name)
            for seen in self._seen.pop(toggle_name, {}).values():
                self._rows -= len(seen.applications)
        self.apply(uses)

    def _add(self, use: Use) -> None:
        environments = self._seen.setdefault(use.toggle_name, {})
        seen = environments.get(use.environment)
        if seen is None:
            self._rows += 1
            environments[use.environment] = Seen(
                use.first_seen_at,
                use.last_seen_at,
                use.last_yes_at,
                use.last_no_at,
                frozenset((use.app_name,)),
            )
        else:
            applications = seen.applications
            if use.app_name not in applications:
                self._rows += 1
                applications |= {use.app_name}
            environments[use.environment] = Seen(
                min(seen.first_seen_at, use.first_seen_at),
                max(seen.last_seen_at, use.last_seen_at),
                latest(seen.last_yes_at, use.last_yes_at),
                latest(seen.last_no_at, use.last_no_at),
                applications,
            )
        self._names_of.setdefault(use.app_name, set()).add(use.toggle_name)


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times, where None means never."""
    if one is None or other is None:
        return one or other
    return max(one, other)
