"""Measure the effects of an attack on CPU time, memory, database size, and polls of an SDK."""

import asyncio
import os
import time
from collections import Counter
from pathlib import Path

import asyncpg
import httpx
from msgspec import Struct, field

from tests.server import CLIENT_TOKEN, Server

POLL_INTERVAL_S = 0.02
_CLOCK_HZ = os.sysconf("SC_CLK_TCK")
_LOOP_TIME = 14  # utime and stime are at these positions after the name of the thread
_MEGABYTE = 1_000_000


class Damage(Struct):
    """The measurements during an attack."""

    statuses: Counter[int | str] = field(default_factory=Counter[int | str])
    cpu_s: float = 0.0
    # The maximum CPU time of the event loop's thread between two answered polls.
    loop_s: float = 0.0
    worst_poll_s: float = 0.0
    failed_polls: int = 0
    memory_mb: float = 0.0
    database_mb: float = 0.0

    @property
    def requests(self) -> int:
        """The number of requests that were answered with any status."""
        return self.statuses.total()


class Target(Struct):
    """A server under attack and its folder. With PostgreSQL, also the URL of its database."""

    server: Server
    folder: Path
    pid: int
    database_url: str | None = None

    def cpu_s(self) -> float:
        """The CPU time of all threads of the process so far, in seconds."""
        return _cpu_of(Path(f"/proc/{self.pid}/stat"))

    def loop_s(self) -> float:
        """The CPU time of the thread with the event loop so far, in seconds."""
        return _cpu_of(Path(f"/proc/{self.pid}/task/{self.pid}/stat"))

    async def database_mb(self) -> float:
        """The size of the database in megabytes. For SQLite, it includes the write-ahead log."""
        if self.database_url is not None:
            connection = await asyncpg.connect(self.database_url)
            try:
                size = await connection.fetchval("SELECT pg_database_size(current_database())")
            finally:
                await connection.close()
            return size / _MEGABYTE
        files = self.folder.glob("flagstaff.db*")
        return sum(file.stat().st_size for file in files) / _MEGABYTE


class Monitor:
    """Polls a server like an SDK in a context. `damage` contains the measurements."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.damage = Damage()

    async def __aenter__(self) -> Damage:
        """Take the first measurements, and begin to poll."""
        target = self._target
        database_mb = await target.database_mb()
        self._before = (target.cpu_s(), target.server.memory_mb(), database_mb)
        self._polling = asyncio.create_task(self._poll())
        return self.damage

    async def __aexit__(self, *_: object) -> None:
        """Stop polling, and take the last measurements."""
        self._polling.cancel()
        await asyncio.gather(self._polling, return_exceptions=True)
        target, damage = self._target, self.damage
        cpu, memory, database = self._before
        damage.cpu_s = target.cpu_s() - cpu
        damage.memory_mb = target.server.memory_mb() - memory
        damage.database_mb = await target.database_mb() - database

    async def _poll(self) -> None:
        headers = {"Authorization": CLIENT_TOKEN}
        async with httpx.AsyncClient(base_url=self._target.server.url, timeout=30) as client:
            while True:
                loop, started = self._target.loop_s(), time.monotonic()
                try:
                    answer = await client.get("/api/client/features", headers=headers)
                except httpx.HTTPError:
                    self.damage.failed_polls += 1
                    continue
                if answer.status_code not in (200, 304):
                    self.damage.failed_polls += 1
                headers["If-None-Match"] = answer.headers.get("etag", "")
                spent, took = self._target.loop_s() - loop, time.monotonic() - started
                self.damage.loop_s = max(self.damage.loop_s, spent)
                self.damage.worst_poll_s = max(self.damage.worst_poll_s, took)
                await asyncio.sleep(POLL_INTERVAL_S)


def _cpu_of(stat: Path) -> float:
    # The name in brackets may contain spaces.
    fields = stat.read_text().rpartition(")")[2].split()
    user, system = fields[_LOOP_TIME - 3], fields[_LOOP_TIME - 2]
    return (int(user) + int(system)) / _CLOCK_HZ
