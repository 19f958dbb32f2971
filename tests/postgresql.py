"""A private PostgreSQL cluster for tests. PostgreSQL must be installed."""

import asyncio
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg

from tests.certificates import Certificate
from tests.waiting import wait_until

# Another program may take a free port before the cluster listens on it.
_TRIES = 3
# Accounts that may own a cluster when the tests run as root, because PostgreSQL refuses to run as
# root.
_PLAIN_USERS = ("postgres", "nobody")
# On Linux, this folder is in memory. There, copying a database takes a fifth of the time.
_MEMORY = Path("/dev/shm")
# A cluster is created in memory only if this many bytes are free.
_LEAST_MEMORY = 4 * 2**30


def find_programs() -> Path | None:
    """The folder with initdb and pg_ctl, or None if PostgreSQL is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def plain_user() -> str:
    """The account that runs programs which refuse to run as root."""
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _PLAIN_USERS if name in known)


def _free_ports() -> Iterator[int]:
    for _ in range(_TRIES):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        yield port


class Cluster:
    """A running cluster that can create databases."""

    def __init__(self, port: int, data: Path, programs: Path) -> None:
        self.port = port
        self.socket_folder = data.parent
        self._data = data
        self._programs = programs
        self._count = 0

    @property
    def pid(self) -> int:
        """The ID of the first process. It starts all other processes."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Suspend all processes of the cluster. Connections remain open, but get no answers."""
        postmaster = self.pid
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
        # The first process starts all other processes, so it is stopped first.
        pids = [postmaster]
        os.kill(postmaster, signal.SIGSTOP)
        try:
            for pid in map(int, children.read_text().split()):
                os.kill(pid, signal.SIGSTOP)
                pids.append(pid)
            yield
        finally:
            for pid in reversed(pids):
                os.kill(pid, signal.SIGCONT)

    def require_password(self, role: str) -> None:
        """Create a role that must give the password "right"."""
        rules = self._data / "pg_hba.conf"
        others = rules.read_text()
        rules.write_text(f"host all {role} 127.0.0.1/32 scram-sha-256\n{others}")
        self.execute(f"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'right'")
        self.execute("SELECT pg_reload_conf()")

    @contextmanager
    def encrypted(self, certificate: Certificate) -> Iterator[None]:
        """Offer TLS with a certificate."""
        for file in (certificate.file, certificate.key):
            copy = shutil.copy(file, self._data / file.name)
            # PostgreSQL refuses a key that others can read.
            Path(copy).chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(copy, plain_user())
        self.execute(f"ALTER SYSTEM SET ssl_cert_file = '{certificate.file.name}'")
        self.execute(f"ALTER SYSTEM SET ssl_key_file = '{certificate.key.name}'")
        self._set_tls(on=True)
        try:
            yield
        finally:
            self._set_tls(on=False)

    def _set_tls(self, *, on: bool) -> None:
        """Switch TLS on or off. Wait until new connections see it."""
        value = "on" if on else "off"
        self.execute(f"ALTER SYSTEM SET ssl = {value}")
        self.execute("SELECT pg_reload_conf()")
        wait_until(lambda: asyncio.run(self._has_tls()) == on)

    async def _has_tls(self) -> bool:
        """Whether new connections get TLS, which clients use by default if it is offered."""
        connection = await asyncpg.connect(
            host="127.0.0.1", port=self.port, user="flagstaff", database="postgres"
        )
        try:
            return bool(
                await connection.fetchval(
                    "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                )
            )
        finally:
            await connection.close()

    def execute(self, statement: str) -> None:
        """Run a statement that does not depend on a database."""
        asyncio.run(self._run(statement))

    @contextmanager
    def standby(self) -> Iterator["Cluster"]:
        """Start a hot standby, which has the databases and users of this cluster."""
        origin = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "flagstaff")
        options = ("-R", "-X", "stream", "-c", "fast", "--no-sync")
        with _running(self._programs, "pg_basebackup", *origin, *options) as standby:
            yield standby

    def new_database(self, *, template: str | None = None, encoding: str = "") -> str:
        """Create a database that is empty or a copy of `template`. Return its URL."""
        self._count += 1
        name = f"test_{self._count}"
        origin = template.rpartition("/")[2] if template else "template0"
        asyncio.run(self._create(name, origin, encoding))
        return f"postgresql://flagstaff@127.0.0.1:{self.port}/{name}"

    def back_up(self, url: str) -> str:
        """Cut the connections of a database, and copy it. Return the URL of the copy."""
        with self._without_connections(url):
            return self.new_database(template=url)

    def restore(self, url: str, backup: str) -> None:
        """Replace a database with a copy. Its connections are cut."""
        name, copy = (item.rpartition("/")[2] for item in (url, backup))
        with self._without_connections(url):
            self.execute(f"ALTER DATABASE {name} RENAME TO {name}_replaced")
            self.execute(f"ALTER DATABASE {copy} RENAME TO {name}")

    def drop(self, url: str) -> None:
        """Delete a database, unless something is still connected to it."""
        with suppress(asyncpg.ObjectInUseError):
            self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]}")

    @contextmanager
    def _without_connections(self, url: str) -> Iterator[None]:
        name = url.rpartition("/")[2]
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        self.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self.execute(cut)
        try:
            yield
        finally:
            self.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    async def _create(self, name: str, template: str, encoding: str) -> None:
        how = f"TEMPLATE {template}"
        if encoding:
            how += f" ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
        await self._run(f"CREATE DATABASE {name} {how}", copies=True)

    async def _run(self, statement: str, *, copies: bool = False) -> None:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=self.port, user="flagstaff", database="postgres"
        )
        try:
            # By default, PostgreSQL 15 and later copy databases through the log. That takes twice
            # as long.
            if copies and connection.get_server_version().major >= 15:
                statement += " STRATEGY FILE_COPY"
            await connection.execute(statement)
        finally:
            await connection.close()


def _memory() -> Path | None:
    """A folder in memory that is large enough for a cluster, if there is one."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _LEAST_MEMORY:
        return None
    return _MEMORY


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """Start a cluster on a free port of the loopback interface and stop it at the end."""
    options = ("-A", "trust", "-U", "flagstaff", "-E", "UTF8", "--no-sync")
    with _running(programs, "initdb", *options) as cluster:
        yield cluster


@contextmanager
def _running(programs: Path, creating: str, *creating_options: str) -> Iterator[Cluster]:
    """Create the data of a cluster with a program, start the cluster, and stop it at the end."""
    user = plain_user()
    folder = Path(tempfile.mkdtemp(prefix="flagstaff-postgresql-", dir=_memory()))
    as_root = os.geteuid() == 0
    if as_root:
        shutil.chown(folder, user)
    data, log = str(folder / "data"), folder / "log"

    def run(program: str, *arguments: str) -> bool:
        """Whether the command succeeded."""
        ended = subprocess.run(
            [programs / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=user if as_root else None,
        )
        return ended.returncode == 0

    def start(port: int) -> bool:
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
            # The data need not survive a crash, and does not exist long enough for a vacuum.
            "-c fsync=off -c full_page_writes=off -c autovacuum=off -c max_connections=200"
        )
        return run("pg_ctl", "-D", data, "-o", options, "-l", str(log), "-w", "start")

    try:
        assert run(creating, "-D", data, *creating_options)
        port = next((port for port in _free_ports() if start(port)), None)
        assert port is not None, f"PostgreSQL does not start:\n{log.read_text()}"
        try:
            yield Cluster(port, Path(data), programs)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
