"""Send metrics updates to subscribers.

A metrics update contains the growth of the counts that all processes aggregate. Intervals without
new counts cause no update. The first interval starts with the subscription.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.background import Periodic
from store.rows import MetricBucketRow, ToggleUsageRow, VariantBucketRow
from store.usage.aggregation import AGGREGATION_INTERVAL_S

# Each read overlaps the previous read by this time, because the clocks of processes differ and
# aggregations take time.
SLACK = timedelta(seconds=10)
# Each read covers only buckets of days that started within this time. A report is counted in the
# bucket of the day on which the report ended, usually today or yesterday.
REACH = timedelta(days=2)
# One statement looks up at most this many names.
CHUNK = 500

_USAGE = table_of(ToggleUsageRow)
_BUCKET = table_of(MetricBucketRow)
_VARIANT_BUCKET = table_of(VariantBucketRow)

# A key consists of the toggle, environment and application of a count.
_Key: TypeAlias = tuple[str, str, str]
# A count key consists of a key, the start of a day, the kind of count ("yes", "no" or "variant"),
# and the variant's name.
_CountKey: TypeAlias = tuple[_Key, datetime, str, str]


class ToggleUpdate(Struct):
    """The new counts of a toggle, an environment and an application."""

    toggle_name: str
    environment: str
    app_name: str
    yes: int = 0
    no: int = 0
    variants: dict[str, int] = field(default_factory=dict[str, int])


class MetricsUpdate(Struct, frozen=True):
    """The new counts of one interval."""

    start: datetime
    end: datetime
    toggles: tuple[ToggleUpdate, ...]


class _Subscriber:
    """A subscriber and the counts of the subscriber's current interval so far."""

    def __init__(
        self, toggles: Collection[str] | None, environments: Collection[str] | None
    ) -> None:
        self._toggles = toggles
        self._environments = environments
        self._toggle_updates: dict[_Key, ToggleUpdate] = {}

    def add(self, growth: Mapping[_CountKey, int]) -> None:
        for (key, _, kind, variant), count in growth.items():
            toggle_name, environment, _ = key
            if self._toggles is not None and toggle_name not in self._toggles:
                continue
            if self._environments is not None and environment not in self._environments:
                continue
            update = self._toggle_updates.get(key)
            if update is None:
                update = self._toggle_updates[key] = ToggleUpdate(*key)
            if kind == "variant":
                update.variants[variant] = update.variants.get(variant, 0) + count
            else:
                setattr(update, kind, getattr(update, kind) + count)

    def take(self) -> list[ToggleUpdate]:
        """Return the counts of the current interval, sorted by name; start the next interval."""
        updates, self._toggle_updates = self._toggle_updates, {}
        return [updates[key] for key in sorted(updates)]


