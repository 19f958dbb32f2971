"""Reports for tests, and functions that send them and read the resulting rows."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.rows import MetricBucketRow, ToggleUsageRow, VariantBucketRow
from store.usage.new_names import TooManyNamesError
from store.usage.reports import AnyReport, RegistrationReport, ToggleCounts, UsageReport

NOW = datetime(2026, 5, 4, 12, 30, 15, tzinfo=UTC)

USAGE = table_of(ToggleUsageRow)
BUCKET = table_of(MetricBucketRow)
VARIANT_BUCKET = table_of(VariantBucketRow)


class Clock:
    """A clock that changes only when a test sets it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def usage_report(toggles: Mapping[str, ToggleCounts] | None = None, **fields: Any) -> UsageReport:
    """A report of `shop`, by default with three yes counts and one no count for the toggle `t`."""
    defaults = {"app_name": "shop", "environment": "default", "received_at": NOW, "stop": NOW}
    counts = {"t": ToggleCounts(3, 1)} if toggles is None else dict(toggles)
    return UsageReport(**{**defaults, **fields}, toggles=counts)


def registration_report(**fields: Any) -> RegistrationReport:
    """A registration of `shop`."""
    defaults = {
        "app_name": "shop",
        "environment": "default",
        "received_at": NOW,
        "client_ip": "10.0.0.1",
        "strategies": ("default", "flexibleRollout"),
        "sdk_version": "unleash-node-sdk:6.1.0",
    }
    return RegistrationReport(**{**defaults, **fields})


async def rows(store: Store, table: sa.Table, *columns: str) -> list[tuple[Any, ...]]:
    """Return the sorted rows of a table, with all columns or with the given columns."""
    selected = [table.c[name] for name in columns] or list(table.c)
    async with store.read() as session:
        result = await session.execute(sa.select(*selected).order_by(*selected))
        return [tuple(row) for row in result]


async def count(store: Store, table: sa.Table) -> int:
    """The number of rows of a table."""
    async with store.read() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def report_of(*names: str, app_name: str = "shop", clock: Clock | None = None) -> UsageReport:
    times = {"received_at": clock.now, "stop": clock.now} if clock else {}
    return usage_report(dict.fromkeys(names, ToggleCounts(1)), app_name=app_name, **times)


async def refusal(
    store: Store, *reports: AnyReport, source: str | None = "token", is_public: bool = False
) -> int | None:
    """Send reports. Return the seconds until a retry, or None if the reports are stored."""
    try:
        await store.journal.add(*reports, source=source, is_public=is_public)
    except TooManyNamesError as error:
        return error.retry_after_s
    return None


async def public_refusal(store: Store, report: AnyReport, source: str = "token") -> int | None:
    """Like `refusal`, for a public source."""
    return await refusal(store, report, source=source, is_public=True)
