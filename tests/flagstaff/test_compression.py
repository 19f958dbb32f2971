"""All parts of the server gzip answers for clients that accept gzip."""

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Scope

from flagstaff import compression
from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.compression import Compression
from flagstaff.settings import Settings
from store import Store
from store.model import SYSTEM
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle
from tests.store.conftest import Filled, PreparedDatabase

ADMIN = "*:*.admin-secret-of-the-tests"
CLIENT = "*:default.test-client"
FRONTEND = "*:default.test-frontend"
SETTINGS = Settings(
    init_admin_tokens=(ADMIN,), init_client_tokens=(CLIENT,), init_frontend_tokens=(FRONTEND,)
)
LIST = "{ toggles(first: 50) { nodes { id name description createdAt } } }"

# The requests. The last value states whether the ETag can revalidate the answer.
ANSWERS = [
    ("GET", f"/graphql?query={LIST}", None, True),
    ("POST", "/graphql", {"query": LIST}, False),
    ("GET", "/schema.graphql", None, False),
    ("GET", "/openapi.json", None, True),
    ("GET", "/api/frontend", None, True),
    ("POST", "/api/frontend", {"context": {"userId": "7"}}, False),
    ("POST", "/ofrep/v1/evaluate/flags", {"context": {"targetingKey": "7"}}, True),
    ("GET", "/api/admin/features", None, True),
    ("GET", "/api/admin/state/export", None, True),
    ("GET", "/api/admin/events", None, True),
    ("GET", "/api/admin/projects/default/features", None, True),
    ("GET", "/api/admin/features/toggle-1", None, True),
    ("GET", "/api/client/features/toggle-1", None, True),
]


@pytest.fixture(scope="module")
def beginning(prepared_database: PreparedDatabase, filled: Filled) -> str:
    """A database with the tokens above and enough toggles for a page."""

    async def fill(store: Store) -> None:
        await provide_tokens(store, SETTINGS)
        async with store.write(SYSTEM) as work:
            for number in range(50):
                name, about = f"toggle-{number}", f"{number} times as long as it need be " * 50
                await create_toggle(
                    work, name=name, fields=ToggleFields(description=about), enabled=True
                )

    return filled(prepared_database("sqlite"), fill)


