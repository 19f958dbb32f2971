"""Failures of background tasks are logged."""

import asyncio
import logging

import pytest

from store.background import Periodic
from store.errors import StoreUnavailableError


async def fail_once(error: Exception) -> None:
    failed = asyncio.Event()
    again = asyncio.Event()

    async def work() -> None:
        if failed.is_set():
            again.set()
            return
        failed.set()
        raise error

    task = Periodic("Counting", 0.001, work)
    task.start()
    await again.wait()
    await task.close()


async def test_a_database_that_is_away_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    error = StoreUnavailableError("The database cannot be reached at the moment.")
    error.__cause__ = ConnectionRefusedError(111, "Connection\n refused")

    with caplog.at_level(logging.INFO):
        await fail_once(error)

    (record,) = [item for item in caplog.records if item.name == "store.background"]
    assert record.exc_info is None
    assert record.getMessage() == (
        "Counting failed and will be tried again: The database cannot be reached at the moment. "
        "([Errno 111] Connection refused)"
    )


async def test_a_fault_of_the_program_is_reported_in_full(caplog: pytest.LogCaptureFixture) -> None:
    await fail_once(KeyError("name"))

    (record,) = [item for item in caplog.records if item.name == "store.background"]
    assert record.exc_info is not None
