"""An SQLite file with pages that were overwritten."""

import os
from pathlib import Path

import httpx
import pytest

from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, ForkedServer

PAGE = 4_096


def call(url: str, method: str, path: str, token: str = ADMIN_TOKEN, **content: object) -> int:
    headers = {"Authorization": token}
    answer = httpx.request(method, url + path, headers=headers, verify=False, json=content or None)
    return answer.status_code


def damage(file: Path) -> None:
    """Overwrite all pages except the first pages, like a broken disk."""
    with file.open("r+b") as pages:
        for number in range(2, file.stat().st_size // PAGE):
            pages.seek(number * PAGE)
            pages.write(os.urandom(PAGE))


@pytest.mark.parametrize(("ready", "status"), [("reads", 200), ("writes", 503)])
def test_damage_is_named_and_refused_as_unavailability(
    tmp_path: Path, ready: str, status: int
) -> None:
    file = tmp_path / "damaged.db"
    variables = {**TOKENS, "FLAGSTAFF_DATABASE_URL": f"sqlite:///{file}", "FLAGSTAFF_READY": ready}
    # Until the first server ends, its writes are in its log.
    with ForkedServer(tmp_path, **variables):
        pass

    with ForkedServer(tmp_path, **variables) as server:
        damage(file)
        url = server.url
        strategies = [{"name": "default"}]
        created = call(url, "POST", "/api/admin/features", name="new", strategies=strategies)
        listed = call(url, "GET", "/api/admin/events")
        polled = call(url, "GET", "/api/client/features", CLIENT_TOKEN)
        answer = httpx.get(f"{url}/ready", verify=False)
        log = server.log

    assert (created, polled) == (503, 200)
    # The pages of a list may still be in memory.
    assert listed in (200, 503)
    assert answer.status_code == status
    assert answer.json()["database"] == "unavailable"
    assert "damaged" in answer.json()["problem"]
    assert log.count("is damaged") == 1
    assert "Traceback" not in log
