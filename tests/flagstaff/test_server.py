"""A real server process, from its first line of output to its last line."""

import json
import resource
import shlex
import signal
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from flagstaff.listening import MAX_DESCRIPTORS, raise_descriptor_limit
from tests.flagstaff.protocol.connections import Answer, connected, get_of, refusal
from tests.server import Server

pytestmark = pytest.mark.slow

GIVEN = "*:development.unleash-insecure-client"


def features(server: Server, token: str) -> httpx.Response:
    """Return the answer to an SDK's poll with a token."""
    url = f"{server.url}/api/client/features"
    return httpx.get(url, headers={"Authorization": token}, verify=False)


def test_the_first_start_prints_tokens_that_work_and_never_logs_them(common_server: Server) -> None:
    answer = features(common_server, common_server.client_token)
    viewer = common_server.graphql("{ viewer { __typename } }")

    assert answer.status_code == 200
    assert viewer["viewer"] is not None
    assert "GET /api/client/features 200" in common_server.log
    assert common_server.client_token not in common_server.log
    assert common_server.admin_token not in common_server.log


def test_the_printed_curl_line_works(common_server: Server) -> None:
    lines = common_server.lines.splitlines()
    line = next(line for line in lines if line.strip().startswith("curl "))

    answer = subprocess.run(
        [*shlex.split(line), "--silent", "--show-error", "--fail"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert json.loads(answer.stdout)["version"] >= 1


def test_answers_do_not_name_the_server_program(common_server: Server) -> None:
    answer = httpx.get(f"{common_server.url}/health", verify=False)

    assert "server" not in answer.headers


def test_connections_are_limited_as_the_settings_say(common_server: Server) -> None:
    address = urlsplit(common_server.url)

    def ask(request: bytes) -> Answer:
        with connected(address.port or 80) as client:
            client.sendall(request)
            return refusal(client)

    too_large = ask(get_of(5_001))
    malformed = ask(b"garbage\r\n\r\n")

    assert (too_large.status, malformed.status) == (431, 400)
    assert "WARNING" not in common_server.log
    assert f"[{malformed.headers['x-request-id']}] flagstaff.protocol" in common_server.log


def test_a_server_may_have_more_connections_than_shells_begin_with() -> None:
    given, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1_024, given), hard_limit))
    try:
        raise_descriptor_limit()
        raised, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given, hard_limit))

    assert raised == min(MAX_DESCRIPTORS, hard_limit)


@pytest.mark.thorough
def test_given_tokens_open_the_demo_from_the_first_start(serve: Callable[..., Server]) -> None:
    server = serve("--demo", INIT_CLIENT_API_TOKENS=GIVEN)

    answer = features(server, GIVEN)
    toggles = server.graphql("{ toggles(first: 5) { totalCount edges { node { name } } } }")

    assert "admin token" in server.lines
    assert "client token" not in server.lines
    assert answer.status_code == 200
    assert toggles["toggles"]["totalCount"] > 30
    assert len(toggles["toggles"]["edges"]) == 5
    # The fixture `common_server` checks the effects of SIGTERM.
    assert server.stop(signal.SIGINT) == 0
