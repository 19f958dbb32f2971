"""Kill a busy server, and report the data that is missing after its restart."""

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from store.database_url import async_url
from tests.faults.load import Import, Load, lost_usages, stored_toggles
from tests.server import TOKENS, ForkedServer, Server

# The maximum number of queries to PostgreSQL, five per second.
STAGED_TABLES_TRIES = 100


async def load_and_kill(server: Server, chance: random.Random) -> tuple[Load, Import, Import]:
    """Import a document, send other requests, and kill the server during a second import."""
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


class Outcome:
    """The data that a killed server had acknowledged, and the errors after its restart."""

    def __init__(
        self, load: Load, whole: Import, cut_off: Import, server: Server, database_url: str
    ) -> None:
        self.created = len(load.created)
        self.reported = sum(len(names) for names in load.reported.values())
        self.imports = whole.accepted + cut_off.accepted
        self.problems = list(_problems(load, whole, cut_off, server))
        if tables := asyncio.run(_wait_for_staged_tables_to_go(database_url)):
            self.problems.append(f"left over from staging: {tables}")


def kill_once(folder: Path, database_url: str, chance: random.Random) -> Outcome:
    """Send requests to a server with an empty database, kill it, start it again and compare."""
    variables = {"FLAGSTAFF_DATABASE_URL": database_url, **TOKENS}
    with ForkedServer(folder, **variables) as server:
        load, whole, cut_off = asyncio.run(load_and_kill(server, chance))
    with ForkedServer(folder, **variables) as server:
        return Outcome(load, whole, cut_off, server, database_url)


async def _wait_for_staged_tables_to_go(database_url: str) -> list[str]:
    """Wait until PostgreSQL notices the kill and drops the staging tables of imports."""
    engine = create_async_engine(async_url(database_url))
    kind = "sqlite_master" if engine.dialect.name == "sqlite" else "pg_class"
    column = "name" if engine.dialect.name == "sqlite" else "relname"
    statement = sa.text(f"SELECT {column} FROM {kind} WHERE {column} LIKE 'staged%'")
    found: list[str] = []
    try:
        for _ in range(STAGED_TABLES_TRIES):
            async with engine.connect() as connection:
                found = list((await connection.scalars(statement)).all())
            if not found:
                break
            await asyncio.sleep(0.2)
    finally:
        await engine.dispose()
    return found


def _problems(load: Load, whole: Import, cut_off: Import, server: Server) -> Iterator[str]:
    stored = stored_toggles(server)
    if lost := load.created - stored.keys():
        yield f"created and lost: {sorted(lost)}"
    for name in sorted(load.created & stored.keys()):
        if stored[name] != ["TOGGLE_CREATED"]:
            yield f"{name} has the events {stored[name]}"
    if lost := lost_usages(server, load):
        yield f"reported and lost: {sorted(lost)}"
    lost = whole.names - stored.keys()
    if lost or not whole.accepted:
        yield f"the whole import: accepted {whole.accepted}, lost {lost}"
    there = cut_off.names & stored.keys()
    if there not in (cut_off.names, set()) or (cut_off.accepted and not there):
        yield f"the import cut off: accepted {cut_off.accepted}, {len(there)} toggles there"
