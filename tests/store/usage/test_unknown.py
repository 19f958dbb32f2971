"""Unknown toggles: names that applications request but no toggle has."""

from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.toggles import archive_toggle, create_toggle
from store.paging import Window
from store.usage.reports import ToggleCounts
from store.usage.unknown import (
    Requesters,
    UnknownToggle,
    count_unknown_toggles,
    list_unknown_toggles,
    requesters_of,
    unknown_position,
)
from tests.store.conftest import Filled
from tests.store.usage.reporting import NOW, usage_report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def ask(store: Store) -> None:
    """Create the toggles `live` and `old`, and report `live`, `old` and three unknown toggles."""
    async with store.write(SYSTEM) as work:
        for name in ("live", "old"):
            await create_toggle(work, name=name)
        await archive_toggle(work, "old")
    for app_name, environment, ago, names in (
        ("shop", "default", 20 * DAY, ("typo", "ancient")),
        ("shop", "default", 2 * HOUR, ("live", "old", "Gone")),
        ("till", "production", 1 * HOUR, ("typo", "live")),
        ("till", "default", 3 * HOUR, ("typo",)),
    ):
        counts = dict.fromkeys(names, ToggleCounts(1, 0))
        await store.journal.add(
            usage_report(counts, app_name=app_name, environment=environment, received_at=NOW - ago)
        )
    await store.aggregate_now()


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with reports of `live`, `old` and the unknown toggles."""
    return filled(beginning, ask)


async def names(store: Store, **filters: Any) -> list[str]:
    async with store.read() as session:
        page = await list_unknown_toggles(session, **filters, window=Window(10))
        assert await count_unknown_toggles(session, **filters) == len(page.items)
    return [toggle.name for toggle in page.items]


async def test_names_that_no_toggle_has_are_listed_newest_report_first(store: Store) -> None:
    assert await names(store) == ["typo", "Gone", "ancient"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"seen_since": NOW - DAY}, ["typo", "Gone"]),
        ({"seen_since": NOW - timedelta(minutes=90)}, ["typo"]),
        ({"seen_since": NOW - 2 * HOUR}, ["typo", "Gone"]),
        ({"seen_since": NOW - HOUR}, ["typo"]),
        ({"seen_since": NOW}, []),
        ({"applications": ["shop"]}, ["typo", "Gone", "ancient"]),
        ({"applications": ["till"]}, ["typo"]),
        ({"applications": ["till", "nobody"]}, ["typo"]),
        ({"applications": []}, []),
        ({"applications": ["shop"], "seen_since": NOW - DAY}, ["Gone"]),
    ],
)
async def test_unknown_toggles_are_filtered_by_application_and_time(
    store: Store, filters: dict[str, Any], expected: list[str]
) -> None:
    assert await names(store, **filters) == expected


async def test_first_and_last_times_are_those_of_all_applications(store: Store) -> None:
    since = NOW - DAY
    async with store.read() as session:
        page = await list_unknown_toggles(
            session, applications=["till"], seen_since=since, window=Window(10)
        )

    assert page.items == [UnknownToggle("typo", NOW - 20 * DAY, NOW - HOUR, since)]


async def test_applications_of_a_name_are_limited_to_recent_ones(store: Store) -> None:
    async with store.read() as session:
        lately = await requesters_of(session, ["typo", "ancient"], NOW - 3 * HOUR)
        ever = await requesters_of(session, ["typo", "ancient", "nobody"], None)

    assert lately == {
        "typo": Requesters(("till",), ("default", "production")),
        "ancient": Requesters((), ()),
    }
    assert ever == {
        "typo": Requesters(("shop", "till"), ("default", "production")),
        "ancient": Requesters(("shop",), ("default",)),
        "nobody": Requesters((), ()),
    }


async def test_unknown_toggles_are_paged_in_both_directions(store: Store) -> None:
    found: list[str] = []
    async with store.read() as session:
        window = Window(2)
        page = await list_unknown_toggles(session, window=window)
        found += [toggle.name for toggle in page.items]
        after = unknown_position(page.items[-1])
        rest = await list_unknown_toggles(session, window=Window(2, after=after))
        before = unknown_position(rest.items[0])
        back = await list_unknown_toggles(session, window=Window(1, before=before, from_end=True))

    assert page.has_next
    assert found + [toggle.name for toggle in rest.items] == ["typo", "Gone", "ancient"]
    assert not rest.has_next
    assert [toggle.name for toggle in back.items] == ["Gone"]
    assert back.has_previous


async def test_a_name_is_no_longer_unknown_once_a_toggle_has_it(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="Gone")

    assert await names(store) == ["typo", "ancient"]
