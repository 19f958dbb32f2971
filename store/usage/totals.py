"""Sum up many reports into the rows that the aggregation adds to the tables."""

from collections.abc import Callable, Container, Iterator
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from msgspec import Struct, field

from store.slices import SLICE
from store.usage.recent import Seconds
from store.usage.reports import (
    MAX_SUM,
    AnyReport,
    RegistrationReport,
    Report,
    ToggleCounts,
    UsageReport,
)
from store.usage.retention import DEFAULT_RETENTION, Retention
from store.usage.summary import Use

_INSTANCES = UUID("5a1c7be4-6a4f-4c5c-9d0e-0f3f6f8f9a51")
# The fields that describe an instance. The names of columns and of report fields are equal.
_DESCRIPTION_FIELDS = (
    "sdk_version",
    "connection_id",
    "platform_name",
    "platform_version",
    "yggdrasil_version",
    "spec_version",
    "interval_ms",
    "client_ip",
)

Record: TypeAlias = dict[str, Any]
# The width and the start of each bucket in which a report is counted.
Starts: TypeAlias = tuple[tuple[str, datetime], ...]


def instance_key(app_name: str, environment: str, instance_id: str) -> str:
    """Return the key of an application's instance in an environment."""
    # The separator is unambiguous, because no name can contain NUL.
    return str(uuid5(_INSTANCES, f"{app_name}\0{environment}\0{instance_id}"))


class _UsageSum(Struct):
    """The sum of reports with the same name, application, environment and buckets."""

    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None = None
    last_no_at: datetime | None = None
    yes: int = 0
    no: int = 0
    variants: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, counts: ToggleCounts, at: datetime) -> None:
        if at > self.last_seen_at:
            self.last_seen_at = at
        elif at < self.first_seen_at:
            self.first_seen_at = at
        if counts.yes:
            self.yes += counts.yes
            if self.last_yes_at is None or at > self.last_yes_at:
                self.last_yes_at = at
        if counts.no:
            self.no += counts.no
            if self.last_no_at is None or at > self.last_no_at:
                self.last_no_at = at
        for variant, count in counts.variants.items():
            self.variants[variant] = self.variants.get(variant, 0) + count


