"""A server killed at any moment loses nothing that it acknowledged, and half of nothing is left."""

import asyncio
import random
import time
from pathlib import Path

import httpx
import pytest

from tests.faults.load import Import, Load, lost_usages, stored_toggles
from tests.server import TOKENS, ForkedServer, Server


async def load_and_kill(server: Server, chance: random.Random) -> tuple[Load, Import, Import]:
    """Import, then load the server, import again and kill it in the middle of that import."""
    whole, cut_off = Import("whole"), Import("cut-off")
    async with httpx.AsyncClient(base_url=server.url, timeout=60, verify=False) as client:
        began = time.monotonic()
        await whole.send(client)
        took_s = time.monotonic() - began
        load = Load(client)
        await load.well_begun()
        sending = asyncio.create_task(cut_off.send(client))
        await asyncio.sleep(took_s * chance.uniform(0.2, 1.5))
        await asyncio.to_thread(server.kill)
        await asyncio.gather(sending, load.ended())
    return load, whole, cut_off


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_a_killed_server_has_every_acknowledged_write_and_no_half_import_after_its_restart(
    tmp_path: Path, seed: int, database_url: str
):
    variables = {"FLAGSTAFF_DATABASE_URL": database_url, **TOKENS}
    with ForkedServer(tmp_path, **variables) as server:
        load, whole, cut_off = asyncio.run(load_and_kill(server, random.Random(seed)))
    with Server(tmp_path, **variables) as server:
        stored = stored_toggles(server)
        lost = lost_usages(server, load)

    assert load.created - stored.keys() == set()
    assert [name for name in load.created if stored[name] != ["TOGGLE_CREATED"]] == []
    assert lost == set()
    assert whole.accepted
    assert whole.names <= stored.keys()
    there = cut_off.names & stored.keys()
    assert there in (cut_off.names, set())
    assert there or not cut_off.accepted
