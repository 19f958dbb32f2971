"""Kill a primary and its readers under load, and compare acknowledged reports with counted ones.

    python -m tests.faults.readers [--readers 3] [--streams 60] [--away-s 30] [--kills 5] [--seed 1]

Applications first stream toggles from the primary, for comparison. Then they stream toggles from
the readers, poll them and report usage to them. The primary is killed and is away for some seconds.
Then the readers are killed, one at a time, at random moments. The program exits with 1 if a stream
ends or a request fails while the primary is away, if a change does not reach all streams, or if the
primary counts more or less than the readers acknowledged.
"""

import asyncio
import json
import random
import socket
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer, Server

TOGGLE = "checkout"
FEATURES = "/api/admin/projects/default/features"
REPORT_INTERVAL_S = 0.2
SETTLED_S = 90.0
CHANGES = 5


class Applications:
    """The applications of one reader: streams of toggles, polls and reports."""

    def __init__(self, name: str, url: str, streams: int) -> None:
        self.name = name
        self.url = url
        self.acknowledged = 0
        # Reports without an answer. The reader may or may not have stored them.
        self.unknown = 0
        self.failures: Counter[str] = Counter()
        self.ended_streams = 0
        # The state of the toggle in each stream, with the time of its arrival.
        self.seen: list[tuple[bool | None, float]] = [(None, 0.0)] * streams
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"authorization": CLIENT_TOKEN},
            timeout=httpx.Timeout(10, read=60),
            limits=httpx.Limits(max_connections=None),
            verify=False,
        )
        self._tasks = [asyncio.create_task(self._stream(number)) for number in range(streams)]
        self._tasks.append(asyncio.create_task(self._poll()))
        self._reporting = asyncio.create_task(self._report())
        self._closing = False

    async def close(self) -> None:
        """End all requests, and wait for the answer to the last report."""
        self._closing = True
        await self._reporting
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def have_seen(self, enabled: bool) -> bool:
        """Whether all streams have got this state of the toggle."""
        return all(state is enabled for state, _ in self.seen)

    async def _stream(self, number: int) -> None:
        while True:
            with suppress(httpx.HTTPError):
                async with self._client.stream("GET", "/api/client/streaming") as response:
                    async for line in response.aiter_lines():
                        if line.startswith("data: {"):
                            self._take(number, json.loads(line.removeprefix("data: ")))
            self.ended_streams += 1
            await asyncio.sleep(0.2)

    def _take(self, number: int, message: Any) -> None:
        for event in message["events"]:
            features = event.get("features") or [event.get("feature") or {}]
            for feature in features:
                if feature.get("name") == TOGGLE:
                    self.seen[number] = feature["enabled"], time.monotonic()

    async def _report(self) -> None:
        while not self._closing:
            # Each report has another time, because equal reports are counted once.
            now = datetime.now(UTC).isoformat()
            bucket = {"start": now, "stop": now, "toggles": {TOGGLE: {"yes": 1, "no": 0}}}
            body = {"appName": self.name, "instanceId": "one", "bucket": bucket}
            try:
                answer = await self._client.post("/api/client/metrics", json=body)
            except httpx.HTTPError as error:
                self.unknown += 1
                self.failures[f"report: {type(error).__name__}"] += 1
            else:
                self.acknowledged += answer.status_code == 202
                if answer.status_code != 202:
                    self.failures[f"report: {answer.status_code}"] += 1
            await asyncio.sleep(REPORT_INTERVAL_S)

    async def _poll(self) -> None:
        while True:
            try:
                answer = await self._client.get("/api/client/features")
                if answer.status_code != 200:
                    self.failures[f"poll: {answer.status_code}"] += 1
            except httpx.HTTPError as error:
                self.failures[f"poll: {type(error).__name__}"] += 1
            await asyncio.sleep(REPORT_INTERVAL_S)


