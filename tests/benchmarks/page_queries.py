"""Measure each page query of an admin frontend: milliseconds, SQL statements and bytes.

    python -m tests.benchmarks.page_queries [--postgresql] [NUMBER_OF_TOGGLES ...]

Each figure is the median of RUNS consecutive runs. Queries run through the ASGI application in this
process, and over HTTP on a server on the same machine. In this process, the time and the CPU time
are measured. Other processes hardly affect the CPU time. The number of applications is a tenth of
the number of toggles.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
from graphql import OperationType
from msgspec import Struct
from starlette.types import ASGIApp, Message

from graph.app import graphql_app
from graph.engine.run.config import GraphConfig
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token
from tests.filling import Size, fill
from tests.graph.pages import PAGES
from tests.operations import operations
from tests.postgresql import find_programs, running_cluster
from tests.server import ADMIN_TOKEN, TOKENS, Server
from tests.statements import counted_statements

DEFAULT_SIZES = (100, 1_000, 10_000)
WARM_UP = 3
RUNS = 21


class Figures(Struct):
    """The figures of one page."""

    statements: int
    kilobytes: float
    cpu_ms: float
    in_process_ms: float
    http_ms: float = 0


def page_bodies() -> Iterator[tuple[str, bytes]]:
    """The names and the requests of all page queries."""
    for name, operation in operations().items():
        if operation.type is OperationType.QUERY:
            body = {"query": operation.text, "variables": PAGES[name].variables}
            yield name, orjson.dumps(body)


async def ask(app: ASGIApp, token: str, body: bytes) -> bytes:
    """Return the answer to one request."""
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        parts.append(message.get("body", b""))

    headers = [(b"authorization", token.encode()), (b"content-type", b"application/json")]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": headers,
    }
    await app(scope, receive, send)
    return b"".join(parts)


async def measure_in_process(url: str) -> dict[str, Figures]:
    """Return the figures of all pages, except the figures over HTTP."""
    store = await Store.open(url)
    async with store.write(SYSTEM) as work:
        _, token = await create_token(work, name="benchmark", type=ApiTokenType.ADMIN)
    app = graphql_app(store, GraphConfig(operation_timeout_s=60))
    figures: dict[str, Figures] = {}
    for name, body in page_bodies():
        with counted_statements() as statements:
            answer = await ask(app, token, body)
        assert b'"errors":[{"message"' not in answer[:100], answer[:500]
        times: list[float] = []
        cpu: list[float] = []
        for _ in range(WARM_UP + RUNS):
            started, worked = time.perf_counter(), time.process_time()
            await ask(app, token, body)
            times.append((time.perf_counter() - started) * 1000)
            cpu.append((time.process_time() - worked) * 1000)
        figures[name] = Figures(
            statements=len(statements),
            kilobytes=len(answer) / 1000,
            cpu_ms=statistics.median(cpu[WARM_UP:]),
            in_process_ms=statistics.median(times[WARM_UP:]),
        )
    await store.close()
    return figures


def measure_over_http(server: Server, figures: dict[str, Figures]) -> None:
    """Add the times over HTTP. They are measured on one connection that stays open."""
    headers = {"Authorization": ADMIN_TOKEN, "Content-Type": "application/json"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        for name, body in page_bodies():
            times: list[float] = []
            for _ in range(WARM_UP + RUNS):
                started = time.perf_counter()
                response = client.post("/graphql", content=body)
                times.append((time.perf_counter() - started) * 1000)
                assert response.status_code == 200, response.text
            figures[name].http_ms = statistics.median(times[WARM_UP:])


def measure(url: str, toggles: int, folder: Path) -> dict[str, Figures]:
    """Fill the empty database at `url` to a size, and return all figures."""
    size = Size(toggles=toggles, applications=max(toggles // 10, 3), reference_data=50)
    asyncio.run(fill(url, size))
    figures = asyncio.run(measure_in_process(url))
    with Server(folder, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server:
        measure_over_http(server, figures)
    return figures


@contextmanager
def empty_databases(*, postgresql: bool, folder: Path) -> Iterator[Iterator[str]]:
    """Create the requested number of empty databases."""
    if not postgresql:
        yield (f"sqlite:///{folder / f'{number}.db'}" for number in range(100))
        return
    programs = find_programs()
    assert programs is not None, "PostgreSQL (initdb, pg_ctl) is not installed"
    with running_cluster(programs) as cluster:
        yield (cluster.new_database() for _ in range(100))


def main() -> None:
    """Measure and print a table."""
    postgresql = "--postgresql" in sys.argv
    sizes = [int(item) for item in sys.argv[1:] if item.isdigit()] or list(DEFAULT_SIZES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with empty_databases(postgresql=postgresql, folder=folder) as urls:
            measured = [measure(next(urls), size, folder) for size in sizes]
    print_table(sizes, measured)


def print_table(sizes: list[int], measured: list[dict[str, Figures]]) -> None:
    """Print one line for each page and one group of columns for each size."""
    print(f"| {'page':22} | SQL |" + "".join(f" {size:>16,} toggles |" for size in sizes))
    print(f"| {'':22} |     |" + f" {'CPU, clock, HTTP; KB':>24} |" * len(sizes))
    print(f"|{'-' * 24}|----:|" + f"{'-' * 25}:|" * len(sizes))
    for page in measured[0]:
        counts = sorted({figures[page].statements for figures in measured})
        cells = "".join(
            f" {figure.cpu_ms:5.1f} {figure.in_process_ms:6.1f} {figure.http_ms:6.1f}"
            f" {figure.kilobytes:6,.0f} |"
            for figure in (figures[page] for figures in measured)
        )
        print(f"| {page:22} | {'-'.join(map(str, counts)):>3} |{cells}")


if __name__ == "__main__":
    main()
