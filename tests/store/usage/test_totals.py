"""Totals compute the expected rows from reports."""

from datetime import UTC, datetime, timedelta

import pytest

from store.usage.reports import MAX_COUNT, MAX_SUM, ToggleCounts
from store.usage.totals import Totals
from tests.store.usage.reporting import NOW, registration_report, usage_report

MINUTE = NOW.replace(second=0)
HOUR = MINUTE.replace(minute=0)
DAY = HOUR.replace(hour=0)


def totals(*toggles: str) -> Totals:
    return Totals(now=NOW, toggles=set(toggles))


@pytest.mark.parametrize(
    ("stop", "starts"),
    [
        pytest.param(NOW, {MINUTE, HOUR, DAY}, id="now"),
        pytest.param(NOW + timedelta(days=365), {MINUTE, HOUR, DAY}, id="ahead"),
        pytest.param(datetime.max.replace(tzinfo=UTC), {MINUTE, HOUR, DAY}, id="the last moment"),
        pytest.param(
            NOW - timedelta(hours=1),
            {MINUTE - timedelta(hours=1), HOUR - timedelta(hours=1), DAY},
            id="an hour ago",
        ),
        pytest.param(
            NOW - timedelta(hours=3), {HOUR - timedelta(hours=3), DAY}, id="too old for minutes"
        ),
        pytest.param(
            NOW - timedelta(days=100), {DAY - timedelta(days=100)}, id="too old for hours"
        ),
        pytest.param(NOW - timedelta(days=800), set(), id="too old for days"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), set(), id="1970"),
        pytest.param(datetime.min.replace(tzinfo=UTC), set(), id="the first moment"),
    ],
)
def test_the_time_of_a_report_decides_its_buckets(stop: datetime, starts: set[datetime]) -> None:
    summed = totals()

    summed.add(usage_report(stop=stop))

    assert {row["start"] for row in summed.buckets()} == starts
    (usage,) = summed.usages()
    assert (usage["yes"], usage["no"], usage["last_seen_at"]) == (3, 1, NOW)


def test_a_report_without_an_instance_adds_none() -> None:
    summed = totals()

    summed.add(usage_report(instance_id=None))

    assert summed.instances() == []
    assert [row["name"] for row in summed.applications()] == ["shop"]
    assert [(row["yes"], row["no"]) for row in summed.usages()] == [(3, 1)]


def test_a_report_that_waited_in_the_journal_counts_when_it_arrived() -> None:
    summed = totals()

    summed.add(usage_report(received_at=NOW - timedelta(minutes=5), stop=NOW))

    assert MINUTE - timedelta(minutes=5) in {row["start"] for row in summed.buckets()}


def test_counts_of_one_key_are_added_up() -> None:
    summed = totals()

    summed.add(usage_report({"t": ToggleCounts(1, 2, {"red": 3})}))
    summed.add(usage_report({"t": ToggleCounts(10, 20, {"red": 30, "blue": 1})}))

    (usage,) = summed.usages()
    assert (usage["yes"], usage["no"]) == (11, 22)
    assert {(row["yes"], row["no"]) for row in summed.buckets()} == {(11, 22)}
    assert {(row["variant"], row["count"]) for row in summed.variant_buckets()} == {
        ("red", 33),
        ("blue", 1),
    }
    assert summed.applications()[0]["metrics_count"] == 67


def test_first_and_last_times_do_not_depend_on_the_order_of_reports() -> None:
    summed = totals()
    yes, no = {"t": ToggleCounts(1, 0)}, {"t": ToggleCounts(0, 1)}

    for second, counts in ((3, yes), (1, no), (4, no), (2, yes), (0, yes), (3, no), (4, {})):
        at = NOW + timedelta(seconds=second)
        summed.add(usage_report(counts, received_at=at, stop=at))

    (usage,) = summed.usages()
    (use,) = {(use.first_seen_at, use.last_seen_at) for use in summed.uses()}
    assert use == (usage["first_seen_at"], usage["last_seen_at"])
    assert use == (NOW, NOW + timedelta(seconds=4))
    assert usage["last_yes_at"] == NOW + timedelta(seconds=3)
    assert usage["last_no_at"] == NOW + timedelta(seconds=4)


def test_sums_stop_where_json_numbers_end() -> None:
    summed = totals()
    huge = {"t": ToggleCounts(MAX_COUNT, MAX_COUNT, {"red": MAX_COUNT})}

    for _ in range(MAX_SUM // MAX_COUNT + 5):
        summed.add(usage_report(huge))

    (usage,) = summed.usages()
    assert (usage["yes"], usage["no"]) == (MAX_SUM, MAX_SUM)
    assert {row["count"] for row in summed.variant_buckets()} == {MAX_SUM}
    assert summed.applications()[0]["metrics_count"] == MAX_SUM


def test_names_that_no_toggle_has_are_listed_once_for_each_application() -> None:
    summed = totals("known")

    summed.add(usage_report({"known": ToggleCounts(1), "b": ToggleCounts(1)}))
    summed.add(usage_report({"a": ToggleCounts(1), "b": ToggleCounts(1)}, environment="staging"))
    summed.add(usage_report({"b": ToggleCounts(1)}, app_name="other"))

    names = [(row["app_name"], row["toggle_name"]) for row in summed.unknown_names()]
    assert names == [("other", "b"), ("shop", "a"), ("shop", "b")]


def test_counts_without_names_count_for_the_application() -> None:
    summed = totals()

    summed.add(usage_report({"t": ToggleCounts(1, 1)}, unnamed=5))
    summed.add(usage_report({}, unnamed=7))

    assert summed.applications()[0]["metrics_count"] == 14
    assert [row["toggle_name"] for row in summed.usages()] == ["t"]


def test_a_repeated_report_only_updates_the_instance() -> None:
    summed = totals()

    summed.add(usage_report(), counted=False)

    assert len(summed.instances()) == 1
    assert not summed.usages()
    assert not summed.buckets()


def test_a_storm_of_registrations_makes_one_row_for_each_instance() -> None:
    summed = totals()

    for _ in range(150):
        summed.add(registration_report(instance_id="one"))
    summed.add(registration_report(instance_id="two"))

    assert len(summed.instances()) == 2
    assert len(summed.applications()) == len(summed.registrations()) == 1


def test_fields_that_a_later_report_omits_stay() -> None:
    summed = totals()

    summed.add(registration_report(started_at=NOW))
    summed.add(usage_report(connection_id="c"))

    (instance,) = summed.instances()
    assert instance["sdk_version"] == "unleash-node-sdk:6.1.0"
    assert instance["started_at"] == NOW
    assert instance["connection_id"] == "c"
