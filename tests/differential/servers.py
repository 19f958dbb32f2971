"""Both servers on loopback. Each server has a separate empty database."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from msgspec import Struct

from tests.clients.packages import fetch_packages
from tests.postgresql import Cluster, find_programs, running_cluster
from tests.server import ForkedServer

SOURCES = Path(__file__).parent / "unleash"
_START_DEADLINE_S = 60


class Ports(Struct, frozen=True):
    """The ports of the two servers on 127.0.0.1."""

    unleash: int
    flagstaff: int


class Laboratory:
    """Starts pairs of servers. All servers share a folder and a PostgreSQL cluster."""

    def __init__(self, folder: Path, cluster: Cluster, *, database: str) -> None:
        self._folder = folder
        self._cluster = cluster
        self._database = database
        self._migrated: str | None = None
        self._count = 0

    @contextmanager
    def new_pair(self) -> Iterator[Ports]:
        """A pair of unused servers."""
        self._count += 1
        folder = self._folder / f"flagstaff-{self._count}"
        folder.mkdir()
        url = "sqlite:///flagstaff.db"
        if self._database == "postgresql":
            url = self._cluster.new_database()
        with (
            _running_unleash(self._folder, self._unleash_database()) as unleash,
            ForkedServer(folder, FLAGSTAFF_AUTH="none", FLAGSTAFF_DATABASE_URL=url) as server,
        ):
            yield Ports(unleash, int(server.url.rpartition(":")[2]))

    def _unleash_database(self) -> str:
        """A database that Unleash has migrated. The migrations run only once."""
        if self._migrated is None:
            self._migrated = self._cluster.new_database()
            with _running_unleash(self._folder, self._migrated):
                pass
        return self._cluster.new_database(template=self._migrated)


@contextmanager
def open_laboratory(*, database: str) -> Iterator[Laboratory]:
    """Start PostgreSQL. If Unleash is not cached, fetch it from npm.

    Raises: pytest's Skipped: npm, Node or PostgreSQL is missing.
    """
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL (initdb, pg_ctl) is not installed")
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "unleash").mkdir()
        fetch_packages(SOURCES, folder / "unleash", what="Unleash 3.17.6")
        with running_cluster(programs) as cluster:
            yield Laboratory(folder, cluster, database=database)


@contextmanager
def _running_unleash(folder: Path, database_url: str) -> Iterator[int]:
    """The port of an Unleash server."""
    with (folder / "unleash.log").open("ab") as log:
        process = subprocess.Popen(
            ["node", "serve.js", database_url],
            cwd=folder / "unleash",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    too_late = Timer(_START_DEADLINE_S, process.kill)
    too_late.start()
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            too_late.cancel()
            if not line:
                raise SystemExit(f"Unleash does not start:\n{(folder / 'unleash.log').read_text()}")
            yield int(line)
        finally:
            too_late.cancel()
            process.kill()
