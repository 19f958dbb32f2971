"""A reader of a hot standby: it follows the standby, also after its promotion."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.postgresql import Cluster, find_programs, running_cluster
from tests.server import CLIENT_TOKEN, TOKENS, RetriedServer
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

WITHIN_S = 120
FEATURES = "/api/admin/features"


@pytest.fixture
def writable() -> Iterator[Cluster]:
    """A cluster with few databases, so that a standby starts quickly."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    with running_cluster(programs) as cluster:
        yield cluster


def moved(url: str, user: str, cluster: Cluster) -> str:
    """The URL of a database with another user and cluster."""
    return f"postgresql://{user}@127.0.0.1:{cluster.port}/{url.rpartition('/')[2]}"


def ask(server: RetriedServer, path: str, token: str = CLIENT_TOKEN) -> httpx.Response:
    return httpx.get(
        f"{server.url}{path}",
        headers={"Authorization": token},
        verify=False,
        timeout=WITHIN_S,
    )


def status(server: RetriedServer, token: str) -> int:
    """The status of a poll with a token."""
    return ask(server, "/api/client/features", token).status_code


def toggles(server: RetriedServer) -> list[str]:
    """The names of the toggles that SDKs get."""
    answer = ask(server, "/api/client/features")
    assert answer.status_code == 200
    return [toggle["name"] for toggle in answer.json()["features"]]


def create(server: RetriedServer, name: str) -> None:
    body = {"name": name, "strategies": [{"name": "default"}]}
    server.request("POST", FEATURES, json=body)


def create_token(server: RetriedServer) -> str:
    body = {"tokenName": "shop", "type": "client", "environment": "default", "projects": ["*"]}
    return server.request("POST", "/api/admin/api-tokens", json=body).json()["secret"]


def lag_s(server: RetriedServer) -> Any:
    return ask(server, "/ready").json().get("standbyLagSeconds")


def report_use(server: RetriedServer) -> httpx.Response:
    """Report that `checkout` was on three times."""
    stop = datetime.now(UTC)
    bucket = {
        "start": (stop - timedelta(minutes=1)).isoformat(),
        "stop": stop.isoformat(),
        "toggles": {"checkout": {"yes": 3, "no": 0}},
    }
    return httpx.post(
        f"{server.url}/api/client/metrics",
        json={"appName": "shop", "instanceId": "one", "bucket": bucket},
        headers={"Authorization": CLIENT_TOKEN},
        verify=False,
        timeout=WITHIN_S,
    )


def counted(server: RetriedServer) -> int:
    """How often the toggle `checkout` was on, as far as a server has counted it."""
    rows = server.request("GET", "/api/admin/client-metrics/features/checkout/raw").json()["data"]
    return sum(row["yes"] for row in rows)


def test_a_reader_of_a_standby_follows_changes_and_tokens_until_and_after_the_promotion(
    tmp_path: Path, writable: Cluster
) -> None:
    url = writable.new_database()
    writable.execute("CREATE ROLE reader LOGIN")
    writable.execute("GRANT pg_read_all_data TO reader")
    folders = (tmp_path / "primary", tmp_path / "reader", tmp_path / "successor")
    for folder in folders:
        folder.mkdir()
    with (
        writable.standby() as standby,
        RetriedServer(folders[0], FLAGSTAFF_DATABASE_URL=url, **TOKENS) as primary,
        RetriedServer(
            folders[1],
            "--reader",
            FLAGSTAFF_DATABASE_URL=moved(url, "reader", standby),
            FLAGSTAFF_UPSTREAM=primary.url,
            FLAGSTAFF_UPSTREAM_TOKENS=CLIENT_TOKEN,
        ) as reader,
    ):
        wait_until(lambda: lag_s(reader) == 0, seconds=WITHIN_S)
        create(primary, "checkout")
        wait_until(lambda: toggles(reader) == ["checkout"], seconds=WITHIN_S)

        other = create_token(primary)
        wait_until(lambda: status(reader, other) == 200, seconds=WITHIN_S)
        primary.request("DELETE", f"/api/admin/api-tokens/{other}")
        wait_until(lambda: status(reader, other) == 401, seconds=WITHIN_S)

        assert report_use(reader).status_code == 202
        wait_until(lambda: counted(primary) == 3, seconds=WITHIN_S)
        assert ask(reader, "/ready").json()["primary"] == "available"

        standby.execute("SELECT pg_wal_replay_pause()")
        create(primary, "search")
        wait_until(lambda: lag_s(reader) > 0, seconds=WITHIN_S)
        assert toggles(reader) == ["checkout"]
        standby.execute("SELECT pg_wal_replay_resume()")
        wait_until(lambda: toggles(reader) == ["checkout", "search"], seconds=WITHIN_S)
        wait_until(lambda: lag_s(reader) == 0, seconds=WITHIN_S)

        port = primary.url.rpartition(":")[2]
        primary.stop()
        standby.execute("SELECT pg_promote()")
        promoted = moved(url, "flagstaff", standby)
        with RetriedServer(
            folders[2], "--port", port, FLAGSTAFF_DATABASE_URL=promoted, **TOKENS
        ) as successor:
            create(successor, "after")
            wait_until(lambda: toggles(reader) == ["after", "checkout", "search"], seconds=WITHIN_S)
            assert report_use(reader).status_code == 202
            wait_until(lambda: counted(successor) == 6, seconds=WITHIN_S)

        assert reader.stop() == 0
        assert "Traceback" not in reader.log