class MetricsUpdates:
    """Reads the growth of counts once for all subscribers.

    Without subscribers, nothing is read.
    """

    def __init__(
        self,
        read: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
        clock: Callable[[], datetime],
    ) -> None:
        self._read = read
        self._clock = clock
        self._subscribers: set[_Subscriber] = set()
        self._known: dict[_CountKey, int] | None = None
        self._forgotten_until: date | None = None
        self._last_seen_at: datetime | None = None
        self._reading = Periodic(
            "Reading usage for subscribers", AGGREGATION_INTERVAL_S, self.read_now
        )
        self._closing = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    async def subscribe(
        self,
        *,
        interval_s: float,
        toggles: Collection[str] | None = None,
        environments: Collection[str] | None = None,
    ) -> AsyncGenerator[MetricsUpdate, None]:
        """Yield an update for each interval with new counts.

        The iterator ends when the store is closed.
        """
        subscriber = _Subscriber(toggles, environments)
        await self._join(subscriber)
        try:
            start = self._clock()
            while not self._closing.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), interval_s)
                end = self._clock()
                toggles_updated = subscriber.take()
                if toggles_updated:
                    yield MetricsUpdate(start, end, tuple(toggles_updated))
                start = end
        finally:
            self._subscribers.discard(subscriber)
            if not self._subscribers:
                await self._reading.close()

    def close(self) -> None:
        """End all subscriptions. If they have already ended, do nothing."""
        self._closing.set()

    async def read_now(self) -> None:
        """Read the counts, and pass the growth since the last read to the subscribers."""
        async with self._one_at_a_time:
            if self._known is None:
                return
            async with self._read() as connection:
                names = await self._touched(connection)
                growth = self._growth(await self._counts(connection, names))
            self._forget_old_counts()
        for subscriber in self._subscribers:
            subscriber.add(growth)

    async def _join(self, subscriber: _Subscriber) -> None:
        """Add a subscriber.

        The subscriber receives only counts that are aggregated after this call.
        """
        if self._subscribers:
            await self.read_now()
        else:
            async with self._read() as connection:
                await self._load_known(connection)
            await self._reading.close()
            self._reading.start()
        self._subscribers.add(subscriber)

    async def restart(self, connection: AsyncConnection) -> None:
        """Restart from the present counts.

        Call this method after the database was reset to an older state.
        """
        if self._subscribers:
            await self._load_known(connection)

    async def _load_known(self, connection: AsyncConnection) -> None:
        async with self._one_at_a_time:
            self._last_seen_at = await connection.scalar(
                sa.select(sa.func.max(_USAGE.c.last_seen_at))
            )
            self._known = {}
            self._growth(await self._counts(connection, None))

    async def _touched(self, connection: AsyncConnection) -> list[str]:
        """Return the names that were reported since the newest report of the last read.

        The period also includes SLACK before that report.
        """
        statement = sa.select(_USAGE.c.toggle_name, sa.func.max(_USAGE.c.last_seen_at)).group_by(
            _USAGE.c.toggle_name
        )
        if self._last_seen_at is not None:
            statement = statement.where(_USAGE.c.last_seen_at > self._last_seen_at - SLACK)
        found = (await connection.execute(statement)).all()
        times = [seen_at for _, seen_at in found]
        if times:
            self._last_seen_at = max(times)
        return sorted(name for name, _ in found)

    async def _counts(
        self, connection: AsyncConnection, names: list[str] | None
    ) -> dict[_CountKey, int]:
        """Return the counts of the last days for the given names.

        If `names` is None, return the counts of all names.
        """
        counts: dict[_CountKey, int] = {}
        since = self._clock() - REACH
        for chunk in _chunks(names):
            for row in await connection.execute(_recent(_BUCKET, since, chunk)):
                key = (row.toggle_name, row.environment, row.app_name)
                counts[key, row.start, "yes", ""] = row.yes
                counts[key, row.start, "no", ""] = row.no
            for row in await connection.execute(_recent(_VARIANT_BUCKET, since, chunk)):
                key = (row.toggle_name, row.environment, row.app_name)
                counts[key, row.start, "variant", row.variant] = row.count_
        return counts

    def _growth(self, counts: dict[_CountKey, int]) -> dict[_CountKey, int]:
        """Return the growth of counts since the last call; store the counts for the next call."""
        assert self._known is not None
        known = self._known
        growth = {
            key: count - known.get(key, 0)
            for key, count in counts.items()
            if count > known.get(key, 0)
        }
        known.update(counts)
        return growth

    def _forget_old_counts(self) -> None:
        """Remove the stored counts of buckets that are no longer read.

        A subscription can last for months, so the counts would need more and more memory.
        """
        assert self._known is not None
        since = self._clock() - REACH
        # Buckets are one day wide, so removing counts once a day is enough.
        if since.date() == self._forgotten_until:
            return
        self._forgotten_until = since.date()
        for key in [known for known in self._known if known[1] <= since]:
            del self._known[key]


def _chunks(names: list[str] | None) -> Iterable[list[str] | None]:
    if names is None:
        return [None]
    return [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]


def _recent(table: sa.Table, since: datetime, names: list[str] | None) -> sa.Select[Any]:
    columns = [column.label("count_") if column.name == "count" else column for column in table.c]
    recent = sa.select(*columns).where(table.c.width == "day", table.c.start > since)
    return recent if names is None else recent.where(table.c.toggle_name.in_(names))
