"""The example installation's weeks of usage."""

from datetime import UTC, datetime, timedelta

import pytest

from flagstaff.demo.applications import APPLICATIONS
from flagstaff.demo.installation import DemoApplication
from flagstaff.demo.usage import DAY, SPAN, registrations, usage_reports

NOW = datetime(2026, 5, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize("app", APPLICATIONS, ids=lambda app: app.name)
def test_instances_started_one_after_the_other_before_the_day(app: DemoApplication) -> None:
    for environment in app.instances:
        started = [
            report.started_at
            for report in registrations(app, NOW)
            if report.environment == environment and report.started_at is not None
        ]

        assert started == sorted(started, reverse=True)
        assert len(set(started)) == len(app.instances[environment])
        assert max(started) < NOW - DAY


@pytest.mark.parametrize("app", APPLICATIONS, ids=lambda app: app.name)
def test_reports_cover_three_weeks_and_are_dense_in_the_last_hour(app: DemoApplication) -> None:
    reports = list(usage_reports(app, {}, NOW))
    ends = sorted({report.stop for report in reports})
    day, hour = NOW - DAY, NOW - timedelta(hours=1)

    assert ends[0] == NOW - SPAN + timedelta(hours=12)
    assert ends[-1] == NOW
    assert len([end for end in ends if end <= day]) == 40
    assert len([end for end in ends if day < end <= hour]) == 23
    assert len([end for end in ends if end > hour]) == 12


def test_the_load_is_even_around_its_peak_at_seven() -> None:
    app = max(APPLICATIONS, key=lambda app: app.calls_per_hour)
    calls = {
        f"{report.stop:%H:%M}": sum(counts.yes + counts.no for counts in report.toggles.values())
        for report in usage_reports(app, {}, NOW + timedelta(minutes=30))
        if report.stop <= NOW
    }

    assert calls["18:30"] > calls["12:30"] > calls["06:30"]
    # 12:30 is six and a half hours before the peak. 01:30 is six and a half hours after the peak.
    assert calls["12:30"] == pytest.approx(calls["01:30"], rel=0.2)
