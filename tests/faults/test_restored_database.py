"""The database is restored to an older state while clients follow it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Protocol

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
from tests.postgresql import Cluster
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer, Server

DEADLINE_S = 60
GOING_AWAY = 1012
EVENTS = """subscription ($after: String) {
  events(after: $after) { cursor node { number subjectName } } }"""
CHANGES = "subscription { toggleChanged { toggle { name } } }"


class Installation(Protocol):
    """A server whose database can go back to an older state."""

    server: Server

    def back_up(self) -> None:
        """Copy the database."""
        ...

    def restore(self) -> None:
        """Replace the database with the copy."""
        ...


class SqliteInstallation:
    def __init__(self, server: Server, file: Path) -> None:
        self.server = server
        self._file = file
        self._backup = file.with_name("backup.db")

    def back_up(self) -> None:
        back_up(self._file, self._backup)

    def restore(self) -> None:
        self._file.unlink()
        shutil.copy(self._backup, self._file)


class PostgresqlInstallation:
    def __init__(self, server: Server, cluster: Cluster, url: str) -> None:
        self.server = server
        self._cluster = cluster
        self._url = url
        self._backup = ""

    def back_up(self) -> None:
        self._backup = self._cluster.back_up(self._url)
        # The name is in use, so the server answers 409 once it has connected to the database again.
        wait_until(lambda: create(self.server, "kept") == 409)

    def restore(self) -> None:
        self._cluster.restore(self._url, self._backup)


@pytest.fixture
def installation(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    folder = tmp_path / "data"
    folder.mkdir()
    url = request.getfixturevalue("new_database")(database, folder)
    with ForkedServer(tmp_path, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server:
        if database == "sqlite":
            yield SqliteInstallation(server, Path(url.removeprefix("sqlite:///")))
        else:
            yield PostgresqlInstallation(server, request.getfixturevalue("cluster"), url)


def restore(installation: Installation) -> None:
    """Restore the backup with the toggle "kept". Wait until the toggle is served and can change."""
    server = installation.server
    installation.restore()
    wait_until(lambda: features(server)[1] == ["kept"])
    wait_until(lambda: create(server, "after") == 201)


async def next_event(socket: Socket) -> Any:
    return (await socket.next())["events"]


async def sdk_events(answer: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    """The name and the ID of each event in a stream for SDKs."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        if name:
            fields[name] = value.strip()
        elif "event" in fields:
            yield fields["event"], fields.get("id", "")
            fields = {}


async def test_subscribers_must_start_over(installation: Installation):
    server = installation.server
    create(server, "kept")
    newest = newest_cursor(server)
    await asyncio.to_thread(installation.back_up)

    async with (
        asyncio.timeout(DEADLINE_S),
        socket_to(server) as events,
        socket_to(server) as changes,
        stream_from(server, SSE, EVENTS, after=newest) as streamed,
    ):
        await (await events.initialise()).subscribe("1", EVENTS, after=newest)
        await (await changes.initialise()).subscribe("1", CHANGES)
        await asyncio.to_thread(create, server, "lost")
        lost = await next_event(events)
        received = sent_events(streamed)
        assert (await anext(received))[1]["data"]["events"] == lost
        assert (await changes.next())["toggleChanged"]["toggle"]["name"] == "lost"
        await asyncio.to_thread(restore, installation)
        codes = [(await item.close_code())[0] for item in (events, changes)]
        rest = [item async for item in received]

    assert codes == [GOING_AWAY, GOING_AWAY]
    assert rest == []
    async with socket_to(server) as again, asyncio.timeout(DEADLINE_S):
        await again.initialise()
        await again.subscribe("1", EVENTS, after=lost["cursor"])
        refused = await again.receive()
        await again.subscribe("2", EVENTS, after=newest)
        after = await next_event(again)
    assert refused["type"] == "error"
    assert refused["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert after["node"]["subjectName"] == "after"
    assert after["node"]["number"] > lost["node"]["number"]


@pytest.mark.thorough
async def test_the_streams_of_sdks_end_and_begin_with_everything(installation: Installation):
    server = installation.server
    create(server, "kept")
    await asyncio.to_thread(installation.back_up)
    url, headers = f"{server.url}/api/client/streaming", {"Authorization": CLIENT_TOKEN}

    async with asyncio.timeout(DEADLINE_S), plain_client() as client:
        async with client.stream("GET", url, headers=headers) as answer:
            received = sdk_events(answer)
            await anext(received)
            await asyncio.to_thread(create, server, "lost")
            name, revision = await anext(received)
            await asyncio.to_thread(restore, installation)
            rest = [item async for item in received]
        headers["Last-Event-ID"] = revision
        async with client.stream("GET", url, headers=headers) as answer:
            again = await anext(sdk_events(answer))

    assert name == "unleash-updated"
    assert rest == []
    assert again[0] == "unleash-connected"
    assert int(again[1]) > int(revision)
