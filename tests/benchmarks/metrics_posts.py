"""Measure the cost of a metrics report of 20 toggles, from the ASGI call to the aggregated tables.

    python -m tests.benchmarks.metrics_posts [NUMBER_OF_REPORTS] [DATABASE_URL]

The cost is the CPU time of the whole process, including threads, with 64 concurrent reports. No
HTTP server runs. Without a URL, the database is a new SQLite file.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import AsgiApp, Message, Receive, Scope, Send
from rest_compat.sdk.bodies import Origin
from rest_compat.sdk.plain_usage import plain_usage_of
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token

TOGGLES = 20
INSTANCES = 50
CONCURRENCY = 64


def bodies(count: int) -> Iterator[bytes]:
    """Reports in the form of the Node SDK. Some reports have variants."""
    now = datetime.now(UTC)
    toggles: dict[str, Any] = {
        f"some-toggle-{number}": {"yes": number, "no": 2, "variants": {}}
        for number in range(TOGGLES)
    }
    toggles["some-toggle-1"]["variants"] = {"red": 3, "blue": 4}
    for number in range(count):
        stop = now + timedelta(milliseconds=number)
        yield orjson.dumps(
            {
                "appName": f"application-{number % 5}",
                "instanceId": f"instance-{number % INSTANCES}",
                "connectionId": "1d3f6cf1-6f4d-4f0b-9c33-9e1a8ae5a001",
                "sdkVersion": "unleash-node-sdk:6.12.1",
                "platformName": "node",
                "platformVersion": "22.1.0",
                "yggdrasilVersion": None,
                "specVersion": "5.2.0",
                "bucket": {"start": now, "stop": stop, "toggles": toggles},
            }
        )


async def nothing_else(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(f"{scope['path']} left the REST edge")


async def post(app: AsgiApp, token: str, body: bytes) -> int:
    """Send one report and return the status of the answer."""
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [
        (b"authorization", token.encode()),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"unleash-sdk", b"unleash-node-sdk:6.12.1"),
        (b"unleash-interval", b"60000"),
    ]
    path = "/api/client/metrics"
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode()}
    scope |= {"headers": headers, "query_string": b"", "client": ("10.0.0.1", 1)}
    await app(scope, receive, send)
    return status


async def measure(count: int, url: str) -> None:
    store = await Store.open(url)
    async with store.write(SYSTEM) as work:
        _, token = await create_token(work, name="benchmark", type=ApiTokenType.CLIENT)
    app = rest_app(store, RestConfig(), nothing_else)
    waiting = iter(list(bodies(count)))

    async def sender() -> None:
        for body in waiting:
            assert await post(app, token, body) == 202

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(sender() for _ in range(CONCURRENCY)))
    wall, posted = time.perf_counter() - wall, time.process_time()
    await store.aggregate_now()
    aggregated = time.process_time()
    counted = sum(len(store.usage.names_of(f"application-{number}")) for number in range(5))
    await store.close()
    print(f"{count} reports of {TOGGLES} toggles, {count / wall:.0f} a second")
    print(
        f"until the answer {(posted - cpu) / count * 1e6:.0f} µs of CPU each, with some aggregation"
    )
    print(f"with all aggregation {(aggregated - cpu) / count * 1e6:.0f} µs; {counted} usages")


def measure_parsing(count: int) -> None:
    origin = Origin(environment="default", received_at=datetime.now(UTC))
    prepared = list(bodies(count))
    start = time.process_time()
    for body in prepared:
        assert plain_usage_of(body, origin, receipt="") is not None
    print(f"only parsing and checking {(time.process_time() - start) / count * 1e6:.0f} µs")


if __name__ == "__main__":
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        default = f"sqlite:///{Path(folder) / 'flagstaff.db'}"
        asyncio.run(measure(reports, sys.argv[2] if len(sys.argv) > 2 else default))
    measure_parsing(reports)
