"""The server's main loop runs rarely. When the server must stop, the loop runs at once."""

import asyncio
import signal

import pytest

from flagstaff import server
from flagstaff.server import _Server, configure_uvicorn
from flagstaff.settings import Settings


async def test_a_signal_ends_the_main_loop_without_waiting_for_a_tick(
    monkeypatch: pytest.MonkeyPatch, no_settings: None
):
    monkeypatch.setattr(server, "TICK_INTERVAL_S", 3_600)
    drained: list[bool] = []

    async def answer(*_: object) -> None: ...

    running = _Server(
        configure_uvicorn(answer, Settings()),
        drain_s=0,
        drain=lambda: drained.append(True),
        end_streams=lambda: None,
    )
    ticks = 0
    on_tick = running.on_tick

    async def counted(counter: int) -> bool:
        nonlocal ticks
        ticks += 1
        return await on_tick(counter)

    monkeypatch.setattr(running, "on_tick", counted)
    loop = asyncio.create_task(running.main_loop())
    await asyncio.sleep(0.05)
    running.handle_exit(signal.SIGTERM, None)
    async with asyncio.timeout(30):
        await loop

    assert drained
    assert ticks == 2