class Trial:
    """A primary, its readers and their applications."""

    def __init__(self, primary: Server, readers: Sequence[Server], options: Namespace) -> None:
        self.primary = primary
        self.readers = readers
        self.problems: list[str] = []
        self._options = options
        self._chance = random.Random(options.seed)

    async def run(self) -> None:
        """Run all parts, and collect the problems."""
        streams = self._options.streams // len(self.readers)
        direct = Applications("direct", self.primary.url, streams * len(self.readers))
        await self._measure_changes([direct])
        await direct.close()
        async with AsyncExitStack() as stack:
            applications: list[Applications] = []
            for number, reader in enumerate(self.readers, 1):
                each = Applications(f"app-{number}", reader.url, streams)
                stack.push_async_callback(each.close)
                applications.append(each)
            await self._change(applications, False)
            await self._measure_changes(applications)
            await self._lose_primary(applications)
            await self._change(applications, False)
            await self._kill_readers(applications)
        await self._compare(applications)

    async def _measure_changes(self, applications: list[Applications]) -> None:
        took = [await self._change(applications, number % 2 == 0) for number in range(CHANGES)]
        times = ", ".join(f"{1_000 * seconds:.0f} ms" for seconds in took)
        streams = sum(len(each.seen) for each in applications)
        servers = "the primary" if applications[0].url == self.primary.url else "readers"
        print(f"changes reach the last of {streams} streams of {servers} after {times}")

    async def _change(self, applications: list[Applications], enabled: bool) -> float:
        """Switch the toggle, and return the time until the last stream has the new state.

        If the toggle already has the state, wait until the streams know it.
        """
        began = time.monotonic()
        switch = "on" if enabled else "off"
        path = f"{FEATURES}/{TOGGLE}/environments/default/{switch}"
        await asyncio.to_thread(self.primary.request, "POST", path)
        deadline = began + SETTLED_S
        while not all(each.have_seen(enabled) for each in applications):
            if time.monotonic() > deadline:
                self.problems.append(f"the state {switch} has not reached all streams")
                break
            await asyncio.sleep(0.01)
        return max(at for each in applications for _, at in each.seen) - began

    async def _lose_primary(self, applications: list[Applications]) -> None:
        before = [(each.ended_streams, Counter(each.failures)) for each in applications]
        await asyncio.to_thread(self.primary.kill)
        await asyncio.sleep(self._options.away_s)
        for each, (ended, failures) in zip(applications, before, strict=True):
            if each.ended_streams != ended or each.failures != failures:
                self.problems.append(
                    f"{each.name} noticed: {each.ended_streams - ended} streams ended, "
                    f"{dict(each.failures - failures)}"
                )
        await asyncio.to_thread(self.primary.start)
        print(f"the primary was away for {self._options.away_s} s")

    async def _kill_readers(self, applications: list[Applications]) -> None:
        for _ in range(self._options.kills):
            reader = self._chance.choice(self.readers)
            await asyncio.sleep(self._chance.uniform(0.2, 3.0))
            await asyncio.to_thread(reader.kill)
            await asyncio.to_thread(reader.start)
        lost = sum(each.unknown for each in applications)
        print(f"{self._options.kills} kills of readers left {lost} reports without an answer")

    async def _compare(self, applications: list[Applications]) -> None:
        for each in applications:
            expected = range(each.acknowledged, each.acknowledged + each.unknown + 1)
            counted = -1
            deadline = time.monotonic() + SETTLED_S
            while counted not in expected and time.monotonic() < deadline:
                await asyncio.sleep(1)
                counted = await asyncio.to_thread(self._count, each.name)
            # A report that is counted twice may arrive later.
            await asyncio.sleep(3)
            counted = await asyncio.to_thread(self._count, each.name)
            print(f"{each.name}: {each.acknowledged} acknowledged, {counted} counted")
            if counted not in expected:
                self.problems.append(f"{each.name}: {counted} counted, not in {expected}")

    def _count(self, app_name: str) -> int:
        path = f"/api/admin/client-metrics/features/{TOGGLE}/raw"
        rows = self.primary.request("GET", path, params={"hoursBack": "48"}).json()["data"]
        return sum(row["yes"] for row in rows if row["appName"] == app_name)


def free_port() -> int:
    """Return a port that is free at the moment. The primary keeps its port after a restart."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def main() -> int:
    """Run the trial, print the results and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.faults.readers", description=__doc__)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--streams", type=int, default=60, help="streams of all readers together")
    parser.add_argument("--away-s", type=float, default=30, help="how long the primary is away")
    parser.add_argument("--kills", type=int, default=5, help="how many kills of readers")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flagstaff-readers-") as name, ExitStack() as stack:
        folders = [Path(name) / str(number) for number in range(options.readers + 1)]
        for folder in folders:
            folder.mkdir()
        port = str(free_port())
        primary = stack.enter_context(ForkedServer(folders[0], "--port", port, **TOKENS))
        primary.request("POST", FEATURES, json={"name": TOGGLE})
        readers = [
            stack.enter_context(
                ForkedServer(
                    folder,
                    "--reader",
                    "--port",
                    str(free_port()),
                    FLAGSTAFF_UPSTREAM=primary.url,
                    FLAGSTAFF_UPSTREAM_TOKENS=CLIENT_TOKEN,
                )
            )
            for folder in folders[1:]
        ]
        trial = Trial(primary, readers, options)
        asyncio.run(trial.run())
    for problem in trial.problems:
        print(problem)
    return 1 if trial.problems else 0


if __name__ == "__main__":
    sys.exit(main())
