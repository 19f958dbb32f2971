"""During an upgrade, servers of two releases share a database that the newer one has migrated.

The newer release is a copy of this program with one more migration. As each migration may, it only
adds tables and columns.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server import ROOT, TOKENS, ForkedServer, Server
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

PACKAGES = ("flagstaff", "graph", "rest_compat", "store")
NEWER = "9000"
MIGRATION = f'''
"""Add a column to each table, and a table."""

import sqlalchemy as sa
from alembic import op

revision = "{NEWER}"
down_revision = "DOWN"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table != "alembic_version":
            op.add_column(table, sa.Column("later", sa.Text(), nullable=True))
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
'''
USAGE = """query Usage($name: String!) {
  toggle(name: $name) { metrics(hoursBack: 2) { yes } }
}"""
START_S = 240


class PatientServer(Server):
    """A server that imports a program which Python has not compiled yet."""

    start_deadline_s = START_S


@pytest.fixture(scope="module")
def newer_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the newer release."""
    folder = tmp_path_factory.mktemp("newer")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("sources", "site", "node_modules", "__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    versions = folder / "store" / "migrations" / "versions"
    current = max(path.name for path in versions.glob("[0-9]*.py")).partition("_")[0]
    (versions / f"{NEWER}_later.py").write_text(MIGRATION.replace("DOWN", current))
    return folder


def create(server: Server, name: str) -> None:
    body = {"name": name, "strategies": [{"name": "default"}]}
    server.request("POST", "/api/admin/features", json=body)


def polled(server: Server) -> set[str]:
    answer = httpx.get(
        f"{server.url}/api/client/features",
        headers={"Authorization": server.client_token},
        verify=False,
    )
    return {feature["name"] for feature in answer.json()["features"]}


def report(server: Server, name: str) -> None:
    """Report one use of a toggle, as an SDK."""
    now = datetime.now(UTC).isoformat()
    bucket: dict[str, Any] = {
        "start": now,
        "stop": now,
        "toggles": {name: {"yes": 1, "no": 0}},
    }
    answer = httpx.post(
        f"{server.url}/api/client/metrics",
        json={"appName": "shop", "instanceId": server.url, "bucket": bucket},
        headers={"Authorization": server.client_token},
        verify=False,
    )
    assert answer.status_code == 202, answer.text


def uses(server: Server, name: str) -> int:
    points = server.graphql(USAGE, name=name)["toggle"]["metrics"]
    return sum(int(point["yes"]) for point in points)


def import_toggles(server: Server, names: set[str]) -> None:
    features = [{"name": name, "strategies": [{"name": "default"}]} for name in names]
    server.request("POST", "/api/admin/state/import", json={"features": features})


def test_the_older_release_works_on_while_and_after_the_newer_one_migrates(
    tmp_path: Path, newer_release: Path, database_url: str
) -> None:
    folders = [tmp_path / name for name in ("older", "newer")]
    for folder in folders:
        folder.mkdir()
    variables = {**TOKENS, "FLAGSTAFF_DATABASE_URL": database_url}
    many = {f"many-{number}" for number in range(300)}
    with ForkedServer(folders[0], **variables) as older:
        create(older, "before")
        with PatientServer(folders[1], **variables, PYTHONPATH=str(newer_release)) as newer:
            assert f"at migration {NEWER}" in newer.log
            create(older, "by-the-older")
            create(newer, "by-the-newer")
            import_toggles(older, many)
            expected = {"before", "by-the-older", "by-the-newer"} | many
            wait_until(lambda: polled(older) == polled(newer) == expected)
            report(older, "before")
            report(newer, "before")
            wait_until(lambda: uses(older, "before") == uses(newer, "before") == 2)

            # An older process that starts now finds the newer tables.
            older.stop()
            older.start()
            assert f"the schema {NEWER} of a newer release" in older.log
            create(older, "after")
            report(older, "after")
            wait_until(lambda: polled(older) == polled(newer) == expected | {"after"})
            wait_until(lambda: uses(newer, "after") == 1)

            for server in (older, newer):
                assert "Traceback" not in server.log
                assert server.stop() == 0