@pytest_asyncio.fixture(loop_scope="module")
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application over that database. Tests set Accept-Encoding."""
    transport = httpx.ASGITransport(compose(store, SETTINGS))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        opened.headers.pop("accept-encoding")
        yield opened


def token_for(path: str) -> str:
    if path.startswith("/api/client"):
        return CLIENT
    return FRONTEND if path.startswith(("/api/frontend", "/ofrep")) else ADMIN


async def ask(
    client: httpx.AsyncClient, method: str, path: str, body: object = None, **headers: str
) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent["Authorization"] = token_for(path)
    return await client.request(method, path, json=body, headers=sent)


@pytest.mark.sample(2)
@pytest.mark.parametrize(("method", "path", "body", "_"), ANSWERS)
async def test_answers_are_gzipped_where_the_client_accepts_it(
    client: httpx.AsyncClient, method: str, path: str, body: object, _: bool
) -> None:
    plain = await ask(client, method, path, body)
    packed = await ask(client, method, path, body, accept_encoding="br, gzip")

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    for answer in (plain, packed):
        vary = {name.strip() for name in answer.headers["vary"].split(",")}
        assert "Accept-Encoding" in vary
    assert packed.headers.get_list("content-length") == [packed.headers["content-length"]]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [answer[:3] for answer in ANSWERS if answer[3]],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("first", ["gzip", "identity"])
@pytest.mark.parametrize("then", ["gzip", "identity"])
async def test_either_tag_is_answered_304(
    client: httpx.AsyncClient, method: str, path: str, body: object, first: str, then: str
) -> None:
    before = await ask(client, method, path, body, accept_encoding=first)
    tag = before.headers["etag"]
    again = await ask(client, method, path, body, accept_encoding=then, if_none_match=tag)

    assert tag.startswith("W/") is (first == "gzip")
    assert (again.status_code, again.content) == (304, b"")
    assert "content-encoding" not in again.headers
    assert again.headers["etag"] == tag
    assert again.headers["vary"] == before.headers["vary"]


@pytest.mark.parametrize("path", ["/api/admin/features", "/api/frontend", "/api/client/features"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_head_has_the_headers_of_get(
    client: httpx.AsyncClient, path: str, coding: str
) -> None:
    got = await ask(client, "GET", path, accept_encoding=coding)
    head = await ask(client, "HEAD", path, accept_encoding=coding)

    ignored = ("x-request-id",)
    assert head.content == b""
    assert {k: v for k, v in head.headers.items() if k not in ignored} == {
        k: v for k, v in got.headers.items() if k not in ignored
    }


async def test_what_sdks_poll_keeps_the_strong_tag_of_its_coding(
    client: httpx.AsyncClient,
) -> None:
    answer = await ask(client, "GET", "/api/client/features", accept_encoding="gzip")

    assert answer.headers["etag"].endswith(':gzip"')
    assert answer.headers.get_list("content-encoding") == ["gzip"]
    assert len(answer.json()["features"]) == 50


@pytest.mark.parametrize(
    ("size", "accepted", "packed"),
    [
        (1023, "gzip", False),
        (1024, "gzip", True),
        (1024, "*", True),
        (1024, "gzip;q=0", False),
        (1024, "*;q=0", False),
        (1024, "identity;q=0", False),
        (10, "gzip, identity;q=0", True),
        (0, "gzip, identity;q=0", False),
    ],
)
async def test_size_and_weights_decide(size: int, accepted: str, packed: bool) -> None:
    answer = await answer_of(PlainTextResponse("x" * size), accepted)

    assert answer.text == "x" * size
    assert ("content-encoding" in answer.headers) is packed


@pytest.mark.parametrize(
    "response",
    [
        Response(b"x" * 5000, media_type="text/event-stream"),
        Response(b"x" * 5000, media_type="multipart/mixed"),
        Response(b"x" * 5000, media_type="font/woff2"),
        Response(b"x" * 5000),
        Response(b"x" * 5000, 206, media_type="application/json"),
        Response(gzip.compress(bytes(9)), 200, {"content-encoding": "gzip"}, "application/json"),
    ],
)
async def test_streams_and_what_is_no_plain_text_stay_as_they_are(response: Response) -> None:
    before = [*response.raw_headers]

    answer = await answer_of(response, "gzip")

    assert answer.headers.raw == before


async def test_the_head_of_a_stream_does_not_wait_for_its_first_piece() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        assert [message["type"] for message in sent] == ["http.response.start"]
        yield b"data: 1\n\n"

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return await asyncio.get_running_loop().create_future()

    app = Compression(StreamingResponse(pieces(), media_type="text/event-stream"))
    await app(scope_of("gzip"), receive, send)

    assert [message.get("body") for message in sent] == [None, b"data: 1\n\n", b""]


async def test_an_answer_in_pieces_is_passed_on_in_pieces() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a" * 2000
        yield b"b" * 2000

    answer = await answer_of(StreamingResponse(pieces(), media_type="text/plain"), "gzip")

    assert "content-encoding" not in answer.headers
    assert answer.text == "a" * 2000 + "b" * 2000


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A list with a boolean for each gzipped body.

    The boolean is true if the body was compressed outside of the event loop's thread.
    """
    outside: list[bool] = []
    loop_thread = threading.get_ident()

    def gzipped(body: bytes) -> bytes:
        outside.append(threading.get_ident() != loop_thread)
        return gzip.compress(body)

    monkeypatch.setattr(compression, "gzipped", gzipped)
    return outside


@pytest.mark.parametrize(("size", "in_thread"), [(50_000, False), (50_001, True)])
async def test_large_bodies_are_gzipped_in_a_thread(
    threads: list[bool], size: int, in_thread: bool
) -> None:
    await answer_of(PlainTextResponse("x" * size), "gzip")

    assert threads == [in_thread]


async def answer_of(app: ASGIApp, accept_encoding: str) -> httpx.Response:
    transport = httpx.ASGITransport(Compression(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/", headers={"Accept-Encoding": accept_encoding})


def scope_of(accept_encoding: str) -> Scope:
    headers = [(b"accept-encoding", accept_encoding.encode())]
    return {"type": "http", "method": "GET", "path": "/", "headers": headers}
