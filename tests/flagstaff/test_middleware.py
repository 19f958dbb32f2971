"""The layers around every request."""

import re

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flagstaff.logs import request_id
from flagstaff.middleware import LastResort, LoopbackNamesOnly, RequestIds, refuse
from rest_compat.http.refusals import NotSignedInError
from store.errors import StoreUnavailableError

NEW_ID = "[0-9a-f]{12}-[0-9a-f]+"


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello", headers={"ETag": '"1"'})(scope, receive, send)


def failing(error: Exception) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    return app


def client_of(app: ASGIApp, base_url: str = "http://localhost:4242") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url)


async def test_every_answer_carries_a_new_request_id() -> None:
    async with client_of(RequestIds(hello)) as client:
        ids = {(await client.get("/")).headers["x-request-id"] for _ in range(3)}

    assert len(ids) == 3
    assert all(re.fullmatch(NEW_ID, id) for id in ids)


async def test_a_sane_request_id_is_taken_over() -> None:
    async with client_of(RequestIds(hello)) as client:
        answer = await client.get("/", headers={"X-Request-Id": "trace-1:2/3"})

    assert answer.headers["x-request-id"] == "trace-1:2/3"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "ü", "<script>"])
async def test_other_request_ids_are_replaced(sent: str) -> None:
    async with client_of(RequestIds(hello)) as client:
        answer = await client.get("/", headers={b"X-Request-Id": sent.encode("latin-1")})

    assert re.fullmatch(NEW_ID, answer.headers["x-request-id"])


async def test_log_lines_know_their_request() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(request_id.get())
        await hello(scope, receive, send)

    async with client_of(RequestIds(app)) as client:
        await client.get("/", headers={"X-Request-Id": "r-7"})

    assert seen == ["r-7"]


@pytest.mark.parametrize(
    "sent",
    [
        "shop:production.a",
        f"default:development.{'f' * 64}",
        "f" * 64,
        "x=default:dev.secret-of-a-client",
    ],
)
async def test_an_id_that_looks_like_a_token_is_replaced(sent: str) -> None:
    async with client_of(RequestIds(hello)) as client:
        answer = await client.get("/", headers={"X-Request-Id": sent})

    assert sent not in answer.headers["x-request-id"]


async def test_a_bug_is_answered_by_an_incident_that_the_log_explains(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with client_of(LastResort(failing(KeyError("kaput")))) as client:
        answer = await client.get("/x")

    body = answer.json()
    incident = re.search("[0-9a-f-]{36}", body["message"])
    assert answer.status_code == 500
    assert body["name"] == "InternalError"
    assert "kaput" not in answer.text
    assert incident is not None
    assert incident[0] in caplog.text
    assert "KeyError: 'kaput'" in caplog.text


async def test_an_absent_database_is_503_with_retry_after() -> None:
    async with client_of(LastResort(failing(StoreUnavailableError("away")))) as client:
        answer = await client.get("/")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["name"] == "ServiceUnavailableError"


@pytest.mark.parametrize(
    ("app", "base_url", "status"),
    [
        (LastResort(failing(KeyError("kaput"))), "http://localhost", 500),
        (LastResort(failing(StoreUnavailableError("away"))), "http://localhost", 503),
        (LoopbackNamesOnly(hello), "http://flags.example.com", 403),
    ],
)
async def test_failures_below_ofrep_have_the_body_that_providers_read(
    app: ASGIApp, base_url: str, status: int
) -> None:
    async with client_of(app, base_url) as client:
        answer = await client.post("/ofrep/v1/evaluate/flags/a", json={})

    assert answer.status_code == status
    assert answer.json().keys() == {"key", "errorCode", "errorDetails"}
    assert answer.json()["errorCode"] == "GENERAL"


async def test_an_answer_that_was_begun_is_not_begun_again() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError("late")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    await LastResort(app)(scope, receive, send)

    assert [message["type"] for message in sent] == ["http.response.start"]


@pytest.mark.parametrize(
    "address", ["http://localhost:4242", "http://127.0.0.1", "http://[::1]:4242"]
)
async def test_requests_to_loopback_names_pass(address: str) -> None:
    async with client_of(LoopbackNamesOnly(hello), address) as client:
        answer = await client.get("/")

    assert answer.text == "hello"


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example.com",
        "127.0.0.1.example.com:4242",
        "",
        "10.0.0.5",
        "[::2]",
        "localhost:4242@attacker.example.com",
        "localhost:4242.attacker.example.com",
        "user@localhost",
        "[::1].attacker.example.com",
        "[::1]attacker.example.com:4242",
        "[localhost]",
        "localhost:",
        "localhost:99999",
        "localhost..",
        "localhost, attacker.example.com",
        "localhost/attacker.example.com",
    ],
)
async def test_requests_to_other_names_are_refused(host: str) -> None:
    async with client_of(LoopbackNamesOnly(hello)) as client:
        answer = await client.get("/", headers={"Host": host})

    assert answer.status_code == 403
    assert "localhost" in answer.json()["message"]


async def test_requests_with_two_hosts_are_refused() -> None:
    headers = [("Host", "localhost"), ("Host", "attacker.example.com")]
    async with client_of(LoopbackNamesOnly(hello)) as client:
        answer = await client.get("/", headers=headers)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("extensions", "types"),
    [
        ({}, ["websocket.close"]),
        (
            {"websocket.http.response": {}},
            ["websocket.http.response.start", "websocket.http.response.body"],
        ),
    ],
)
async def test_a_refused_handshake_is_answered_as_the_server_allows(
    extensions: dict[str, dict[str, str]], types: list[str]
) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "websocket", "path": "/graphql", "extensions": extensions}
    await refuse(scope, send, NotSignedInError())

    assert [message["type"] for message in sent] == types
