"""The lifecycle of toggles, and the filters by it and by how toggles have been answering."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import Store
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.store.metrics.reporting import Clock

TOGGLES = """
query Toggles($filter: ToggleFilter) { toggles(filter: $filter) { totalCount nodes { name } } }
"""
DAY = timedelta(days=1)
# Later than any clock with which a database was prepared: the times of changes never go back.
NOW = datetime(2100, 5, 4, 12, 30, 15, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    """The clock of the store, which begins a hundred days ago."""
    return Clock(NOW - 100 * DAY)


@pytest.fixture
async def store(prepared_url: str, clock: Clock) -> AsyncIterator[Store]:
    """An open store on an empty database."""
    opened = await Store.open(prepared_url, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def installation(gateway: Gateway, clock: Clock) -> Installation:
    """Toggles a hundred days old, with reports since; `young` is from five days ago."""
    installed = Installation(gateway.store)
    await installed.surroundings()
    for name in ("on", "off", "both", "was-off", "changed", "silent", "never", "elsewhere"):
        await installed.toggle(name)
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
        await installed.fold()
    clock.now = NOW - 10 * DAY
    await installed.switch("changed", "production", on=True)
    await installed.switch("on", "development", on=True)
    clock.now = NOW - 5 * DAY
    await installed.toggle("young")
    clock.now = NOW
    return installed


async def names(gateway: Gateway, filter: Any) -> list[str]:
    data = await gateway.run(TOGGLES, {"filter": filter})
    found = [node["name"] for node in data["toggles"]["nodes"]]
    assert data["toggles"]["totalCount"] == len(found)
    return found


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
    installation: Installation, gateway: Gateway
) -> None:
    for usage, expected in USAGES:
        assert await names(gateway, {"usage": usage}) == expected, usage


async def test_settled_toggles_are_found_whichever_way_they_answer(
    installation: Installation, gateway: Gateway
) -> None:
    settled = [
        {"usage": {"environment": "production", condition: 30}}
        for condition in ("alwaysEnabledForDays", "alwaysDisabledForDays")
    ]

    assert await names(gateway, {"or": settled}) == ["off", "on", "was-off"]


@pytest.mark.parametrize("days", [0, -1, 36_501, 2_147_483_647])
async def test_days_out_of_range_are_refused(gateway: Gateway, days: int) -> None:
    for field in ("alwaysEnabledForDays", "alwaysDisabledForDays", "unseenForDays"):
        variables = {"filter": {"usage": {field: days}}}

        (error,) = (await gateway.post(TOGGLES, variables)).json()["errors"]

        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"] == f"The field {field} is {days}; it has to be from 1 to 36,500."


# ------------------------------------------------------------------ lifecycle


STAGES: list[tuple[list[str], list[str]]] = [
    (["INITIAL"], ["never", "young"]),
    (["PRE_LIVE"], ["elsewhere"]),
    (["LIVE"], ["both", "changed", "off", "was-off"]),
    (["COMPLETED"], ["on"]),
    (["INITIAL", "COMPLETED"], ["never", "on", "young"]),
    (["ARCHIVED"], []),
    ([], []),
]


async def test_toggles_are_found_by_their_stage(
    installation: Installation, gateway: Gateway
) -> None:
    await gateway.change("toggleUpdate", {"name": "on", "stale": True})
    await installation.archive("silent")

    for stages, expected in STAGES:
        assert await names(gateway, {"lifecycle": stages}) == expected, stages
    assert await names(gateway, {"lifecycle": ["ARCHIVED"], "archived": None}) == ["silent"]


async def test_a_toggle_that_is_no_longer_stale_or_archived_is_back_where_it_was(
    installation: Installation, gateway: Gateway
) -> None:
    for mutation, input in (
        ("toggleUpdate", {"name": "on", "stale": True}),
        ("toggleArchive", {"name": "on"}),
        ("toggleRevive", {"name": "on"}),
        ("toggleUpdate", {"name": "on", "stale": False}),
    ):
        await gateway.change(mutation, input)

    data = await gateway.run('{ toggle(name: "on") { lifecycle { history { stage } } } }')

    stages = [it["stage"] for it in data["toggle"]["lifecycle"]["history"]]
    assert stages == ["INITIAL", "LIVE"]


async def test_a_toggle_tells_its_stage_and_how_it_got_there(
    installation: Installation, gateway: Gateway, clock: Clock
) -> None:
    await gateway.change("toggleUpdate", {"name": "off", "stale": True})
    clock.now = NOW + DAY
    await installation.archive("off")

    data = await gateway.run(
        """{ toggle(name: "off") {
          archivedAt lifecycle { stage enteredAt history { stage enteredAt } }
        } }"""
    )

    lifecycle = data["toggle"]["lifecycle"]
    assert lifecycle["stage"] == "ARCHIVED"
    assert lifecycle["enteredAt"] == data["toggle"]["archivedAt"] == "2100-05-05T12:30:15Z"
    assert [(it["stage"], it["enteredAt"][:10]) for it in lifecycle["history"]] == [
        ("INITIAL", "2100-01-24"),
        ("LIVE", "2100-04-29"),
        ("COMPLETED", "2100-05-04"),
        ("ARCHIVED", "2100-05-05"),
    ]
