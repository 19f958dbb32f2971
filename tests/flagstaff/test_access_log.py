"""The access log has a line without secrets for each request and WebSocket."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from flagstaff.access_log import AccessLog
from flagstaff.app import compose
from flagstaff.settings import Settings
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token
from tests.graph.subscribing import socket_to
from tests.server import TOKENS, ForkedServer

ACCESS = "flagstaff.access"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{tmp_path / 'flagstaff.db'}")
    yield opened
    await opened.close()


async def test_a_request_is_logged_with_the_ids_of_who_sent_it_and_without_its_query(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, ACCESS)
    async with store.write(SYSTEM) as work:
        client_token, client_secret = await create_token(work, name="a", type=ApiTokenType.CLIENT)
        admin_token, admin_secret = await create_token(work, name="b", type=ApiTokenType.ADMIN)
    app = compose(store, Settings(access_log=True))
    transport = httpx.ASGITransport(app, client=("10.1.2.3", 4))

    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.get(
            "/api/client/features?namePrefix=secret", headers={"Authorization": client_secret}
        )
        await client.post(
            "/graphql", json={"query": "{ __typename }"}, headers={"Authorization": admin_secret}
        )
        await client.get("/api/client/features", headers={"Authorization": "*:*.unknown"})

    ends = [r"200 \d+\.\d ms from 10\.1\.2\.3 with token " + client_token.id]
    ends += [r"200 \d+\.\d ms from 10\.1\.2\.3 with token " + admin_token.id]
    ends += [r"401 \d+\.\d ms from 10\.1\.2\.3 with token -"]
    starts = ["GET /api/client/features", "POST /graphql", "GET /api/client/features"]
    assert len(caplog.messages) == 3 + 1  # one line is a warning about the unknown token
    logged = [record.getMessage() for record in caplog.records if record.name == ACCESS]
    for line, start, end in zip(logged, starts, ends, strict=True):
        assert re.fullmatch(f"{start} {end}", line)


async def test_the_log_says_how_many_milliseconds_a_request_took(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, ACCESS)
    seconds = iter((1_000.0, 1_000.0125))
    monkeypatch.setattr("flagstaff.access_log.time.perf_counter", lambda: next(seconds))

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        pass

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        pass

    await AccessLog(answer)({"type": "http", "method": "GET", "path": "/x"}, receive, send)

    assert caplog.messages == ["GET /x - 12.5 ms from - with token -"]


@pytest.mark.thorough
def test_a_websocket_is_logged_when_it_ends(tmp_path: Path) -> None:
    async def connect(server: ForkedServer) -> None:
        async with socket_to(server) as opened:
            await opened.initialise()

    with ForkedServer(tmp_path, FLAGSTAFF_ACCESS_LOG="true", **TOKENS) as server:
        asyncio.run(connect(server))
        server.stop()

    (line,) = [line for line in server.log.splitlines() if "WEBSOCKET" in line]
    assert re.search(
        r"WEBSOCKET /graphql 101 \d+\.\d ms from 127\.0\.0\.1 with token \S{36}$", line
    )


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ({"type": "websocket.http.response.start", "status": 429}, "429"),
        ({"type": "websocket.close"}, "403"),
    ],
)
async def test_a_refused_websocket_is_logged_with_its_status(
    message: Message, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, ACCESS)

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await send(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        pass

    await AccessLog(refuse)({"type": "websocket", "path": "/graphql"}, receive, send)

    assert caplog.messages[0].startswith(f"WEBSOCKET /graphql {status} ")
