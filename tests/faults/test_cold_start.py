"""A server with a snapshot file starts without its database, and continues when it is back."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.faults.proxy import Proxy
from tests.postgresql import Cluster
from tests.server import TOKENS, RetriedServer
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

# The database may answer late on a busy machine.
WITHIN_S = 120


def ask(server: RetriedServer, path: str, token: str, **headers: str) -> httpx.Response:
    return httpx.get(
        f"{server.url}{path}",
        headers={"Authorization": token, **headers},
        verify=False,
        timeout=WITHIN_S,
    )


def create(server: RetriedServer, name: str) -> httpx.Response:
    return httpx.post(
        f"{server.url}/api/admin/features",
        json={"name": name, "strategies": [{"name": "default"}]},
        headers={"Authorization": server.admin_token},
        verify=False,
        timeout=WITHIN_S,
    )


def create_at_last(server: RetriedServer, name: str) -> None:
    """Create a toggle; try again if the database does not answer in time."""
    # After a lost answer, the toggle may already exist.
    wait_until(lambda: create(server, name).status_code in (201, 409), seconds=WITHIN_S)


def names_in(answer: httpx.Response) -> set[str]:
    return {feature["name"] for feature in answer.json()["features"]}


def test_sdks_are_served_from_the_file_until_postgresql_is_back(
    tmp_path: Path, cluster: Cluster
) -> None:
    file = tmp_path / "snapshot"
    with Proxy(cluster.port) as proxy:
        url = cluster.new_database().replace(f":{cluster.port}/", f":{proxy.port}/")
        variables = {
            **TOKENS,
            "FLAGSTAFF_DATABASE_URL": url,
            "FLAGSTAFF_SNAPSHOT_FILE": str(file),
        }
        with RetriedServer(tmp_path, **variables) as server:
            create_at_last(server, "before")
            # The file need not be written at the end.
            wait_until(lambda: file.exists() and b"before" in file.read_bytes(), seconds=WITHIN_S)
            os.kill(server.pid, signal.SIGKILL)
            server.wait()
            with proxy.cut():
                server.start()
                client = server.client_token
                polled = ask(server, "/api/client/features", client)
                etag = polled.headers["etag"]
                again = ask(server, "/api/client/features", client, **{"If-None-Match": etag})
                ready = ask(server, "/ready", client)
                refused = create(server, "during")
                metrics = ask(server, "/metrics", client)
                events = ask(server, "/api/admin/events", server.admin_token)
            wait_until(
                lambda: ask(server, "/ready", client).json()["database"] == "available",
                seconds=WITHIN_S,
            )
            create_at_last(server, "after")
            names = names_in(ask(server, "/api/client/features", client))
            log = server.log
            assert server.stop() == 0

    assert names_in(polled) == {"before"}
    assert again.status_code == 304
    assert ready.status_code == 200
    assert ready.json()["database"] == "unavailable"
    assert "snapshot file" in ready.json()["problem"]
    assert (refused.status_code, refused.json()["name"]) == (503, "ServiceUnavailableError")
    assert refused.headers["retry-after"]
    assert metrics.status_code == 200
    assert events.status_code == 503
    assert names == {"before", "after"}
    assert "toggles are served from the snapshot file" in log
    assert "Traceback" not in log
