"""The statements that add totals to the tables."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.rows import (
    ApplicationInstanceRow,
    ApplicationRow,
    MetricBucketRow,
    RecentCountRow,
    ToggleUsageRow,
    UnknownNameRow,
    VariantBucketRow,
)
from store.slices import execute_in_slices
from store.usage.reports import MAX_SUM
from store.usage.totals import Record, Totals

_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)
_UNKNOWN = table_of(UnknownNameRow)
_BUCKET = table_of(MetricBucketRow)
_VARIANT_BUCKET = table_of(VariantBucketRow)
_RECENT = table_of(RecentCountRow)

# Write `last_seen_at` at most once a minute, so that frequent reporters do not cause a write each
# time.
SEEN_INTERVAL = timedelta(minutes=1)

# These columns do not describe an instance.
_NOT_DESCRIBED = frozenset(
    {"id", "app_name", "environment", "instance_id", "created_at", "last_seen_at"}
)
# This bind parameter is not a column. If a row was last seen after this time, the row needs no
# update.
_SEEN_BEFORE = sa.bindparam("seen_before_", type_=_INSTANCE.c.last_seen_at.type)


class Upserting(Protocol):
    """A database or a store."""

    @property
    def upsert(self) -> Callable[[sa.Table], Any]: ...


async def write_totals(
    database: Database, connection: AsyncConnection, totals: Totals, sequence: int
) -> None:
    """Add totals to the tables in the caller's transaction.

    `sequence` is the number of the usage write. Rows are written in the order of their keys, so
    that two processes cannot deadlock. Large totals are converted to rows in a thread. The rows are
    written in slices.
    """
    statements = _STATEMENTS.get(database.dialect)
    if statements is None:
        statements = _STATEMENTS[database.dialect] = _make_statements(database)
    is_large = totals.is_large
    for statement, make_rows in statements:
        rows = (
            await asyncio.to_thread(make_rows, totals, sequence)
            if is_large
            else make_rows(totals, sequence)
        )
        # The driver executes the statement for one row at a time. The number of variables is
        # therefore not limited, and keys may repeat.
        await execute_in_slices(connection, statement, rows)


_MakeRows: TypeAlias = Callable[[Totals, int], list[Record]]
# A cache of the statements for each dialect. SQLAlchemy compiles each cached statement object only
# once.
_STATEMENTS: dict[str, list[tuple[Any, _MakeRows]]] = {}


def _make_statements(database: Database) -> list[tuple[Any, _MakeRows]]:
    """Build pairs of a statement and a function that returns the rows for the statement."""
    return [
        (upsert_applications(database), lambda totals, _: rows_to_see(totals.applications())),
        (_UPDATE_REGISTERED, lambda totals, _: totals.registrations()),
        (_upsert_instances(database), lambda totals, _: rows_to_see(totals.instances())),
        (upsert_usages(database), _usage_rows),
        (
            database.upsert(_UNKNOWN).on_conflict_do_nothing(),
            lambda totals, _: totals.unknown_names(),
        ),
        (upsert_counts(database, _BUCKET, "yes", "no"), lambda totals, _: totals.buckets()),
        (
            upsert_counts(database, _VARIANT_BUCKET, "count"),
            lambda totals, _: totals.variant_buckets(),
        ),
        (upsert_counts(database, _RECENT, "yes", "no"), lambda totals, _: totals.recent_counts()),
    ]


def _usage_rows(totals: Totals, sequence: int) -> list[Record]:
    return [{**row, "sequence": sequence} for row in totals.usages()]


def rows_to_see(rows: Iterable[Record]) -> list[Record]:
    """Add the time since which a row must have been seen so that it is not written again."""
    return [{**row, _SEEN_BEFORE.key: row["last_seen_at"] - SEEN_INTERVAL} for row in rows]


def upsert_applications(database: Upserting) -> Any:
    """Return the statement that adds counts to applications; `rows_to_see` completes its rows."""
    insert = database.upsert(_APPLICATION)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "last_seen_at": _later(_APPLICATION.c.last_seen_at, new.last_seen_at),
            "metrics_count": _sum(_APPLICATION.c.metrics_count, new.metrics_count),
        },
        where=sa.or_(new.metrics_count > 0, _APPLICATION.c.last_seen_at <= _SEEN_BEFORE),
    )


# The names of parameters end with `_`. If a parameter has the name of a column, SQLAlchemy sets the
# column to the parameter's value.
_UPDATE_REGISTERED = (
    sa.update(_APPLICATION)
    .where(_APPLICATION.c.name == sa.bindparam("name_"))
    .values(strategies=sa.bindparam("strategies_"), updated_at=sa.bindparam("updated_at_"))
)


def _upsert_instances(database: Database) -> Any:
    insert = database.upsert(_INSTANCE)
    new = insert.excluded
    # If a report omits a field, the column keeps its value.
    described = {
        column.name: sa.func.coalesce(new[column.name], column)
        for column in _INSTANCE.c
        if column.name not in _NOT_DESCRIBED
    }
    last_seen_at = _later(_INSTANCE.c.last_seen_at, new.last_seen_at)
    return insert.on_conflict_do_update(
        index_elements=["id"],
        set_={**described, "last_seen_at": last_seen_at},
        where=sa.or_(
            _INSTANCE.c.last_seen_at <= _SEEN_BEFORE,
            *(_INSTANCE.c[name].is_distinct_from(value) for name, value in described.items()),
        ),
    )


def upsert_usages(database: Upserting) -> Any:
    """Return the statement that adds to the uses of toggles."""
    insert = database.upsert(_USAGE)
    new = insert.excluded
    first_seen_at = sa.case(
        (new.first_seen_at < _USAGE.c.first_seen_at, new.first_seen_at),
        else_=_USAGE.c.first_seen_at,
    )
    return insert.on_conflict_do_update(
        index_elements=["toggle_name", "app_name", "environment"],
        set_={
            "first_seen_at": first_seen_at,
            "last_seen_at": _later(_USAGE.c.last_seen_at, new.last_seen_at),
            "last_yes_at": _later(_USAGE.c.last_yes_at, new.last_yes_at),
            "last_no_at": _later(_USAGE.c.last_no_at, new.last_no_at),
            "yes": _sum(_USAGE.c.yes, new.yes),
            "no": _sum(_USAGE.c.no, new.no),
            "sequence": new.sequence,
        },
    )


def upsert_counts(database: Upserting, table: sa.Table, *counts: str) -> Any:
    """Return the statement that adds to the columns `counts` of a table of buckets."""
    insert = database.upsert(table)
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: _sum(table.c[name], insert.excluded[name]) for name in counts},
    )


def _later(current: sa.ColumnElement[Any], new: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the later of two times, where NULL means never."""
    return sa.case((sa.or_(current.is_(None), new > current), new), else_=current)


def _sum(current: sa.ColumnElement[Any], new: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the sum of two numbers, limited to MAX_SUM."""
    return sa.case((current > MAX_SUM - new, MAX_SUM), else_=current + new)
