"""The tables of applications and of usage reports."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import UNSET
from sqlmodel import Field

from store.columns import BigInteger, UtcDateTime
from store.rows.declaring import (
    Row,
    count_column,
    import_column,
    import_index,
    json_column,
    key_column,
    name_column,
    optional_time_column,
    owner_column,
    sequence_column,
    time_column,
)


class ApplicationRow(Row, table=True):
    """An application. If the application has never registered, `registered_at` is null."""

    __table_args__ = (import_index("application"),)

    name: str = key_column()
    registered_at: datetime | None = optional_time_column()
    description: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    url: str | None = None
    icon: str | None = None
    color: str | None = None
    strategies: Any = json_column(tuple[str, ...], absent=UNSET)
    created_by: str | None = None
    created_at: datetime = time_column()
    updated_at: datetime = time_column()
    last_seen_at: datetime = time_column(index=True)
    metrics_count: int = count_column()
    import_id: str | None = import_column()


class ApplicationInstanceRow(Row, table=True):
    __table_args__ = (
        sa.UniqueConstraint("app_name", "environment", "instance_id"),
        sa.Index("ix_application_instance_seen", "app_name", "last_seen_at"),
        import_index("application_instance"),
    )

    id: str = key_column()
    app_name: str = owner_column("application.name")
    instance_id: str = name_column()
    environment: str = name_column()
    sdk_version: str | None = None
    connection_id: str | None = None
    interval_ms: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, nullable=True))
    platform_name: str | None = None
    platform_version: str | None = None
    yggdrasil_version: str | None = None
    spec_version: str | None = None
    client_ip: str | None = None
    started_at: datetime | None = optional_time_column()
    created_at: datetime = time_column()
    last_seen_at: datetime = time_column(index=True)
    import_id: str | None = import_column()


class ToggleUsageRow(Row, table=True):
    """An application's use of a name in an environment.

    The table also contains names that no toggle has.
    """

    __table_args__ = (
        sa.Index("ix_toggle_usage_application", "app_name", "last_seen_at"),
        import_index("toggle_usage"),
    )

    toggle_name: str = key_column()
    app_name: str = owner_column("application.name", primary_key=True)
    environment: str = key_column()
    first_seen_at: datetime = time_column()
    last_seen_at: datetime = time_column(index=True)
    last_yes_at: datetime | None = optional_time_column()
    last_no_at: datetime | None = optional_time_column()
    yes: int = count_column()
    no: int = count_column()
    sequence: int = sequence_column()
    import_id: str | None = import_column()


class UsageStateRow(Row, table=True):
    """The single row with the number of the last usage write.

    `removed` is the number of the last write that deleted rows.
    """

    id: int = Field(primary_key=True)
    sequence: int = count_column()
    removed: int = count_column()


class MetricBucketRow(Row, table=True):
    """The counts of the interval that begins at `start`.

    `start` is in UTC. `width` is minute, hour or day.
    """

    __table_args__ = (
        sa.Index("ix_metric_bucket_age", "width", "start"),
        import_index("metric_bucket"),
    )

    toggle_name: str = key_column()
    width: str = key_column()
    start: datetime = Field(sa_column=sa.Column(UtcDateTime, primary_key=True))
    environment: str = key_column()
    app_name: str = key_column()
    yes: int = count_column()
    no: int = count_column()
    import_id: str | None = import_column()


class VariantBucketRow(Row, table=True):
    """The number of times that SDKs returned a variant in one interval."""

    __table_args__ = (
        sa.Index("ix_variant_bucket_age", "width", "start"),
        import_index("variant_bucket"),
    )

    toggle_name: str = key_column()
    width: str = key_column()
    start: datetime = Field(sa_column=sa.Column(UtcDateTime, primary_key=True))
    environment: str = key_column()
    app_name: str = key_column()
    variant: str = key_column()
    count: int = count_column()
    import_id: str | None = import_column()


class RecentCountRow(Row, table=True):
    """The counts of all reports whose interval ended in one second.

    These rows are removed after a few minutes. Dashboards that show the last minute need a finer
    resolution than the buckets. A variant counts as yes, but the variant `disabled` counts as no.
    """

    __table_args__ = (sa.Index("ix_recent_count_ended_at", "ended_at"),)

    environment: str = key_column()
    ended_at: datetime = Field(sa_column=sa.Column(UtcDateTime, primary_key=True))
    toggle_name: str = key_column()
    yes: int = count_column()
    no: int = count_column()


class MetricsJournalRow(Row, table=True):
    """A batch of acknowledged reports that are not aggregated yet."""

    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(
        default=None, sa_column=sa.Column(BigInteger, primary_key=True, autoincrement=True)
    )
    received_at: datetime = time_column()
    reports: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


class MetricsReceiptRow(Row, table=True):
    """The key of a counted report; a retry with the same key is not counted again."""

    key: str = key_column()
    received_at: datetime = time_column(index=True)


class UnknownNameRow(Row, table=True):
    """A name that an application requested but no toggle has.

    The number of rows is limited.
    """

    app_name: str = owner_column("application.name", primary_key=True)
    toggle_name: str = key_column()
    created_at: datetime = time_column()


class NameAllowanceRow(Row, table=True):
    """The numbers of new names that a source, such as a token, reported in the hour from `hour`.

    The row with the empty source counts the names of all sources. `usages` counts names that an
    application reported in an environment for the first time. For sources that are not public,
    `usages` counts only names that no toggle has.
    """

    source: str = key_column()
    hour: datetime = Field(sa_column=sa.Column(UtcDateTime, primary_key=True))
    applications: int = count_column()
    unknown_names: int = count_column()
    # Servers of earlier releases do not write this column, so the column needs a default.
    usages: int = count_column(server_default="0")
