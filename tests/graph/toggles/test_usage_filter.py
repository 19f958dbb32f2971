"""Toggles can be filtered by their recent evaluations."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from tests.graph.conftest import PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import TOGGLES, toggle_names
from tests.store.usage.reporting import Clock

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = timedelta(days=1)
# The time is later than all changes in prepared databases, because times of changes never decrease.
NOW = datetime(2100, 5, 4, 12, 30, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase) -> PreparedDatabase:
    """Databases with the environments of the reports."""
    return furnished_database


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_store(shared_url: str) -> AsyncIterator[Store]:
    """A store with the toggles of `fill` and a stopped clock."""
    clock = Clock()
    store = await Store.open(shared_url, clock=clock)
    await fill(store, clock)
    yield store
    await store.close()


async def fill(store: Store, clock: Clock) -> None:
    """Create toggles a hundred days ago and `young` five days ago, and report usage."""
    installed = Installation(store)
    clock.now = NOW - 100 * DAY
    await installed.toggles(
        "on", "off", "both", "was-off", "changed", "silent", "never", "elsewhere"
    )
    for days_ago, yes, no, environment, names in (
        (60, 1, 0, "production", ("silent",)),
        (40, 0, 1, "production", ("was-off", "both")),
        (5, 1, 0, "production", ("on", "both", "was-off", "changed")),
        (5, 0, 1, "production", ("off",)),
        (4, 0, 1, "production", ("both",)),
        (4, 1, 0, "development", ("elsewhere", "off")),
    ):
        clock.now = NOW - days_ago * DAY
        await installed.use("shop", *names, yes=yes, no=no, environment=environment)
        await installed.aggregate()
    clock.now = NOW - 10 * DAY
    await installed.switch("changed", "production", on=True)
    await installed.switch("on", "development", on=True)
    clock.now = NOW - 5 * DAY
    await installed.toggle("young")
    clock.now = NOW


EVERYTHING = [
    "both",
    "changed",
    "elsewhere",
    "never",
    "off",
    "on",
    "silent",
    "was-off",
    "young",
]


USAGES: list[tuple[Any, list[str]]] = [
    ({"environment": "production", "alwaysEnabledForDays": 30}, ["on", "was-off"]),
    ({"environment": "production", "alwaysEnabledForDays": 7}, ["changed", "on", "was-off"]),
    ({"environment": "production", "alwaysEnabledForDays": 50}, ["on"]),
    ({"environment": "production", "alwaysEnabledForDays": 90}, ["on", "silent"]),
    ({"environment": "production", "alwaysEnabledForDays": 4}, []),
    ({"environment": "development", "alwaysEnabledForDays": 7}, ["elsewhere", "off"]),
    ({"environment": "default", "alwaysEnabledForDays": 7}, []),
    ({"environment": "nowhere", "alwaysEnabledForDays": 7}, []),
    ({"alwaysEnabledForDays": 30}, ["elsewhere", "off", "on", "was-off"]),
    ({"environment": "production", "alwaysDisabledForDays": 30}, ["off"]),
    ({"alwaysDisabledForDays": 30}, ["off"]),
    ({"alwaysDisabledForDays": 30, "alwaysEnabledForDays": 30}, []),
    ({"unseenForDays": 30}, ["never", "silent"]),
    ({"unseenForDays": 3}, EVERYTHING),
    ({"unseenForDays": 5}, ["never", "silent", "young"]),
    ({"unseenForDays": 6}, ["never", "silent"]),
    ({"unseenForDays": 61}, ["never"]),
    ({"unseenForDays": 101}, []),
    ({"environment": "production", "unseenForDays": 30}, ["elsewhere", "never", "silent"]),
    ({"environment": "production"}, EVERYTHING),
    ({"environment": None, "unseenForDays": None}, EVERYTHING),
    ({}, EVERYTHING),
]


async def test_toggles_are_found_by_how_they_have_been_answering(
    shared_gateway: Gateway,
) -> None:
    for usage, expected in USAGES:
        assert await toggle_names(shared_gateway, {"usage": usage}) == expected, usage


async def test_settled_toggles_are_found_whichever_way_they_answer(
    shared_gateway: Gateway,
) -> None:
    settled = [
        {"usage": {"environment": "production", condition: 30}}
        for condition in ("alwaysEnabledForDays", "alwaysDisabledForDays")
    ]

    assert await toggle_names(shared_gateway, {"or": settled}) == ["off", "on", "was-off"]


@pytest.mark.parametrize("days", [0, -1, 36_501, 2_147_483_647])
async def test_days_out_of_range_are_refused(shared_gateway: Gateway, days: int) -> None:
    for field in ("alwaysEnabledForDays", "alwaysDisabledForDays", "unseenForDays"):
        variables = {"filter": {"usage": {field: days}}}

        (error,) = (await shared_gateway.post(TOGGLES, variables)).json()["errors"]

        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"] == f"The field {field} is {days}; it must be from 1 to 36,500."
