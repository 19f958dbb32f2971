"""A server logs its start, its stop and each change, as JSON with separate keys."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from flagstaff import __version__
from tests.server import ADMIN_TOKEN, TOKENS, ForkedServer

CREATE = 'mutation { toggleCreate(input: { name: "checkout" }) { errors { message } } }'
ADMIN = {"Authorization": ADMIN_TOKEN}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """The log of a server that has stopped after some requests."""
    folder: Path = tmp_path_factory.mktemp("logged")
    options = {"FLAGSTAFF_LOG_FORMAT": "json", "FLAGSTAFF_ACCESS_LOG": "true"}
    with ForkedServer(folder, **options, **TOKENS) as server:
        with httpx.Client(base_url=server.url) as client:
            created = client.post(
                "/graphql",
                json={"query": CREATE},
                headers={**ADMIN, "X-Request-Id": "request-of-the-test"},
            )
            assert '"errors":[]' in created.text
            client.get("/api/admin/features", headers={"Authorization": "*:*.unknown"})
        assert server.stop(signal.SIGTERM) == 0
        yield [json.loads(line) for line in server.log.splitlines()]


def only(lines: list[dict[str, Any]], **expected: Any) -> dict[str, Any]:
    (line,) = [line for line in lines if expected.items() <= line.items()]
    return line


def test_the_start_names_version_database_and_revision(lines: list[dict[str, Any]]) -> None:
    line = only(lines, event="started")

    assert line["version"] == __version__
    assert line["database"].startswith("sqlite 3.")
    assert line["migration"].isdecimal()
    assert line["revision"] == 0


def test_a_change_is_one_line_with_its_actor_and_request(lines: list[dict[str, Any]]) -> None:
    line = only(lines, request_id="request-of-the-test", logger="store.commits")
    access = only(lines, request_id="request-of-the-test", logger="flagstaff.access")

    assert line["events"] == 1
    assert "checkout" in line["summary"]
    assert line["message"] == f"Revision {line['revision']} by {line['actor']}: {line['summary']}"
    assert line["token_id"] == access["token_id"]
    assert (access["method"], access["path"], access["status"]) == (
        "POST",
        "/graphql",
        200,
    )
    assert access["client"] == "127.0.0.1"
    assert access["duration_ms"] > 0


def test_an_unknown_token_is_logged_with_its_address(lines: list[dict[str, Any]]) -> None:
    line = only(lines, logger="store.unknown_tokens")

    assert (line["level"], line["client"]) == ("warning", "127.0.0.1")
    assert "token_id" not in only(lines, logger="flagstaff.access", status=401)


def test_the_stop_is_the_end_of_the_log(lines: list[dict[str, Any]]) -> None:
    assert lines[-1]["event"] == "stopped"
    assert only(lines, message="Stopping after SIGTERM")
