"""Headers of answers from all parts of the server."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from flagstaff.answers import HeadAsGet
from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.demo import fill_with_demo
from flagstaff.settings import Settings
from graph.ide.page import BUNDLE
from store import Store
from tests.flagstaff.protocol.connections import HANDSHAKE, Answer, connected, read_all
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN, TOKENS, ForkedServer, Server
from tests.store.conftest import Filled, PreparedDatabase

SETTINGS = Settings(
    init_admin_tokens=(ADMIN_TOKEN,),
    init_client_tokens=(CLIENT_TOKEN,),
    init_frontend_tokens=(FRONTEND_TOKEN,),
    cors_origins=("https://admin.example.com",),
    metrics="off",
)
QUERY = "/graphql?query={viewer{canWrite}}"
# The paths of streams in the OpenAPI description.
STREAMS = {"/api/client/streaming", "/ofrep/v1/events"}
PARAMETERS = {
    "name": "userWithId",
    "featureName": "new-checkout",
    "feature": "new-checkout",
    "environment": "default",
    "projectId": "default",
    "project": "default",
    "id": "1",
}
# Some answers differ each time. Their bodies contain random rollouts or the last use of tokens.
OF_ONE_ANSWER = ("x-request-id", "date")
OF_ONE_BODY = ("etag", "content-length")
CHANGING = ("/api/frontend", "/api/admin", "/internal-backstage", "/metrics")


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase, filled: Filled) -> str:
    """A database with the demo. SQLite suffices, because these tests do not depend on SQL."""

    async def fill(store: Store) -> None:
        await provide_tokens(store, SETTINGS)
        await fill_with_demo(store)

    return filled(prepared_database("sqlite"), fill)


@pytest_asyncio.fixture(loop_scope="module")
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application."""
    transport = httpx.ASGITransport(compose(store, SETTINGS))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


def token_for(path: str) -> str:
    if path.startswith(("/api/client", "/ofrep")):
        return CLIENT_TOKEN
    return FRONTEND_TOKEN if path.startswith("/api/frontend") else ADMIN_TOKEN


async def paths_of_get(client: httpx.AsyncClient) -> list[str]:
    """Return every path with a GET route. Path parameters are replaced by values."""
    described = (await client.get("/openapi.json")).json()["paths"]
    paths = [path for path, methods in described.items() if "get" in methods]
    filled = [
        re.sub(r"\{(\w+)\}", lambda match: PARAMETERS.get(match[1], "1"), path) for path in paths
    ]
    assets = [f"/graphql/assets/{item.stem}" for item in sorted(BUNDLE.glob("assets/*.gz"))[:2]]
    others = ["/openapi.json", "/graphql", QUERY, "/schema.graphql", "/graphql/assets/x", "/none"]
    return [path for path in filled if path not in STREAMS] + assets + others


def safe(headers: Any) -> bool:
    """Whether an answer has the headers that protect browsers."""
    return (
        headers["x-content-type-options"] == "nosniff"
        and "frame-ancestors 'none'" in headers["content-security-policy"]
        and bool(headers["cache-control"])
    )


async def test_head_is_answered_as_get_everywhere(client: httpx.AsyncClient) -> None:
    paths = await paths_of_get(client)
    statuses: set[int] = set()

    for path in paths:
        for accept in ("*/*", "text/html"):
            headers = {"Authorization": token_for(path), "Accept": accept}
            get, head = [
                await client.request(method, path, headers=headers) for method in ("GET", "HEAD")
            ]
            assert "content-length" in head.headers
            of_one_body = OF_ONE_BODY if path.startswith(CHANGING) else ()
            for name in (*OF_ONE_ANSWER, *of_one_body):
                get.headers.pop(name, None)
                head.headers.pop(name, None)
            assert (path, head.status_code, head.headers) == (path, get.status_code, get.headers)
            assert (head.content, safe(head.headers)) == (b"", True)
            statuses.add(get.status_code)

    assert len(paths) > 30
    assert {200, 404} <= statuses


@pytest.mark.parametrize("path", ["/", "/openapi.json", "/graphql", "/schema.graphql", "/health"])
async def test_where_get_is_allowed_head_is(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.delete(path, headers={"Authorization": ADMIN_TOKEN})

    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


async def test_head_with_the_tag_of_an_answer_is_304(client: httpx.AsyncClient) -> None:
    for path in ("/api/client/features", "/api/admin/features", QUERY):
        headers = {"Authorization": token_for(path)}
        etag = (await client.head(path, headers=headers)).headers["etag"]

        answer = await client.head(path, headers={**headers, "If-None-Match": etag})

        assert (answer.status_code, answer.headers["etag"]) == (304, etag)


async def test_a_mutation_cannot_be_sent_by_head(client: httpx.AsyncClient, store: Store) -> None:
    mutation = '/graphql?query=mutation{toggleCreate(input:{name:"t"}){errors{message}}}'

    answer = await client.head(mutation, headers={"Authorization": ADMIN_TOKEN})

    assert answer.status_code == 405
    assert "t" not in store.snapshot.toggles


async def test_the_head_of_a_stream_ends_it() -> None:
    sent: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["method"] == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"%d" % number, "more_body": True})

    async def send(message: Any) -> None:
        sent.append(f"{message['type']} {message.get('body')} {message.get('more_body')}")

    async def receive() -> Any:
        raise AssertionError("nothing is received")

    await HeadAsGet(app)({"type": "http", "method": "HEAD"}, receive, send)

    assert sent == ["http.response.start None None", "http.response.body b'' None"]


