"""A real server process, from its first line to its last."""

import json
import shlex
import signal
import socket
import subprocess
from collections.abc import Callable

import httpx
import pytest

from tests.server import Server

pytestmark = pytest.mark.slow


def test_the_first_start_prints_tokens_that_work_and_never_logs_them(
    serve: Callable[..., Server],
) -> None:
    server = serve(FLAGSTAFF_LOG_LEVEL="debug", FLAGSTAFF_ACCESS_LOG="true")
    features = httpx.get(
        f"{server.url}/api/client/features", headers={"Authorization": server.client_token}
    )
    viewer = server.graphql("{ viewer { __typename } }")

    status = server.stop()

    assert features.status_code == 200
    assert features.json()["features"] == []
    assert viewer["viewer"] is not None
    assert status == 0
    log = server.log
    assert "GET /api/client/features 200" in log
    assert server.client_token not in log
    assert server.admin_token not in log


def test_the_printed_curl_line_works(serve: Callable[..., Server]) -> None:
    server = serve()
    line = next(line for line in server.lines.splitlines() if line.strip().startswith("curl "))

    answer = subprocess.run(
        [*shlex.split(line), "--silent", "--show-error", "--fail"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert json.loads(answer.stdout)["version"] >= 1


def test_a_second_start_prints_no_tokens(serve: Callable[..., Server]) -> None:
    serve().stop()

    again = serve()

    assert "token" not in again.lines
    assert again.stop(signal.SIGINT) == 0


def test_given_tokens_work_from_the_first_start(serve: Callable[..., Server]) -> None:
    server = serve(INIT_CLIENT_API_TOKENS="*:development.unleash-insecure-client")

    answer = httpx.get(
        f"{server.url}/api/client/features",
        headers={"Authorization": "*:development.unleash-insecure-client"},
    )

    assert answer.status_code == 200
    assert "admin token" in server.lines
    assert "client token" not in server.lines


def test_without_tokens_only_requests_to_loopback_names_pass(serve: Callable[..., Server]) -> None:
    server = serve(FLAGSTAFF_AUTH="none")

    local = httpx.get(f"{server.url}/api/client/features")
    foreign = httpx.get(
        f"{server.url}/api/client/features", headers={"Host": "attacker.example.com"}
    )

    assert local.status_code == 200
    assert foreign.status_code == 403
    assert foreign.headers["x-request-id"]


def test_a_port_in_use_is_one_line(serve: Callable[..., Server]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = serve("--port", str(port))
        status = server.wait()

    assert status == 1
    assert server.log.splitlines() == [
        (
            f"Port {port} on 127.0.0.1 is in use: stop the program that uses it, or choose "
            "another port with --port or FLAGSTAFF_PORT."
        )
    ]


def test_answers_do_not_name_the_server_program(serve: Callable[..., Server]) -> None:
    server = serve()

    answer = httpx.get(f"{server.url}/health")

    assert "server" not in answer.headers


def test_the_demo_shows_in_graphql(serve: Callable[..., Server]) -> None:
    server = serve("--demo")
    query = "{ toggles(first: 5) { totalCount edges { node { name } } } }"

    toggles = server.graphql(query)["toggles"]

    assert toggles["totalCount"] > 30
    assert len(toggles["edges"]) == 5
