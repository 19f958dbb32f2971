"""The lifecycle stages of toggles, and the filter by lifecycle stage."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from store import Store
from store.model import SYSTEM
from store.operations.toggles import archive_toggle, revive_toggle, update_toggle
from tests.graph.conftest import PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import toggle_names
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
    """Create toggles for all stages a hundred days ago. Production has used five of the toggles
    since then.
    """
    installed = Installation(store)
    used = ("live", "done", "gone", "returned", "ended")
    clock.now = NOW - 100 * DAY
    await installed.toggles("never", "elsewhere", *used)
    clock.now = NOW - 5 * DAY
    await installed.use("shop", *used, environment="production")
    await installed.use("shop", "elsewhere", environment="development")
    await installed.aggregate()
    clock.now = NOW
    async with store.write(SYSTEM) as work:
        for name in ("done", "returned", "ended"):
            await update_toggle(work, name, stale=True)
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "gone")
        await archive_toggle(work, "returned")
    async with store.write(SYSTEM) as work:
        await revive_toggle(work, "returned")
    async with store.write(SYSTEM) as work:
        await update_toggle(work, "returned", stale=False)
    clock.now = NOW + DAY
    await installed.archive("ended")


STAGES: list[tuple[list[str], list[str]]] = [
    (["INITIAL"], ["never"]),
    (["PRE_LIVE"], ["elsewhere"]),
    (["LIVE"], ["live", "returned"]),
    (["COMPLETED"], ["done"]),
    (["INITIAL", "COMPLETED"], ["done", "never"]),
    (["ARCHIVED"], []),
    ([], []),
]
HISTORY = """query History($name: String!) { toggle(name: $name) {
  archivedAt lifecycle { stage enteredAt history { stage enteredAt } }
} }"""


async def test_toggles_are_found_by_their_stage(shared_gateway: Gateway) -> None:
    for stages, expected in STAGES:
        assert await toggle_names(shared_gateway, {"lifecycle": stages}) == expected, stages
    archived = {"lifecycle": ["ARCHIVED"], "archived": None}
    assert await toggle_names(shared_gateway, archived) == ["ended", "gone"]


async def test_a_toggle_that_is_no_longer_stale_or_archived_is_back_where_it_was(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(HISTORY, {"name": "returned"})

    stages = [item["stage"] for item in data["toggle"]["lifecycle"]["history"]]
    assert stages == ["INITIAL", "LIVE"]


async def test_a_toggle_reports_its_stage_and_how_it_got_there(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(HISTORY, {"name": "ended"})

    lifecycle = data["toggle"]["lifecycle"]
    assert lifecycle["stage"] == "ARCHIVED"
    assert lifecycle["enteredAt"] == data["toggle"]["archivedAt"] == "2100-05-05T12:30:15.000000Z"
    assert [(item["stage"], item["enteredAt"][:10]) for item in lifecycle["history"]] == [
        ("INITIAL", "2100-01-24"),
        ("LIVE", "2100-04-29"),
        ("COMPLETED", "2100-05-04"),
        ("ARCHIVED", "2100-05-05"),
    ]