ANSWERS = {
    "index": ("GET", "/", 200),
    "OpenAPI": ("GET", "/openapi.json", 200),
    "health": ("GET", "/health", 200),
    "poll": ("GET", "/api/client/features", 200),
    "frontend": ("GET", "/api/frontend", 200),
    "OFREP": ("POST", "/ofrep/v1/evaluate/flags", 200),
    "registration": ("POST", "/api/client/register", 204),
    "admin": ("GET", "/api/admin/features", 200),
    "unknown toggle": ("GET", "/api/admin/features/none", 404),
    "unknown path": ("GET", "/none", 404),
    "unknown API path": ("GET", "/api/none", 404),
    "wrong method": ("DELETE", "/", 405),
    "GraphQL": ("GET", QUERY, 200),
    "GraphQL refused": ("POST", "/graphql", 415),
    "SDL": ("GET", "/schema.graphql", 200),
    "unknown asset": ("GET", "/graphql/assets/x", 404),
    "asset posted to": ("POST", "/graphql/assets/x", 405),
}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS)
async def test_every_answer_has_security_headers(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path, headers={"Authorization": token_for(path)})

    assert answer.status_code == status
    assert safe(answer.headers)
    for name in ("x-content-type-options", "content-security-policy", "cache-control"):
        assert len(answer.headers.get_list(name)) == 1


async def test_preflights_and_refusals_have_security_headers(client: httpx.AsyncClient) -> None:
    requested = {
        "Origin": "https://admin.example.com",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }

    preflight = await client.options("/api/client/features", headers=requested)
    stranger = await client.get("/api/client/features")

    assert (preflight.status_code, stranger.status_code) == (200, 401)
    assert safe(preflight.headers)
    assert safe(stranger.headers)


async def test_endpoints_keep_their_own_policies(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"Accept": "text/html"})
    poll = await client.get("/api/client/features", headers={"Authorization": CLIENT_TOKEN})
    index = await client.get("/")

    assert page.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert poll.headers["cache-control"] == "private, no-cache"
    assert index.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/openapi.json/", "//", "/openapi.json//", "/schema.graphql/", "/graphql//", "/docs/"]
)
async def test_no_answer_repeats_the_host(client: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = await client.request(
            method, f"http://localhost{path}", headers={"Host": "attacker.example.com"}
        )

        assert answer.status_code in (404, 405)
        assert "location" not in answer.headers
        assert "attacker" not in answer.text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server process, for tests of code that runs before the application."""
    with ForkedServer(tmp_path_factory.mktemp("server"), **TOKENS) as running:
        yield running


SOCKET = b"GET /graphql HTTP/1.1\r\nHost: x\r\n"
REFUSED = {
    "garbage": (b"garbage\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "a large head": (b"GET / HTTP/1.1\r\nHost: x\r\nA: %s\r\n\r\n" % (b"b" * 40_000), 431),
    "another origin": (SOCKET + b"Origin: https://x.example.com\r\n" + HANDSHAKE + b"\r\n", 403),
    "no key": (SOCKET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 400),
    "an old version": (SOCKET + HANDSHAKE.replace(b"13", b"8") + b"\r\n", 400),
}


def ask(server: Server, request: bytes) -> Answer:
    with connected(urlsplit(server.url).port or 80) as client:
        client.sendall(request)
        (answer,) = read_all(client)
    return answer


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/schema.graphql", "/graphql/assets/", "/graphql/assets/x.js", "/openapi.json"),
        *("/api/client/streaming", "/api/admin", "/ofrep/v1/events", "/health", "/graphql/x", "/x"),
    ],
)
def test_websockets_open_at_graphql_only(server: Server, path: str) -> None:
    answer = ask(server, f"GET {path} HTTP/1.1\r\nHost: x\r\n".encode() + HANDSHAKE + b"\r\n")

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["x-request-id"]
    assert safe(answer.headers)


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
def test_refusals_before_the_application_have_security_headers(
    server: Server, request_: bytes, status: int
) -> None:
    answer = ask(server, request_)

    assert answer.status == status
    assert safe(answer.headers)


def test_the_head_of_a_subscription_leaves_the_connection_open(server: Server) -> None:
    query = b"subscription{events{cursor}}"
    request = (
        b"HEAD /graphql?query=%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n"
        b"Accept: text/event-stream\r\n\r\n" % (query, ADMIN_TOKEN.encode())
    )
    last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    with connected(urlsplit(server.url).port or 80) as client:
        client.sendall(request)
        head = client.recv(65_536)
        client.sendall(last)
        answers = read_all(client)

    assert head.startswith(b"HTTP/1.1 200 ")
    assert head.endswith(b"\r\n\r\n")
    assert b"text/event-stream" in head
    assert [answer.body for answer in answers] == [b'{"health":"GOOD"}']
