"""Loads end if the task of their operation is cancelled."""

import asyncio
from typing import Any

from graph.engine.run.pacing import Pace, paced_loader
from store.pacing import Turns
from tests.garbage import without_collection


async def test_a_failed_load_that_nobody_awaits_is_not_logged() -> None:
    async def fail(keys: list[int]) -> list[int]:
        raise ConnectionError(f"{len(keys)} keys cannot be loaded")

    logged: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: logged.append(context))

    with without_collection():
        loader = paced_loader(Pace(Turns()), fail, max_batch_size=10)
        values = [loader.load(key) for key in range(3)]
        for _ in range(10):
            await asyncio.sleep(0)
        assert all(asyncio.isfuture(value) and value.done() for value in values)
        values.clear()
        del loader
    # The loader's futures are part of reference cycles.
    with without_collection():
        await asyncio.sleep(0)

    assert logged == []
