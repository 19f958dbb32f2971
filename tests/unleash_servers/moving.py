"""Move recorded servers in every way, and compare at least 100,000 evaluations for each."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from flagstaff.commands.url_import import TOKEN_VARIABLE
from store import Store
from tests.flagstaff.unleash_server.answering import RecordedServer
from tests.postgresql import Cluster
from tests.unleash_servers.comparing import Comparison, Expected, compare, expect
from tests.unleash_servers.recording import restore_database
from tests.unleash_servers.servers import ADMIN
from tests.unleash_servers.ways import (
    Way,
    file_imports,
    imported_payloads,
    recorded,
    recorded_ways,
    recording,
)

EVALUATIONS = 100_000
_ROOT = Path(__file__).parents[2]


def compare_ways(version: str, cluster: Cluster) -> bool:
    """Print a line for each way in which a version is recorded. Return whether all are equal."""
    equal = True
    for way in recorded_ways(version):
        expected = expect(imported_payloads(version, way), EVALUATIONS)
        with tempfile.TemporaryDirectory() as folder:
            database_url = f"sqlite:///{folder}/flagstaff.db"
            _move(version, way, cluster, Path(folder), database_url)
            found = asyncio.run(_compare(expected, way, database_url))
        print(
            f"| {version} | {way} | {found.evaluations:,} | {found.official:,} | {found.own:,} |",
            *sorted(found.toggles),
            flush=True,
        )
        equal = equal and not found.toggles
    return equal


def _move(version: str, way: Way, cluster: Cluster, folder: Path, database_url: str) -> None:
    match way:
        case Way.DATABASE:
            source = cluster.new_database()
            asyncio.run(restore_database(source, recording(version, "database").read_bytes()))
            _import(folder, database_url, "--from-database", source)
        case Way.SERVER:
            with RecordedServer(recorded(version, "answers")) as server:
                _import(folder, database_url, "--from-unleash", server.url)
        case _:
            for arguments in file_imports(version, way, folder):
                _import(folder, database_url, *arguments)


def _import(folder: Path, database_url: str, *arguments: str) -> None:
    variables = {
        "FLAGSTAFF_DATABASE_URL": database_url,
        "PYTHONPATH": str(_ROOT),
        TOKEN_VARIABLE: ADMIN,
    }
    run = subprocess.run(
        [sys.executable, "-m", "flagstaff", "import", *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


async def _compare(expected: Sequence[Expected], way: Way, database_url: str) -> Comparison:
    store = await Store.open(database_url, background=False)
    try:
        return await compare(store, expected, with_dependencies=way.has_dependencies)
    finally:
        await store.close()