class Totals:
    """Sums up reports and builds the rows for each table.

    The rows omit buckets that have expired at `now`. `toggles` are the names of existing toggles.
    Several rows of usages or buckets may have the same key.
    """

    def __init__(
        self,
        *,
        now: datetime,
        toggles: Container[str],
        retention: Retention = DEFAULT_RETENTION,
    ) -> None:
        self._now = now
        self._reach = retention.of_buckets()
        self._toggles = toggles
        # For each application, the sum of the counts for names that are not stored.
        self._unnamed: dict[str, int] = {}
        self._applications: dict[str, Record] = {}
        self._registrations: dict[str, Record] = {}
        self._instances: dict[tuple[str, str, str], Record] = {}
        self._sums: dict[tuple[str, str, Starts], dict[str, _UsageSum]] = {}
        self._seconds = Seconds(now)

    @property
    def is_large(self) -> bool:
        """Whether building the rows would block the event loop for too long."""
        names = 0
        for sums in self._sums.values():
            names += len(sums) + sum(len(usage.variants) for usage in sums.values())
        return names > SLICE

    def add(self, report: AnyReport, *, counted: bool = True) -> None:
        """Add a report. If `counted` is false, update only the application and the instance."""
        self._add_application(report)
        if report.instance_id is not None:
            self._add_instance(report, report.instance_id)
        if isinstance(report, RegistrationReport):
            self._registrations[report.app_name] = {
                "name_": report.app_name,
                "strategies_": report.strategies,
                "updated_at_": report.received_at,
            }
        elif counted:
            self._add_usage(report)

    def applications(self) -> list[Record]:
        """Return the rows of the table of applications.

        The row of a new application shows that the application is not registered.
        """
        counts = dict.fromkeys(self._applications, 0) | self._unnamed
        for (app_name, _, _), sums in self._sums.items():
            counts[app_name] += sum(
                usage.yes + usage.no + sum(usage.variants.values()) for usage in sums.values()
            )
        return [
            {**self._applications[name], "metrics_count": min(counts[name], MAX_SUM)}
            for name in sorted(self._applications)
        ]

    def registrations(self) -> list[Record]:
        """Return the updates of registered applications.

        The keys are the names of bind parameters.
        """
        return [self._registrations[name] for name in sorted(self._registrations)]

    def instances(self) -> list[Record]:
        """Return the rows of the table of instances."""
        rows = ({"id": instance_key(*key), **row} for key, row in self._instances.items())
        return sorted(rows, key=lambda row: row["id"])

    def usages(self) -> list[Record]:
        """Return the rows of the table of usages."""
        return sorted(
            (
                {
                    "toggle_name": toggle_name,
                    "app_name": app_name,
                    "environment": environment,
                    "first_seen_at": usage.first_seen_at,
                    "last_seen_at": usage.last_seen_at,
                    "last_yes_at": usage.last_yes_at,
                    "last_no_at": usage.last_no_at,
                    "yes": min(usage.yes, MAX_SUM),
                    "no": min(usage.no, MAX_SUM),
                }
                for (app_name, environment, _), sums in self._sums.items()
                for toggle_name, usage in sums.items()
            ),
            key=lambda row: (row["toggle_name"], row["app_name"], row["environment"]),
        )

    def unknown_names(self) -> list[Record]:
        """Return the rows of the table of unknown names."""
        first: dict[tuple[str, str], datetime] = {}
        for (app_name, _, _), sums in self._sums.items():
            for toggle_name, usage in sums.items():
                if toggle_name not in self._toggles:
                    first.setdefault((app_name, toggle_name), usage.first_seen_at)
        return [
            {"app_name": app_name, "toggle_name": toggle_name, "created_at": at}
            for (app_name, toggle_name), at in sorted(first.items())
        ]

    def buckets(self) -> list[Record]:
        """Return the rows of the table of buckets."""
        return sorted(
            (
                {**key, "yes": min(usage.yes, MAX_SUM), "no": min(usage.no, MAX_SUM)}
                for key, usage in self._bucket_sums()
            ),
            key=lambda row: tuple(row.values())[:5],
        )

    def variant_buckets(self) -> list[Record]:
        """Return the rows of the table of variant buckets."""
        return sorted(
            (
                {**key, "variant": variant, "count": min(count, MAX_SUM)}
                for key, usage in self._bucket_sums()
                for variant, count in usage.variants.items()
            ),
            key=lambda row: tuple(row.values())[:6],
        )

    def recent_counts(self) -> list[Record]:
        """Return the rows of the table of recent counts."""
        return self._seconds.rows()

    def uses(self) -> list[Use]:
        """Return the sums of `usages` as `Use` objects for the usage summary."""
        return [
            Use(
                toggle_name,
                environment,
                app_name,
                usage.first_seen_at,
                usage.last_seen_at,
                usage.last_yes_at,
                usage.last_no_at,
            )
            for (app_name, environment, _), sums in self._sums.items()
            for toggle_name, usage in sums.items()
        ]

    def _bucket_sums(self) -> Iterator[tuple[Record, _UsageSum]]:
        for (app_name, environment, starts), sums in self._sums.items():
            for toggle_name, usage in sums.items():
                for width, start in starts:
                    key = {
                        "toggle_name": toggle_name,
                        "width": width,
                        "start": start,
                        "environment": environment,
                        "app_name": app_name,
                    }
                    yield key, usage

    def _add_application(self, report: Report) -> None:
        row = self._applications.get(report.app_name)
        if row is None:
            self._applications[report.app_name] = {
                "name": report.app_name,
                "description": "",
                "strategies": (),
                "created_at": report.received_at,
                "updated_at": report.received_at,
                "last_seen_at": report.received_at,
            }
        else:
            row["last_seen_at"] = max(row["last_seen_at"], report.received_at)

    def _add_instance(self, report: Report, instance_id: str) -> None:
        key = (report.app_name, report.environment, instance_id)
        row = self._instances.get(key)
        if row is None:
            row = self._instances[key] = {
                "app_name": report.app_name,
                "environment": report.environment,
                "instance_id": instance_id,
                "started_at": None,
                "created_at": report.received_at,
                "last_seen_at": report.received_at,
                **dict.fromkeys(_DESCRIPTION_FIELDS),
            }
        row["last_seen_at"] = max(row["last_seen_at"], report.received_at)
        for name in _DESCRIPTION_FIELDS:
            value = getattr(report, name)
            if value is not None:
                row[name] = value
        if isinstance(report, RegistrationReport) and report.started_at is not None:
            row["started_at"] = report.started_at

    def _add_usage(self, report: UsageReport) -> None:
        if report.unnamed:
            counts = self._unnamed.get(report.app_name, 0) + report.unnamed
            self._unnamed[report.app_name] = counts
        at = report.received_at
        ended_at = min(report.stop, at)
        sums = self._sums.setdefault(
            (report.app_name, report.environment, self._bucket_starts(ended_at)), {}
        )
        seconds = self._seconds.of(report.environment, ended_at)
        for toggle_name, counts in report.toggles.items():
            usage = sums.get(toggle_name)
            if usage is None:
                usage = sums[toggle_name] = _UsageSum(at, at)
            usage.add(counts, at)
            if seconds is not None:
                seconds.add(toggle_name, counts)

    def _bucket_starts(self, at: datetime) -> Starts:
        """Return the widths and starts of the retained buckets that contain a time."""
        return tuple(
            (width, _BEGINNING[width](at))
            for width, reach in self._reach.items()
            if at > self._now - reach
        )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


_BEGINNING: dict[str, Callable[[datetime], datetime]] = {
    "minute": _minute,
    "hour": _hour,
    "day": _day,
}
