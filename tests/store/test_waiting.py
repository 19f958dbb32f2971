"""Time budgets for waiting for the database."""

import asyncio

import pytest

from store.waiting import Patience

BUDGET_S = 0.01


class Connection:
    """A connection that records its termination."""

    def __init__(self) -> None:
        self.terminated = asyncio.Event()

    def terminate(self) -> None:
        self.terminated.set()


async def test_a_used_up_budget_ends_the_connection() -> None:
    patience, connection = Patience(BUDGET_S), Connection()
    patience.attach(connection)

    with patience.waiting():
        await connection.terminated.wait()

    assert patience.has_ended_connection
    # The timer may fire a little early.
    assert patience.left_s == pytest.approx(0, abs=BUDGET_S / 2)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_wait_that_has_ended_ends_no_connection(times: int) -> None:
    patience, connection = Patience(BUDGET_S), Connection()
    patience.attach(connection)

    for _ in range(times):
        patience.resume()
    patience.pause()
    # The wait is longer than the budget, so that a forgotten timer would run.
    await asyncio.sleep(5 * BUDGET_S)

    assert not connection.terminated.is_set()
