"""Count the answers of the last minute and of the last hour."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.rows import MetricBucketRow, RecentCountRow, ToggleUsageRow, VariantBucketRow
from store.slices import rows_in_slices
from store.usage.reports import DISABLED_VARIANT, MAX_SUM, ToggleCounts
from store.usage.retention import RECENT_RETENTION

_RECENT = table_of(RecentCountRow)
_BUCKET = table_of(MetricBucketRow)
_VARIANT_BUCKET = table_of(VariantBucketRow)
_USAGE = table_of(ToggleUsageRow)

# One call reads the counts of at most this many names.
MAX_NAMES = 10_000

# Counts are stored per second or per minute. If any part of the second or minute is in the window,
# the count is included.
_MINUTE = timedelta(minutes=1, seconds=1)
_HOUR = timedelta(hours=1, minutes=1)


class Answers(Struct):
    """The numbers of yes answers and no answers of a toggle.

    A variant counts as yes, but the variant `disabled` counts as no (rest-contract.md, "Metrics and
    applications, 3.x").
    """

    yes: int = 0
    no: int = 0

    def add(self, yes: int, no: int) -> None:
        """Add counts."""
        self.yes += yes
        self.no += no


class _Second(Struct):
    """The answers in all reports whose interval ended in one second.

    `answers` maps the names of toggles to the sums.
    """

    answers: dict[str, Answers]

    def add(self, toggle_name: str, counts: ToggleCounts) -> None:
        """Add the counts of one toggle in one report."""
        yes, no = counts.answers if counts.variants else (counts.yes, counts.no)
        known = self.answers.get(toggle_name)
        if known is None:
            self.answers[toggle_name] = Answers(yes, no)
        else:
            known.add(yes, no)


class Seconds:
    """Sums up the counts of reports per second.

    A report counts in the second in which its interval ended. Reports that ended more than
    RECENT_RETENTION before `now` are ignored.
    """

    def __init__(self, now: datetime) -> None:
        self._since = now - RECENT_RETENTION
        self._seconds: dict[tuple[str, datetime], _Second] = {}

    def of(self, environment: str, ended_at: datetime) -> _Second | None:
        """Return the sums of the second in which a report ended.

        If the report ended too long ago, return None.
        """
        if ended_at <= self._since:
            return None
        key = (environment, ended_at.replace(microsecond=0))
        return self._seconds.setdefault(key, _Second({}))

    def rows(self) -> list[dict[str, Any]]:
        """Return rows for the table of recent counts, sorted by primary key."""
        return sorted(
            (
                {
                    "environment": environment,
                    "ended_at": ended_at,
                    "toggle_name": toggle_name,
                    "yes": min(answers.yes, MAX_SUM),
                    "no": min(answers.no, MAX_SUM),
                }
                for (environment, ended_at), second in self._seconds.items()
                for toggle_name, answers in second.answers.items()
            ),
            key=lambda row: tuple(row.values())[:3],
        )


class Recent(Struct, frozen=True):
    """The counts of one toggle."""

    last_hour: Answers
    last_minute: Answers


async def recent_counts(
    connection: AsyncConnection, environment: str, now: datetime, *, toggle_name: str | None = None
) -> dict[str, Recent]:
    """Return the recent counts of all reported names, or of one name, in an environment.

    Names without recent reports have zero counts. The function returns at most the first MAX_NAMES
    names in alphabetical order. A report belongs to the last minute until a minute after the second
    in which the report ended. A report belongs to the last hour until an hour after the minute in
    which the report ended.
    """
    names = await _names(connection, environment, now, toggle_name)
    found = {name: Recent(Answers(), Answers()) for name in names}

    async def count(statement: sa.Select[Any], table: sa.Table, period: str) -> None:
        narrowed = _of(statement, table, environment, toggle_name).group_by(table.c.toggle_name)
        if len(names) == MAX_NAMES:
            narrowed = narrowed.where(table.c.toggle_name <= names[-1])
        async for rows in rows_in_slices(connection, narrowed):
            for name, yes, no in rows:
                if (recent := found.get(name)) is not None:
                    getattr(recent, period).add(min(int(yes), MAX_SUM), min(int(no), MAX_SUM))

    minute = _sums(_RECENT, _RECENT.c.yes, _RECENT.c.no).where(_RECENT.c.ended_at > now - _MINUTE)
    await count(minute, _RECENT, "last_minute")
    hour = _sums(_BUCKET, _BUCKET.c.yes, _BUCKET.c.no).where(*_in_last_hour(_BUCKET, now))
    await count(hour, _BUCKET, "last_hour")
    variants = _VARIANT_BUCKET.c
    disabled = variants.variant == DISABLED_VARIANT
    handed_out = _sums(
        _VARIANT_BUCKET,
        sa.case((disabled, 0), else_=variants.count),
        sa.case((disabled, variants.count), else_=0),
    )
    variants_hour = handed_out.where(*_in_last_hour(_VARIANT_BUCKET, now))
    await count(variants_hour, _VARIANT_BUCKET, "last_hour")
    return found


async def _names(
    connection: AsyncConnection, environment: str, now: datetime, toggle_name: str | None
) -> list[str]:
    """Return the sorted reported names.

    If only deleted applications have reported a name, the result contains the name while recent
    counts exist.
    """
    sources: list[tuple[sa.Table, tuple[sa.ColumnElement[bool], ...]]] = [
        (_USAGE, ()),
        (_RECENT, (_RECENT.c.ended_at > now - _MINUTE,)),
        (_BUCKET, _in_last_hour(_BUCKET, now)),
        (_VARIANT_BUCKET, _in_last_hour(_VARIANT_BUCKET, now)),
    ]
    names = sa.union(
        *(
            _of(sa.select(table.c.toggle_name).where(*conditions), table, environment, toggle_name)
            for table, conditions in sources
        )
    ).subquery()
    statement = sa.select(names.c.toggle_name).order_by(names.c.toggle_name).limit(MAX_NAMES)
    return [name async for rows in rows_in_slices(connection, statement) for (name,) in rows]


def _of(
    statement: sa.Select[Any], table: sa.Table, environment: str, toggle_name: str | None
) -> sa.Select[Any]:
    statement = statement.where(table.c.environment == environment)
    return statement if toggle_name is None else statement.where(table.c.toggle_name == toggle_name)


def _in_last_hour(table: sa.Table, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.width == "minute", table.c.start > now - _HOUR


def _sums(table: sa.Table, yes: sa.ColumnElement[int], no: sa.ColumnElement[int]) -> sa.Select[Any]:
    # Add floats, which are exact up to MAX_SUM. A sum of integers could exceed 64 bits.
    sums: list[sa.ColumnElement[Any]] = [
        sa.func.sum(sa.cast(column, sa.Double)) for column in (yes, no)
    ]
    return sa.select(table.c.toggle_name, *sums)
