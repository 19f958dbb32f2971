"""Clients that always request an upgrade to HTTP/2: raw sockets, curl, Java's `HttpClient`."""

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.flagstaff.protocol.connections import Answer, read_all
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN, TOKENS, ForkedServer, Server

DEADLINE_S = 120
JAVA = Path(__file__).parent / "java" / "PostTwice.java"
OLDEST_JAVA = 11
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
STATE = {
    "version": 1,
    "features": [
        {
            "name": "for-ada",
            "enabled": True,
            "strategies": [{"name": "userWithId", "parameters": {"userIds": "ada"}}],
        }
    ],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one toggle. The toggle is enabled for one user."""
    variables = {**TOKENS, "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN}
    with ForkedServer(tmp_path_factory.mktemp("server"), **variables) as running:
        running.request("POST", "/api/admin/state/import", json=STATE)
        yield running


def send(server: Server, request: bytes, *, part: int) -> Answer:
    """Send a request after which the server closes the connection. Return the answer."""
    with socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 80)) as client:
        client.settimeout(10)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin in range(0, len(request), part):
            client.sendall(request[begin : begin + part])
        (answer,) = read_all(client)
    return answer


def request_of(path: str, token: str, document: Any, *, chunked: bool) -> bytes:
    body = json.dumps(document).encode()
    length = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    chunks = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    return b"".join(
        (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n".encode(),
            b"Content-Type: application/json\r\n",
            H2C.replace(b"Upgrade, ", b"close, Upgrade, "),
            chunks if chunked else length,
        )
    )


@pytest.fixture(params=[False, True], ids=["length", "chunks"])
def post(request: pytest.FixtureRequest, server: Server) -> Callable[[str, str, Any], Answer]:
    """Post a document with an upgrade: first byte by byte, then at once. Return the last answer."""

    def post(path: str, token: str, document: Any) -> Answer:
        sent = request_of(path, token, document, chunked=request.param)
        first, last = send(server, sent, part=1), send(server, sent, part=1_000_000)
        assert first.status == last.status
        return last

    return post


@pytest.mark.thorough
def test_graphql_reads_the_body(post: Callable[[str, str, Any], Answer]) -> None:
    answer = post("/graphql", ADMIN_TOKEN, {"query": '{ toggle(name: "for-ada") { name } }'})

    assert json.loads(answer.body) == {"data": {"toggle": {"name": "for-ada"}}}


def test_ofrep_reads_the_context(post: Callable[[str, str, Any], Answer]) -> None:
    context = {"context": {"userId": "ada"}}

    answer = post("/ofrep/v1/evaluate/flags/for-ada", FRONTEND_TOKEN, context)

    assert (answer.status, json.loads(answer.body)["value"]) == (200, True)


def test_the_frontend_api_reads_the_context(post: Callable[[str, str, Any], Answer]) -> None:
    answer = post("/api/frontend", FRONTEND_TOKEN, {"context": {"userId": "ada"}})

    assert [toggle["name"] for toggle in json.loads(answer.body)["toggles"]] == ["for-ada"]


def test_an_import_imports(post: Callable[[str, str, Any], Answer], server: Server) -> None:
    state = {"version": 1, "features": [{"name": "imported", "strategies": [{"name": "default"}]}]}

    answer = post("/api/admin/state/import", ADMIN_TOKEN, state)

    assert answer.status == 202
    assert server.request("GET", "/api/admin/features/imported").json()["name"] == "imported"


def test_metrics_are_read(post: Callable[[str, str, Any], Answer]) -> None:
    bucket = {
        "start": "2026-10-01T12:00:00.000Z",
        "stop": "2026-10-01T12:01:00.000Z",
        "toggles": {"for-ada": {"yes": 1, "no": 2}},
    }
    report = {"appName": "upgrader", "instanceId": "one", "bucket": bucket}

    answer = post("/api/client/metrics", CLIENT_TOKEN, report)

    assert answer.status == 202


def test_curl_posts_a_body_and_asks_for_http_2(server: Server) -> None:
    curl = shutil.which("curl")
    if curl is None or "HTTP2" not in _run([curl, "--version"]):
        pytest.skip("curl with HTTP/2 is not installed")
    query = json.dumps({"query": '{ toggle(name: "for-ada") { name } }'})

    printed = _run(
        [
            *(curl, "--http2", "--silent", "--show-error", "--data", query),
            *("--header", f"Authorization: {ADMIN_TOKEN}"),
            *("--header", "Content-Type: application/json", f"{server.url}/graphql"),
        ]
    )

    assert json.loads(printed) == {"data": {"toggle": {"name": "for-ada"}}}


@pytest.mark.thorough
@pytest.mark.slow
def test_the_http_client_of_java_posts_bodies(server: Server) -> None:
    java, javac = shutil.which("java"), shutil.which("javac")
    if java is None or javac is None:
        pytest.skip("java and javac are not installed")
    version = _run([javac, "-version"]).split()[-1]
    if int(version.partition(".")[0]) < OLDEST_JAVA:
        pytest.skip(f"the HttpClient of Java needs Java {OLDEST_JAVA} or later; this is {version}")
    context = json.dumps({"context": {"userId": "ada"}})

    printed = _run(
        [java, str(JAVA), f"{server.url}/ofrep/v1/evaluate/flags/for-ada", FRONTEND_TOKEN, context]
    )

    answers = [line.partition(" ") for line in printed.splitlines()]
    assert [(status, json.loads(body)["value"]) for status, _, body in answers] == [
        ("200", True),
        ("200", True),
    ]


def _run(command: list[str]) -> str:
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=DEADLINE_S
    ).stdout
