"""The servers that measurements share. They start on first use and stop at the end."""

import shutil
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from itertools import count
from pathlib import Path
from typing import TypeVar

import httpx

from tests.benchmarks.peers import node
from tests.benchmarks.peers.data import flagstaff_document
from tests.benchmarks.peers.flagstaff import Ended, run_command, running_flagstaff
from tests.benchmarks.peers.loads import find_wrk
from tests.benchmarks.peers.mercurius import running_mercurius
from tests.benchmarks.peers.nginx import running_nginx
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.peers.postgraphile import running_postgraphile
from tests.benchmarks.peers.stock import running_stock
from tests.benchmarks.peers.unleash import fill, running_unleash
from tests.faults.rolling.site import find_nginx
from tests.postgresql import Cluster, find_programs, running_cluster
from tests.server import CLIENT_TOKEN

FEW, MANY, MOST = 500, 5_000, 50_000
PEERS = ("nginx", "unleash", "postgraphile", "mercurius", "stock")
_FROM_NPM = ("unleash", "postgraphile", "mercurius")
_ON_POSTGRESQL = ("unleash", "postgraphile")
T = TypeVar("T")


class Laboratory:
    """Servers and databases by name, and the reasons for missing programs and peers.

    `load` scales the number of requests and the seconds of each measurement.
    """

    def __init__(self, folder: Path, load: float, without: Collection[str]) -> None:
        self.folder = folder
        self.load = load
        self.missing: dict[str, str] = dict.fromkeys(without, "left out")
        self._made: dict[object, object] = {}
        self._stack = ExitStack()
        self._numbers = count()

    def __enter__(self) -> "Laboratory":
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def look_around(self, needed: Collection[str]) -> None:
        """Record the missing programs and peers, with reasons."""
        programs = {
            "wrk": (find_wrk(), "wrk is not installed"),
            "nginx": (find_nginx(), "nginx is not installed"),
            "postgresql": (find_programs(), "PostgreSQL (initdb, pg_ctl) is not installed"),
        }
        for name, (found, reason) in programs.items():
            if found is None:
                self.missing.setdefault(name, reason)
        if "postgresql" in self.missing:
            for name in _ON_POSTGRESQL:
                self.missing.setdefault(name, self.missing["postgresql"])
        if not self.missing.keys() >= set(_FROM_NPM) & set(needed):
            reason = node.install()
            for name in _FROM_NPM if reason else ():
                self.missing.setdefault(name, reason)

    def times(self, full: int) -> int:
        """Scale a number of repetitions by `load`. The result is at least 2."""
        return max(round(full * self.load), 2)

    def new_folder(self) -> Path:
        """Return an empty folder."""
        folder = self.folder / str(next(self._numbers))
        folder.mkdir()
        # Servers that do not run as root read files in this folder.
        folder.chmod(0o755)
        return folder

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Return the result of `make`. It is called only once for each key."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]

    def started(self, key: object, start: Callable[[], AbstractContextManager[T]]) -> T:
        """Return the server from `start`.

        `start` is called only once for each key. The server is stopped at the end.
        """
        return self.once(key, lambda: self._stack.enter_context(start()))

    def import_toggles(self, toggles: int) -> tuple[Path, Ended]:
        """Import toggles into a new SQLite file with `flagstaff import`."""
        file = self.new_folder() / "flagstaff.db"
        return file, self.import_into(f"sqlite:///{file}", toggles)

    def import_into(self, url: str, toggles: int) -> Ended:
        """Import toggles into an empty database with `flagstaff import`."""

        def write() -> Path:
            document = self.new_folder() / "toggles.json"
            document.write_bytes(flagstaff_document(toggles))
            return document

        document = self.once(("document", toggles), write)
        run_command(["migrate"], url)
        return run_command(["import", str(document)], url)

    def database(self, toggles: int) -> Path:
        """Return an SQLite file with toggles. Servers must use only copies of the file."""
        return self.once(("database", toggles), lambda: self.import_toggles(toggles)[0])

    def copy(self, toggles: int) -> str:
        """Return the URL of a new SQLite database with toggles."""
        file = self.new_folder() / "flagstaff.db"
        shutil.copy(self.database(toggles), file)
        return f"sqlite:///{file}"

    def flagstaff(self, toggles: int) -> Peer:
        """Return a server with toggles."""
        return self.started(
            ("flagstaff", toggles),
            lambda: running_flagstaff(self.new_folder(), self.copy(toggles)),
        )

    def cluster(self, name: str) -> Cluster:
        """Return the PostgreSQL cluster of one peer. Separate clusters have separate CPU times."""
        programs = find_programs()
        assert programs is not None, self.missing
        return self.started(("cluster", name), lambda: running_cluster(programs))

    def nginx(self) -> Peer:
        """Return nginx with the features body of Flagstaff."""

        def start() -> AbstractContextManager[Peer]:
            url = f"{self.flagstaff(FEW).url}/api/client/features"
            body = httpx.get(url, headers={"Authorization": CLIENT_TOKEN}).content
            return running_nginx(self.new_folder(), body)

        return self.started("nginx", start)

    def unleash_database(self) -> str:
        """Return the URL of a database that Unleash uses."""
        return self.once("unleash database", self.cluster("unleash").new_database)

    def unleash(self) -> Peer:
        """Return Unleash with the toggles."""

        def start() -> AbstractContextManager[Peer]:
            return running_unleash(
                self.new_folder(), self.cluster("unleash"), self.unleash_database()
            )

        peer = self.started("unleash", start)
        self.once("filled unleash", lambda: fill(peer, FEW))
        return peer

    def postgraphile(self) -> Peer:
        """Return PostGraphile with the toggles."""
        return self.started(
            "postgraphile",
            lambda: running_postgraphile(self.new_folder(), self.cluster("postgraphile"), FEW),
        )

    def mercurius(self) -> Peer:
        """Return mercurius with the toggles."""
        return self.started("mercurius", lambda: running_mercurius(self.new_folder(), FEW))

    def stock(self) -> Peer:
        """Return stock Strawberry with the toggles."""
        return self.started("stock", lambda: running_stock(self.new_folder()))
