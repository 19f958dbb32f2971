"""The token of a report determines which counts of the report are stored."""

from datetime import timedelta

import pytest

from store.identity import Principal
from store.model import SYSTEM, ApiTokenType
from store.snapshot import Configuration, Snapshot
from store.usage.scoping import ReportScope
from tests.store.usage.reporting import NOW, usage_report


@pytest.mark.parametrize(
    ("type", "delay", "counted"),
    [
        (ApiTokenType.FRONTEND, timedelta(minutes=5), timedelta(minutes=5)),
        (ApiTokenType.FRONTEND, timedelta(minutes=5, seconds=1), timedelta(minutes=5)),
        (ApiTokenType.FRONTEND, timedelta(days=9), timedelta(minutes=5)),
        (ApiTokenType.FRONTEND, -timedelta(minutes=1), -timedelta(minutes=1)),
        (ApiTokenType.CLIENT, timedelta(days=9), timedelta(days=9)),
    ],
)
def test_a_late_report_of_a_frontend_counts_as_of_five_minutes_before_its_arrival(
    type: ApiTokenType, delay: timedelta, counted: timedelta
) -> None:
    principal = Principal(SYSTEM, type, None, "default", ())
    report = usage_report({}, stop=NOW - delay)

    (limited,) = ReportScope().limit(principal, Snapshot(0, Configuration()), [report])

    assert limited == usage_report({}, stop=NOW - counted)
