"""The database goes back to an older state while clients follow it on connections of their own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.test_database_file import back_up, create, features, wait_until
from tests.graph.subscribing import (
    SSE,
    Socket,
    newest_cursor,
    plain_client,
    sent_events,
    socket_to,
    stream_from,
)
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer, Server

DEADLINE_S = 60
GOING_AWAY = 1012
EVENTS = """subscription ($after: String) {
  events(after: $after) { cursor node { number subjectName } } }"""
CHANGES = "subscription { toggleChanged { toggle { name } } }"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "flagstaff.db"


@pytest.fixture
def server(tmp_path: Path, file: Path) -> Iterator[Server]:
    with ForkedServer(tmp_path, FLAGSTAFF_DATABASE_URL=f"sqlite:///{file}", **TOKENS) as running:
        yield running


def restore(server: Server, file: Path, backup: Path) -> None:
    """Put a backup with the toggle "kept" in the place of the database, and wait for it."""
    file.unlink()
    shutil.copy(backup, file)
    wait_until(lambda: features(server)[1] == ["kept"])
    wait_until(lambda: create(server, "after") == 201)


async def next_event(socket: Socket) -> Any:
    return (await socket.next())["events"]


async def sdk_events(answer: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    """Name and id of the events of a stream for SDKs."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        if name:
            fields[name] = value.strip()
        elif "event" in fields:
            yield fields["event"], fields.get("id", "")
            fields = {}


async def test_subscribers_are_told_to_begin_anew(server: Server, file: Path, tmp_path: Path):
    create(server, "kept")
    kept = newest_cursor(server)
    back_up(file, tmp_path / "backup.db")

    async with (
        asyncio.timeout(DEADLINE_S),
        socket_to(server) as events,
        socket_to(server) as changes,
        stream_from(server, SSE, EVENTS, after=kept) as streamed,
    ):
        await (await events.initialise()).subscribe("1", EVENTS, after=kept)
        await (await changes.initialise()).subscribe("1", CHANGES)
        await asyncio.to_thread(create, server, "lost")
        lost = await next_event(events)
        received = sent_events(streamed)
        assert (await anext(received))[1]["data"]["events"] == lost
        assert (await changes.next())["toggleChanged"]["toggle"]["name"] == "lost"
        await asyncio.to_thread(restore, server, file, tmp_path / "backup.db")
        codes = [(await it.close_code())[0] for it in (events, changes)]
        rest = [it async for it in received]

    assert codes == [GOING_AWAY, GOING_AWAY]
    assert rest == []
    async with socket_to(server) as again, asyncio.timeout(DEADLINE_S):
        await again.initialise()
        await again.subscribe("1", EVENTS, after=lost["cursor"])
        refused = await again.receive()
        await again.subscribe("2", EVENTS, after=kept)
        after = await next_event(again)
    assert refused["type"] == "error"
    assert refused["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert after["node"]["subjectName"] == "after"
    assert after["node"]["number"] > lost["node"]["number"]


async def test_the_streams_of_sdks_end_and_begin_with_everything(
    server: Server, file: Path, tmp_path: Path
):
    create(server, "kept")
    back_up(file, tmp_path / "backup.db")
    url, headers = f"{server.url}/api/client/streaming", {"Authorization": CLIENT_TOKEN}

    async with asyncio.timeout(DEADLINE_S), plain_client() as client:
        async with client.stream("GET", url, headers=headers) as answer:
            received = sdk_events(answer)
            await anext(received)
            await asyncio.to_thread(create, server, "lost")
            name, revision = await anext(received)
            await asyncio.to_thread(restore, server, file, tmp_path / "backup.db")
            rest = [it async for it in received]
        headers["Last-Event-ID"] = revision
        async with client.stream("GET", url, headers=headers) as answer:
            again = await anext(sdk_events(answer))

    assert name == "unleash-updated"
    assert rest == []
    assert again[0] == "unleash-connected"
    assert int(again[1]) > int(revision)
