"""The people of a soak: an editor, admins who open pages, and subscribers to events."""

import asyncio
import json
import random
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.benchmarks.page_queries import page_bodies
from tests.benchmarks.soak.connections import Connection, GaveUpError
from tests.benchmarks.soak.record import Record
from tests.filling import toggle_name
from tests.graph.subscribing import PROTOCOL, Socket

EDIT_S = 4.0
PAGE_S = 2.0
IMPORTED = 300
EDITED = 10
SWITCH = """mutation ($name: String!, $enabled: Boolean!) {
  toggleSetEnabled(input: {name: $name, enabled: $enabled}) { errors { message } } }"""
EVENTS = """subscription ($after: String) {
  events(after: $after) { cursor node { number } } }"""


class Editor:
    """Switches one toggle after another. Toggles of `tests.filling` are on at the beginning."""

    def __init__(self, record: Record, connection: Connection) -> None:
        self._record = record
        self._connection = connection
        self._ended = False

    def end(self) -> None:
        """Stop switching toggles."""
        self._ended = True

    async def run(self) -> None:
        """Switch toggles until `end` is called."""
        for number in count():
            if self._ended:
                return
            enabled = number // EDITED % 2 == 1
            await self._switch(toggle_name(number % EDITED), enabled=enabled)
            await asyncio.sleep(EDIT_S * random.uniform(0.5, 1.5))

    async def _switch(self, name: str, *, enabled: bool) -> None:
        variables = {"name": name, "enabled": enabled}
        body = json.dumps({"query": SWITCH, "variables": variables}).encode()
        answer = await self._connection.send("edit", "POST", "/graphql", body=body)
        if json.loads(answer.body).get("data", {}).get("toggleSetEnabled") == {"errors": []}:
            kind = "TOGGLE_ENABLED" if enabled else "TOGGLE_DISABLED"
            self._record.changes[name, kind] += 1
        else:
            self._record.fault("edit", answer.body[:200])


def imported_name(number: int) -> str:
    """The name of an imported toggle."""
    return f"imported-{number:05}"


async def import_toggles(record: Record, connection: Connection) -> None:
    """Import new toggles with one request."""
    names = [imported_name(number) for number in range(IMPORTED)]
    features = [
        {"name": item, "enabled": True, "strategies": [{"name": "default"}]} for item in names
    ]
    body = json.dumps({"version": 1, "features": features}).encode()
    answer = await connection.send("import", "POST", "/api/admin/state/import", body=body)
    if answer.status == 202:
        record.changes.update((name, "TOGGLE_CREATED") for name in names)


class Admin:
    """Opens one page after another."""

    def __init__(self, record: Record, connection: Connection) -> None:
        self._record = record
        self._connection = connection

    async def run(self) -> None:
        """Open pages until cancelled."""
        pages = list(page_bodies())
        while True:
            await asyncio.sleep(PAGE_S * random.uniform(0.5, 1.5))
            name, body = random.choice(pages)
            with suppress(GaveUpError):
                answer = await self._connection.send("page", "POST", "/graphql", body=body)
                if b'"errors":[{"message"' in answer.body[:100]:
                    self._record.fault("page", f"{name} {answer.body[:200]!r}")


class Subscriber:
    """Subscribes to all events over WebSocket. Resumes after the last received event."""

    def __init__(self, record: Record, ports: Sequence[int], number: int, token: str) -> None:
        self.numbers: list[int] = []
        self._record = record
        self._ports = ports
        self._number = number
        self._token = token
        self._cursor: str | None = None

    def begin_after(self, cursor: str) -> None:
        """Receive the events after an event."""
        self._cursor = cursor

    async def run(self) -> None:
        """Subscribe until cancelled."""
        while True:
            try:
                await self._follow()
                self._record.fault("subscriber", "ended")
            except (OSError, EOFError, TimeoutError, WebSocketException) as error:
                self._record.fault("subscriber", type(error).__name__)
            self._number += 1
            await asyncio.sleep(random.uniform(0.5, 2.0))

    async def _follow(self) -> None:
        port = self._ports[self._number % len(self._ports)]
        url = f"ws://127.0.0.1:{port}/graphql"
        async with connect(url, subprotocols=[PROTOCOL], proxy=None) as opened:  # pyright: ignore
            socket = await Socket(opened).initialise(self._token)
            await socket.subscribe("1", EVENTS, after=self._cursor)
            async for text in opened:
                message = json.loads(text)
                if message["type"] == "ping":
                    await socket.send(type="pong")
                if message["type"] in ("complete", "error"):
                    return
                if message["type"] == "next":
                    edge = message["payload"]["data"]["events"]
                    self._cursor = edge["cursor"]
                    self.numbers.append(edge["node"]["number"])
