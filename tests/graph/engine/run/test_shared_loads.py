"""If several fields wait for a load, a failing field does not cancel the load."""

import pytest

from store.model import SYSTEM
from store.operations.toggles import create_toggle
from tests.graph.gateway import Gateway

FAILING = "events(first: -1) { totalCount }"
WAITING = "usages(first: 1) { totalCount }"


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


async def test_a_field_that_fails_takes_nothing_along_that_others_wait_for(
    gateway: Gateway,
) -> None:
    async with gateway.store.write(SYSTEM) as work:
        await create_toggle(work, name="shared")

    answer = await gateway.post(
        f"""{{
          failing: toggle(name: "shared") {{ {WAITING} {FAILING} }}
          waiting: toggle(name: "shared") {{ {WAITING} }}
        }}"""
    )

    assert answer.json()["data"] == {"failing": None, "waiting": {"usages": {"totalCount": 0}}}
    assert [error["path"] for error in answer.json()["errors"]] == [["failing", "events"]]
