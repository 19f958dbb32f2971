"""The stage of a toggle depends on its state and on the environments that report it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from store.lifecycle import LifecycleStage, lifecycle_of
from store.model import Environment, EnvironmentType, Toggle
from store.snapshot import Configuration, Snapshot
from store.usage.summary import UsageSummary, Use

CREATED = datetime(2026, 5, 4, tzinfo=UTC)
INITIAL, PRE_LIVE, LIVE, COMPLETED, ARCHIVED = LifecycleStage

ENVIRONMENTS = {
    name: Environment(name=name, type=type, created_at=CREATED)
    for name, type in (
        ("dev", EnvironmentType.DEVELOPMENT),
        ("test", EnvironmentType.TEST),
        ("stage", EnvironmentType.PRE_PRODUCTION),
        ("prod", EnvironmentType.PRODUCTION),
        ("prod-2", EnvironmentType.PRODUCTION),
    )
}


def day(number: int) -> datetime:
    return CREATED + timedelta(days=number)


def history(
    *reports: tuple[str, int], stale: int | None = None, archived: int | None = None
) -> list[tuple[LifecycleStage, int]]:
    """Return the stages of a toggle that was created on day 0, each with its first day."""
    toggle = Toggle(
        id="1",
        name="t",
        created_at=CREATED,
        updated_at=CREATED,
        stale_at=None if stale is None else day(stale),
        archived_at=None if archived is None else day(archived),
    )
    usage = UsageSummary()
    usage.apply(
        Use("t", environment, "shop", day(number), day(number), None, None)
        for environment, number in reports
    )
    lifecycle = lifecycle_of(Snapshot(1, Configuration(environments=ENVIRONMENTS)), usage, toggle)
    steps = [(step.stage, (step.entered_at - CREATED).days) for step in lifecycle.history]
    assert (lifecycle.stage, lifecycle.entered_at) == structs.astuple(lifecycle.history[-1])
    assert [item for _, item in steps] == sorted(item for _, item in steps)
    return steps


def test_a_toggle_that_was_never_reported_is_at_the_beginning() -> None:
    assert history() == [(INITIAL, 0)]


@pytest.mark.parametrize("environment", ["dev", "test", "stage", "nowhere"])
def test_a_report_from_elsewhere_than_production_comes_before_live(environment: str) -> None:
    assert history((environment, 2)) == [(INITIAL, 0), (PRE_LIVE, 2)]


def test_the_first_report_counts_of_all_environments_of_a_kind() -> None:
    reports = (("test", 3), ("dev", 1), ("dev", 9), ("prod-2", 7), ("prod", 5), ("prod", 8))

    assert history(*reports) == [(INITIAL, 0), (PRE_LIVE, 1), (LIVE, 5)]


def test_a_toggle_can_go_live_at_once() -> None:
    assert history(("prod", 1)) == [(INITIAL, 0), (LIVE, 1)]
    assert history(("prod", 1), ("dev", 2)) == [(INITIAL, 0), (LIVE, 1)]


def test_a_stale_toggle_is_completed_until_the_mark_is_taken_off() -> None:
    reports = (("dev", 1), ("prod", 2))

    assert history(*reports, stale=4) == [
        (INITIAL, 0),
        (PRE_LIVE, 1),
        (LIVE, 2),
        (COMPLETED, 4),
    ]
    assert history(*reports)[-1] == (LIVE, 2)


def test_reports_after_the_mark_lead_to_no_earlier_stage() -> None:
    assert history(("dev", 1), ("prod", 5), stale=3) == [
        (INITIAL, 0),
        (PRE_LIVE, 1),
        (COMPLETED, 3),
    ]


def test_archiving_ends_the_life_of_a_toggle() -> None:
    assert history(("prod", 1), stale=2, archived=3) == [
        (INITIAL, 0),
        (LIVE, 1),
        (COMPLETED, 2),
        (ARCHIVED, 3),
    ]
    assert history(archived=3) == [(INITIAL, 0), (ARCHIVED, 3)]
    assert history(("prod", 4), stale=5, archived=3) == [(INITIAL, 0), (ARCHIVED, 3)]


def test_stages_that_begin_at_the_same_time_all_count() -> None:
    assert history(("dev", 1), ("prod", 1), stale=1, archived=1) == [
        (INITIAL, 0),
        (PRE_LIVE, 1),
        (LIVE, 1),
        (COMPLETED, 1),
        (ARCHIVED, 1),
    ]


def test_reports_of_an_earlier_toggle_of_the_name_do_not_count() -> None:
    assert history(("prod", -3)) == [(INITIAL, 0)]


def test_a_name_requested_before_and_after_the_toggle_came_is_reported_from_the_start() -> None:
    assert history(("prod", -3), ("prod", 2)) == [(INITIAL, 0), (LIVE, 0)]


def test_nothing_begins_before_the_toggle_was_created() -> None:
    assert history(stale=-5, archived=-2) == [(INITIAL, 0), (COMPLETED, 0), (ARCHIVED, 0)]
