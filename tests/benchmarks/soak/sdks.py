"""The SDKs and browsers of a soak. They poll, request changes, follow a stream or evaluate."""

import asyncio
import json
import random
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Raw, Struct

from tests.benchmarks.soak.connections import Connection, GaveUpError
from tests.benchmarks.soak.record import Record
from tests.filling import toggle_name

POLL_S = 15.0
REPORT_S = 60.0
APPLICATIONS = 20


class Client(ABC):
    """A client that runs until cancelled. It must have the newest features at the end."""

    @abstractmethod
    async def run(self) -> None:
        """Work periodically, starting at a random time in the interval."""

    @abstractmethod
    def held(self) -> object:
        """The features of the SDK, for a comparison with the server's features."""


class Poller(Client):
    """Polls `/api/client/features` with the ETag of the last answer."""

    def __init__(self, record: Record, connection: Connection) -> None:
        self._record = record
        self._connection = connection
        self._etag = ""

    async def run(self) -> None:
        await asyncio.sleep(random.uniform(0, POLL_S))
        while True:
            headers = f"If-None-Match: {self._etag}\r\n" if self._etag else ""
            headers += "Accept-Encoding: gzip\r\n"
            answer = await self._connection.send(
                "poll", "GET", "/api/client/features", headers=headers
            )
            if answer.status == 200:
                self._etag = answer.etag
            await asyncio.sleep(POLL_S * random.uniform(0.9, 1.1))

    def held(self) -> object:
        return self._etag


class Reporter:
    """Reports the counts of an instance until stopped. Each report is acknowledged."""

    def __init__(self, record: Record, connection: Connection, number: int, toggles: int) -> None:
        self._record = record
        self._connection = connection
        self._number = number
        self._toggles = toggles
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Stop sending new reports."""
        self._ended.set()

    async def run(self) -> None:
        """Report at intervals."""
        wait_s = random.uniform(0, REPORT_S)
        while True:
            try:
                async with asyncio.timeout(wait_s):
                    await self._ended.wait()
                return
            except TimeoutError:
                await self._report()
            wait_s = REPORT_S * random.uniform(0.9, 1.1)

    async def _report(self) -> None:
        now = datetime.now(UTC)
        used = {
            toggle_name(random.randrange(self._toggles)): {
                "yes": random.randint(0, 9),
                "no": random.randint(0, 9),
            }
            for _ in range(3)
        }
        report = {
            "appName": f"soak-{self._number % APPLICATIONS:02}",
            "instanceId": f"instance-{self._number:04}",
            "bucket": {
                "start": (now - timedelta(seconds=REPORT_S)).isoformat(),
                "stop": now.isoformat(),
                "toggles": used,
            },
        }
        try:
            answer = await self._connection.send(
                "report", "POST", "/api/client/metrics", body=json.dumps(report).encode()
            )
        except GaveUpError:
            self._record.unknown += 1
            return
        if answer.status == 202:
            self._record.reports += 1
            self._record.yes.update({name: item["yes"] for name, item in used.items()})
            self._record.no.update({name: item["no"] for name, item in used.items()})


class _Change(Struct, rename="camel"):
    type: str
    features: list[Raw] = []
    feature: Raw = Raw(b"")
    feature_name: str = ""


class _Message(Struct):
    events: list[_Change]


class _Named(Struct):
    name: str


_message = msgspec.json.Decoder(_Message)
_named = msgspec.json.Decoder(_Named)


class Features:
    """The hashes of features by name, after all events so far."""

    def __init__(self) -> None:
        self.by_name: dict[str, int] = {}

    def apply(self, message: bytes) -> None:
        """Apply the events of a message."""
        for event in _message.decode(message).events:
            if event.type == "hydration":
                self.by_name.clear()
                for feature in event.features:
                    self._put(feature)
            elif event.type == "feature-updated":
                self._put(event.feature)
            elif event.type == "feature-removed":
                self.by_name.pop(event.feature_name, None)

    def _put(self, feature: Raw) -> None:
        self.by_name[_named.decode(feature).name] = hash(bytes(feature))


class DeltaPoller(Client):
    """Polls `/api/client/delta` for changes."""

    def __init__(self, record: Record, connection: Connection) -> None:
        self._connection = connection
        self._etag = ""
        self._features = Features()

    async def run(self) -> None:
        await asyncio.sleep(random.uniform(0, POLL_S))
        while True:
            await self.poll()
            await asyncio.sleep(POLL_S * random.uniform(0.9, 1.1))

    async def poll(self) -> None:
        """Poll once."""
        headers = f"If-None-Match: {self._etag}\r\n" if self._etag else ""
        answer = await self._connection.send("delta", "GET", "/api/client/delta", headers=headers)
        if answer.status == 200:
            self._features.apply(answer.body)
            self._etag = answer.etag

    def held(self) -> object:
        return self._features.by_name


class Follower(Client):
    """Follows `/api/client/streaming`. When the stream ends, the client resumes."""

    def __init__(self, record: Record, connection: Connection) -> None:
        self._record = record
        self._connection = connection
        self._features = Features()
        self._last = ""

    async def run(self) -> None:
        while True:
            try:
                events = self._connection.stream("/api/client/streaming", self._last)
                async for id, data in events:
                    self._last = id or self._last
                    self._features.apply(data)
            except (OSError, EOFError, TimeoutError) as error:
                self._record.fault("stream", type(error).__name__)
            await asyncio.sleep(random.uniform(1.0, 3.0))

    def held(self) -> object:
        return self._features.by_name


class Browser(Client):
    """Fetches `/api/frontend` for one user."""

    def __init__(self, record: Record, connection: Connection, number: int) -> None:
        self._connection = connection
        self.path = f"/api/frontend?appName=shop&userId=user-{number}&sessionId={number}"
        self._etag = ""
        self._toggles: Any = None

    async def run(self) -> None:
        await asyncio.sleep(random.uniform(0, POLL_S))
        while True:
            await self.poll()
            await asyncio.sleep(POLL_S * random.uniform(0.9, 1.1))

    async def poll(self) -> None:
        """Fetch once."""
        headers = f"If-None-Match: {self._etag}\r\n" if self._etag else ""
        answer = await self._connection.send("browser", "GET", self.path, headers=headers)
        if answer.status == 200:
            self._etag = answer.etag
            self._toggles = json.loads(answer.body)["toggles"]

    def held(self) -> object:
        return self._toggles


async def watch_health(record: Record, connection: Connection) -> None:
    """Request `/health` five times a second until cancelled."""
    while True:
        await connection.send("health", "GET", "/health")
        await asyncio.sleep(0.2)
