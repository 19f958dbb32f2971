"""Generate three weeks of reports from the applications of the example."""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from flagstaff.demo.installation import DEVELOPMENT, DemoApplication
from store.usage.reports import RegistrationReport, ToggleCounts, UsageReport
from store.values import Variant

DAY = timedelta(hours=24)
SPAN = timedelta(days=21)
INTERVAL_MS = 60_000

_LATEST = timedelta(hours=1)
_SHORT_STEP = timedelta(minutes=5)
_LONG_STEP = timedelta(hours=1)
_OLD_STEP = timedelta(hours=12)


def registrations(app: DemoApplication, now: datetime) -> Iterator[RegistrationReport]:
    """Yield the registration of each instance. All instances started a little over a day ago."""
    for environment, instances in app.instances.items():
        for position, instance in enumerate(instances):
            started_at = now - DAY - timedelta(minutes=7 + 11 * position)
            yield RegistrationReport(
                app_name=app.name,
                instance_id=instance,
                environment=environment,
                strategies=app.strategies,
                started_at=started_at,
                interval_ms=INTERVAL_MS,
                sdk_version=app.sdk_version,
                platform_name=app.platform_name,
                platform_version=app.platform_version,
                spec_version=app.spec_version,
                received_at=started_at,
            )


def usage_reports(
    app: DemoApplication, variants: Mapping[str, tuple[Variant, ...]], now: datetime
) -> Iterator[UsageReport]:
    """Yield the reports of each instance.

    There is a report every twelve hours for three weeks, then every hour for a day, and every five
    minutes in the last hour.
    """
    random = Random(app.name)
    for environment, instances in app.instances.items():
        share = 0.02 if environment == DEVELOPMENT else 1 / len(instances)
        for instance in instances:
            for end, length in _intervals(now):
                calls = app.calls_per_hour * share * _load(end) * (length / _LONG_STEP)
                yield UsageReport(
                    app_name=app.name,
                    instance_id=instance,
                    environment=environment,
                    sdk_version=app.sdk_version,
                    platform_name=app.platform_name,
                    platform_version=app.platform_version,
                    spec_version=app.spec_version,
                    interval_ms=INTERVAL_MS,
                    stop=end,
                    received_at=end,
                    toggles={
                        name: _counts(random, calls, share_of_yes, variants.get(name, ()))
                        for name, share_of_yes in app.yes_share.items()
                    },
                )


def _intervals(now: datetime) -> Iterator[tuple[datetime, timedelta]]:
    end = now - SPAN + _OLD_STEP
    while end <= now - DAY:
        yield end, _OLD_STEP
        end += _OLD_STEP
    end = now - DAY + _LONG_STEP
    while end <= now - _LATEST:
        yield end, _LONG_STEP
        end += _LONG_STEP
    end = now - _LATEST + _SHORT_STEP
    while end <= now:
        yield end, _SHORT_STEP
        end += _SHORT_STEP


def _load(time: datetime) -> float:
    """Return the load of the shop, from 0.1 in the morning to 1 in the evening."""
    hours_from_peak = (time.hour + time.minute / 60) - 19
    return 0.55 + 0.45 * math.cos(hours_from_peak * math.pi / 12)


def _counts(
    random: Random, calls: float, share_of_yes: float, variants: tuple[Variant, ...]
) -> ToggleCounts:
    total = max(1, round(calls * random.uniform(0.8, 1.2)))
    yes = min(total, round(total * share_of_yes * random.uniform(0.97, 1.03)))
    counts: dict[str, int] = {}
    left = yes
    for variant in variants[:-1]:
        counts[variant.name] = min(left, round(yes * variant.weight / 1000))
        left -= counts[variant.name]
    if variants:
        counts[variants[-1].name] = left
    return ToggleCounts(yes=yes, no=total - yes, variants=counts)
