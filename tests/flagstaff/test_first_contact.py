"""If the first connection to PostgreSQL fails, one line states the reason."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.postgresql import Cluster
from tests.server import ROOT, TOKENS, ForkedServer, without_settings

pytestmark = pytest.mark.slow


def migrate(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Return the output of `flagstaff migrate` for a database."""
    environment = {"PYTHONPATH": str(ROOT), "FLAGSTAFF_DATABASE_URL": url, "PATH": "/usr/bin"}
    return subprocess.run(
        [sys.executable, "-m", "flagstaff", "migrate"],
        cwd=folder,
        env=without_settings({}) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def base(cluster: Cluster, migrated_database: Callable[[str], str]) -> str:
    """A database that is up to date."""
    # The URL of a copy, because a server adds tokens to the database.
    return cluster.new_database(template=migrated_database("postgresql"))


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("flagstaff@", "nobody@"), 'role "nobody" does not exist'),
        (("flagstaff@", "locked:wrong@"), "password authentication failed"),
        (("/test_", "/missing_"), "does not exist"),
        (("?", "?nonsense=1&"), "unknown option 'nonsense'"),
        (("?", "?connect_timeout=soon&"), "'connect_timeout' must be a whole number"),
        (
            ("?", "?channel_binding=require&"),
            "'channel_binding' must be disable or prefer here, not 'require'",
        ),
        (("?", "?sslmode=perhaps&"), "sslmode"),
        (("?", "?options=-c%20no_such=1&"), "no_such"),
        (("?", "?sslmode=require&"), "SSL"),
        (("?", "?target_session_attrs=read-only&"), "target attribute"),
        (("?", "?options=-c%20search_path=nowhere&"), "schema"),
    ],
)
def test_what_is_wrong_is_one_line(
    base: str, cluster: Cluster, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    if "locked" in change[1]:
        cluster.require_password("locked")

    ended = migrate(tmp_path, (base + "?").replace(*change).rstrip("?"))

    assert ended.returncode == 1
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.sample(1)
@pytest.mark.parametrize(
    "options",
    [
        "application_name=toggles",
        "connect_timeout=10",
        "channel_binding=prefer&sslmode=prefer&gssencmode=disable",
        "options=-c%20statement_timeout%3D60000",
        "target_session_attrs=read-write",
        "keepalives_idle=10&client_encoding=utf8",
    ],
)
def test_ordinary_options_are_taken(base: str, tmp_path: Path, options: str) -> None:
    ended = migrate(tmp_path, f"{base}?{options}")

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.thorough
def test_several_hosts_are_tried(base: str, cluster: Cluster, tmp_path: Path) -> None:
    here = f"127.0.0.1:{cluster.port}"

    ended = migrate(tmp_path, base.replace(here, f"127.0.0.1:1,{here}"))

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.thorough
def test_a_unix_socket_can_be_named(base: str, cluster: Cluster, tmp_path: Path) -> None:
    name = base.rpartition("/")[2]

    url = f"postgresql://flagstaff@/{name}?host={cluster.socket_folder}&port={cluster.port}"
    ended = migrate(tmp_path, url)

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.thorough
def test_the_name_of_the_application_is_the_one_in_the_url(base: str, tmp_path: Path) -> None:
    async def names() -> set[str]:
        connection = await asyncpg.connect(base)
        rows = await connection.fetch("SELECT application_name FROM pg_stat_activity")
        await connection.close()
        return {row[0] for row in rows}

    url = f"{base}?application_name=toggles"
    with ForkedServer(tmp_path, FLAGSTAFF_DATABASE_URL=url, **TOKENS):
        assert "toggles" in asyncio.run(names())


@pytest.mark.thorough
def test_a_database_in_another_encoding_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    ended = migrate(tmp_path, cluster.new_database(encoding="LATIN1"))

    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines() == [
        "The database has the encoding LATIN1; Flagstaff needs one with UTF8."
    ]
