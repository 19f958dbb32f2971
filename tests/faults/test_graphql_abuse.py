"""No request to `/graphql` breaks the server, holds it up, or gets more than a short answer."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor, wait

import graphql
import httpx
import pytest
from msgspec.structs import replace

from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.settings import Settings
from store import Store
from tests.faults.abuses import Abuse, abuses
from tests.server import ADMIN_TOKEN, Server

LARGEST_ANSWER = 128_000
# How many times as long as parsing a harmless document of the largest size, which takes some 70 ms,
# an abuse may hold up everybody else.
MOST_HELD_UP = 4
HARMLESS = "{ viewer { " + "canWrite " * 3_900 + "} }"

HEALTH_INTERVAL_S = 0.01
NONE_KEPT = httpx.Limits(max_keepalive_connections=0)

pytestmark = pytest.mark.slow


@pytest.fixture
async def client(sqlite_store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """The application in this process, asked with an admin token."""
    settings = Settings(init_admin_tokens=(ADMIN_TOKEN,))
    await provide_tokens(sqlite_store, settings)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(compose(sqlite_store, settings)),
        base_url="http://localhost",
        headers={"Authorization": ADMIN_TOKEN},
    ) as made:
        yield made


def test_every_abuse_is_answered_as_it_must_be_while_health_answers(server: Server) -> None:
    headers = {"Authorization": ADMIN_TOKEN}
    wrong: list[str] = []
    with (
        httpx.Client(base_url=server.url, headers=headers, timeout=60, verify=False) as abuser,
        # Connects anew each time: a connection that was held up too long may be closed as idle.
        httpx.Client(base_url=server.url, timeout=60, verify=False, limits=NONE_KEPT) as watcher,
        ThreadPoolExecutor(1) as beside,
    ):
        for abuse in abuses():
            sent = beside.submit(_send, abuser, abuse)
            while True:
                health = watcher.get("/health")
                assert health.status_code == 200, abuse.name
                if wait([sent], timeout=HEALTH_INTERVAL_S).done:
                    break
            wrong += _faults(abuse, sent.result())
        toggle = abuser.post("/graphql", json={"query": '{ toggle(name: "planted") { id } }'})

    assert wrong == []
    assert toggle.json() == {"data": {"toggle": None}}
    assert "Traceback" not in server.log


async def test_no_abuse_holds_up_others_for_long(client: httpx.AsyncClient) -> None:
    # As a server does: what earlier tests have left here is none of the abuses' garbage.
    gc.collect()
    gc.freeze()
    harmless_s = min(_parsing_s() for _ in range(3))
    held_up: dict[str, float] = {}

    for abuse in abuses():
        times = await _held_up(client, abuse) / harmless_s
        # A busy machine can make anything slow once.
        if times > MOST_HELD_UP:
            times = await _held_up(client, _retold(abuse)) / _parsing_s()
        held_up[abuse.name] = times

    assert {name: times for name, times in held_up.items() if times > MOST_HELD_UP} == {}


def _parsing_s() -> float:
    began = time.thread_time()
    graphql.parse(HARMLESS)
    return time.thread_time() - began


def _retold(abuse: Abuse) -> Abuse:
    """The same with another text, since what was made of a text is kept for the next time."""
    return replace(abuse, content=abuse.content.replace(b'"query": "', b'"query": " ', 1))


def _send(client: httpx.Client, abuse: Abuse) -> httpx.Response:
    return client.request(abuse.method, abuse.target, content=abuse.content, headers=abuse.headers)


def _faults(abuse: Abuse, response: httpx.Response) -> list[str]:
    """How an answer differs from what it must be."""
    errors = response.json().get("errors", [])
    codes = {error["extensions"]["code"] for error in errors}
    expected = {abuse.code} if abuse.code else set()
    faults: list[str] = []
    if (response.status_code, codes) != (abuse.status, expected):
        faults.append(f"{abuse.name}: {response.status_code} {codes}")
    if len(errors) > 20 or len(response.content) > LARGEST_ANSWER:
        faults.append(f"{abuse.name}: {len(errors)} errors in {len(response.content)} bytes")
    return faults


async def _held_up(client: httpx.AsyncClient, abuse: Abuse) -> float:
    """The longest time that the event loop was kept from others, in seconds of its processor time.

    Processor time, since other processes do not spoil it, and of this thread alone, since what runs
    beside the loop keeps nobody waiting.
    """
    longest, running = 0.0, True

    async def beat() -> None:
        nonlocal longest
        while running:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0)
    await client.request(abuse.method, abuse.target, content=abuse.content, headers=abuse.headers)
    running = False
    await beating
    return longest
