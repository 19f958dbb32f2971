"""Usage counts as they come in, from whichever process folds them, for those who watch.

Intervals in which nothing came in have no tick; the first one begins when watching begins.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.ext.asyncio import AsyncSession

from store.aggregates import table_of
from store.background import Periodic
from store.usage.aggregation import FOLD_INTERVAL_S
from store.rows import MetricBucketRow, ToggleUsageRow, VariantBucketRow

# What is read again each time, because other processes' clocks differ and folds take a moment.
SLACK = timedelta(seconds=10)
# Reports are counted in the bucket of the day they ended, mostly today's or yesterday's.
REACH = timedelta(days=2)
# Names looked up in one statement.
CHUNK = 500

_USAGE = table_of(ToggleUsageRow)
_BUCKET = table_of(MetricBucketRow)
_VARIANT_BUCKET = table_of(VariantBucketRow)

# Toggle, environment and application.
_Key: TypeAlias = tuple[str, str, str]
# What is counted, in the bucket of which day: yes, no, or variant with its name.
_Place: TypeAlias = tuple[_Key, datetime, str, str]


class ToggleTick(Struct):
    """What came in of one toggle from one application in one environment."""

    toggle_name: str
    environment: str
    app_name: str
    yes: int = 0
    no: int = 0
    variants: dict[str, int] = field(default_factory=dict[str, int])


class Tick(Struct, frozen=True):
    """What came in during an interval."""

    start: datetime
    end: datetime
    toggles: tuple[ToggleTick, ...]


class _Watcher:
    """What one watcher's interval has gathered so far."""

    def __init__(
        self, toggles: Collection[str] | None, environments: Collection[str] | None
    ) -> None:
        self._toggles = toggles
        self._environments = environments
        self._gathered: dict[_Key, ToggleTick] = {}

    def add(self, growth: Mapping[_Place, int]) -> None:
        for (key, _, kind, variant), count in growth.items():
            toggle_name, environment, _ = key
            if self._toggles is not None and toggle_name not in self._toggles:
                continue
            if self._environments is not None and environment not in self._environments:
                continue
            it = self._gathered.get(key)
            if it is None:
                it = self._gathered[key] = ToggleTick(*key)
            if kind == "variant":
                it.variants[variant] = it.variants.get(variant, 0) + count
            else:
                setattr(it, kind, getattr(it, kind) + count)

    def take(self) -> list[ToggleTick]:
        """What was gathered, by name; the next interval begins empty."""
        gathered, self._gathered = self._gathered, {}
        return [gathered[key] for key in sorted(gathered)]


class Ticks:
    """Reads, once for all watchers of the process and only while there are any, what has grown."""

    def __init__(
        self,
        read: Callable[[], AbstractAsyncContextManager[AsyncSession]],
        clock: Callable[[], datetime],
    ) -> None:
        self._read = read
        self._clock = clock
        self._watchers: set[_Watcher] = set()
        self._known: dict[_Place, int] | None = None
        self._forgotten_until: date | None = None
        self._last_seen_at: datetime | None = None
        self._reading = Periodic("Reading usage for watchers", FOLD_INTERVAL_S, self.read_now)
        self._closing = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    async def watch(
        self,
        *,
        interval_s: float,
        toggles: Collection[str] | None = None,
        environments: Collection[str] | None = None,
    ) -> AsyncGenerator[Tick, None]:
        """A tick for each interval in which something came in, until the store is closed."""
        watcher = _Watcher(toggles, environments)
        await self._join(watcher)
        try:
            start = self._clock()
            while not self._closing.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), interval_s)
                end = self._clock()
                gathered = watcher.take()
                if gathered:
                    yield Tick(start, end, tuple(gathered))
                start = end
        finally:
            self._watchers.discard(watcher)
            if not self._watchers:
                await self._reading.close()

    def close(self) -> None:
        """End all that watch. Closing again does nothing."""
        self._closing.set()

    async def read_now(self) -> None:
        """Hand what has grown since the last time to the watchers."""
        async with self._one_at_a_time:
            if self._known is None:
                return
            async with self._read() as session:
                names = await self._touched(session)
                growth = self._growth(await self._counts(session, names))
            self._forget_old_counts()
        for watcher in self._watchers:
            watcher.add(growth)

    async def _join(self, watcher: _Watcher) -> None:
        """Let a watcher hear of what comes from now on."""
        if self._watchers:
            await self.read_now()
        else:
            async with self._read() as session:
                await self._load_known(session)
            await self._reading.close()
            self._reading.start()
        self._watchers.add(watcher)

    async def restart(self, session: AsyncSession) -> None:
        """Begin with the counts of a database that has gone back to an older state."""
        if self._watchers:
            await self._load_known(session)

    async def _load_known(self, session: AsyncSession) -> None:
        async with self._one_at_a_time:
            self._last_seen_at = await session.scalar(sa.select(sa.func.max(_USAGE.c.last_seen_at)))
            self._known = {}
            self._growth(await self._counts(session, None))

    async def _touched(self, session: AsyncSession) -> list[str]:
        """The names that were reported since the last time, or a little before."""
        asked = sa.select(_USAGE.c.toggle_name, sa.func.max(_USAGE.c.last_seen_at)).group_by(
            _USAGE.c.toggle_name
        )
        if self._last_seen_at is not None:
            asked = asked.where(_USAGE.c.last_seen_at > self._last_seen_at - SLACK)
        found = (await session.execute(asked)).all()
        times = [seen_at for _, seen_at in found]
        if times:
            self._last_seen_at = max(times)
        return sorted(name for name, _ in found)

    async def _counts(self, session: AsyncSession, names: list[str] | None) -> dict[_Place, int]:
        """The counts of the last days, of some names or of all."""
        counts: dict[_Place, int] = {}
        since = self._clock() - REACH
        for chunk in _chunks(names):
            for row in await session.execute(_recent(_BUCKET, since, chunk)):
                key = (row.toggle_name, row.environment, row.app_name)
                counts[key, row.start, "yes", ""] = row.yes
                counts[key, row.start, "no", ""] = row.no
            for row in await session.execute(_recent(_VARIANT_BUCKET, since, chunk)):
                key = (row.toggle_name, row.environment, row.app_name)
                counts[key, row.start, "variant", row.variant] = row.count_
        return counts

    def _growth(self, counts: dict[_Place, int]) -> dict[_Place, int]:
        """By how much counts are more than they were known to be; from now on they are known."""
        assert self._known is not None
        known = self._known
        growth = {
            place: count - known.get(place, 0)
            for place, count in counts.items()
            if count > known.get(place, 0)
        }
        known.update(counts)
        return growth

    def _forget_old_counts(self) -> None:
        """Forget the buckets that are not read any more; watchers may stay for months."""
        assert self._known is not None
        since = self._clock() - REACH
        # Buckets are those of days, so there is nothing to forget but once a day.
        if since.date() == self._forgotten_until:
            return
        self._forgotten_until = since.date()
        for place in [it for it in self._known if it[1] <= since]:
            del self._known[place]


def _chunks(names: list[str] | None) -> Iterable[list[str] | None]:
    if names is None:
        return [None]
    return [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]


def _recent(table: sa.Table, since: datetime, names: list[str] | None) -> sa.Select[Any]:
    columns = [it.label("count_") if it.name == "count" else it for it in table.c]
    recent = sa.select(*columns).where(table.c.width == "day", table.c.start > since)
    return recent if names is None else recent.where(table.c.toggle_name.in_(names))
