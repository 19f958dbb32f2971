"""A repeated poll gets the same response. The server does not call the application."""

import asyncio
import gzip
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from flagstaff.repeated_polls import may_repeat_polls
from flagstaff.settings import Settings
from store import Store
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.operations.tokens import revoke_token, update_token
from tests.flagstaff.repeated_polls.conftest import Clock
from tests.flagstaff.repeated_polls.polling import (
    DATE,
    FEATURES,
    Answer,
    Connection,
    Servers,
    poll,
    served,
    tag_of,
)
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer

DELTA = "/api/client/delta"


async def test_a_repeated_304_is_the_same_without_the_application(
    servers: Servers, client: Connection
) -> None:
    request = poll(if_none_match=await tag_of(client))
    first = await client.ask(request)
    servers.asked.clear()

    second, third = await client.ask(request), await client.ask(request)

    assert first.status == 304
    assert second.without_id == third.without_id == first.without_id
    assert len({first.request_id, second.request_id, third.request_id}) == 3
    assert not servers.asked


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("toggles", [0, 600], ids=["small", "above 64 kB"])
async def test_a_repeated_body_is_the_same_without_the_application(
    coding: str, toggles: int, store: Store, servers: Servers, client: Connection
) -> None:
    async with store.write(SYSTEM) as work:
        for number in range(toggles):
            await create_toggle(work, name=f"more-{number}")
    request = poll(accept_encoding=coding)
    first = await client.ask(request)
    servers.asked.clear()

    second, third = await client.ask(request), await client.ask(request)

    plain = gzip.decompress(first.body) if coding == "gzip" else first.body
    assert plain.count(b'"name":"') >= 20 + toggles
    assert (coding == "identity" and toggles > 0) == (len(first.body) > 65_536)
    assert second.without_id == third.without_id == first.without_id
    assert not servers.asked


async def test_the_head_of_a_body_in_pieces_has_its_length(
    store: Store, servers: Servers, client: Connection
) -> None:
    async with store.write(SYSTEM) as work:
        for number in range(600):
            await create_toggle(work, name=f"more-{number}")
    full = await client.ask(poll(accept_encoding="identity"))

    head = await client.ask(poll(method="HEAD", accept_encoding="identity"))
    again = await client.ask(poll(accept_encoding="identity"))

    assert len(full.body) == int(full.header("content-length")) > 65_536
    assert head.header("content-length") == full.header("content-length")
    assert head.header("etag") == full.header("etag")
    # The response to HEAD has no body, so the next response begins right after it.
    assert again.without_id == full.without_id


async def test_a_repeated_304_of_delta_mode_is_the_same_without_the_application(
    servers: Servers, client: Connection
) -> None:
    request = poll(DELTA, if_none_match=await tag_of(client, DELTA))
    first = await client.ask(request)
    servers.asked.clear()

    second = await client.ask(request)

    assert first.status == 304
    assert second.without_id == first.without_id
    assert not servers.asked


@pytest.mark.parametrize(
    "target", [DELTA, f"{FEATURES}/toggle-001", f"{FEATURES}?project=a%00", "/health", "/api"]
)
async def test_other_responses_are_not_repeated(
    target: str, servers: Servers, client: Connection
) -> None:
    await client.ask(poll(target))
    servers.asked.clear()

    await client.ask(poll(target))

    assert servers.asked.total() == 1


async def test_connections_share_the_recorded_answers(servers: Servers, client: Connection) -> None:
    first = await client.ask(poll())
    other = await servers.connect()
    servers.asked.clear()

    second = await other.ask(poll())

    assert second.without_id == first.without_id
    assert not servers.asked


async def test_a_repeated_answer_has_the_current_date(servers: Servers, client: Connection) -> None:
    first, _ = await client.ask(poll()), await client.ask(poll())
    later = DATE.replace(b"08", b"09")
    servers.state.default_headers = [(b"date", later)]

    second = await client.ask(poll())

    assert second.without_id.head == first.without_id.head.replace(DATE, later)


async def test_repeated_polls_are_counted_as_requests(servers: Servers, client: Connection) -> None:
    for _ in range(3):
        await client.ask(poll())

    assert servers.state.total_requests == 3


async def test_a_change_is_seen_by_the_next_poll(store: Store, client: Connection) -> None:
    request = poll(if_none_match=await tag_of(client))
    assert [(await client.ask(request)).status for _ in range(2)] == [304, 304]
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="new")

    answer = await client.ask(request)

    assert answer.status == 200
    assert b'"name":"new"' in answer.body


async def test_a_revoked_token_is_refused_at_the_next_poll(
    store: Store, client: Connection
) -> None:
    assert [(await client.ask(poll())).status for _ in range(2)] == [200, 200]
    (token,) = (each for each in store.snapshot.tokens.values() if each.name == "poller")
    async with store.write(SYSTEM) as work:
        await revoke_token(work, token.id)

    assert (await client.ask(poll())).status == 401


async def test_a_token_is_refused_once_it_has_expired(
    store: Store, store_clock: Clock, servers: Servers, client: Connection
) -> None:
    (token,) = (each for each in store.snapshot.tokens.values() if each.name == "poller")
    async with store.write(SYSTEM) as work:
        await update_token(work, token.id, expires_at=store_clock.now + timedelta(hours=1))
    assert [(await client.ask(poll())).status for _ in range(2)] == [200, 200]
    servers.asked.clear()

    store_clock.now += timedelta(minutes=59)
    before = await client.ask(poll())
    asked_before = servers.asked.total()
    store_clock.now += timedelta(minutes=1)
    after = await client.ask(poll())

    assert (before.status, asked_before) == (200, 0)
    assert after.status == 401


async def test_repeated_polls_use_the_token_at_most_once_a_minute(
    store: Store, store_clock: Clock, servers: Servers, client: Connection
) -> None:
    (token,) = (each for each in store.snapshot.tokens.values() if each.name == "poller")
    await client.ask(poll())
    first = store_clock.now
    loop_time = asyncio.get_running_loop().time()
    used: list[timedelta] = []

    for seconds in (30, 59, 60, 90, 119, 121, 1_000):
        store_clock.now = first + timedelta(seconds=seconds)
        assert servers.polls.answer(poll(), (), loop_time + seconds) is not None
        last = store.token_use.last_used_at(token.id)
        assert last is not None
        used.append(last - first)

    assert [use.total_seconds() for use in used] == [0, 0, 60, 60, 60, 121, 1_000]


async def test_a_token_that_others_used_meanwhile_is_used_again_a_minute_later(
    store: Store, store_clock: Clock, servers: Servers, client: Connection
) -> None:
    (token,) = (each for each in store.snapshot.tokens.values() if each.name == "poller")
    await client.ask(poll())
    first = store_clock.now
    store_clock.now = first + timedelta(seconds=70)
    await client.ask(poll(X_Other="1"))

    for seconds in (100, 131):
        store_clock.now = first + timedelta(seconds=seconds)
        assert servers.polls.answer(poll(), (), float(seconds)) is not None

    assert store.token_use.last_used_at(token.id) == first + timedelta(seconds=131)


async def test_an_open_client_api_needs_no_token(store: Store) -> None:
    async with served(store, Settings(client_api="open")) as servers:
        client = await servers.connect()
        first = await client.ask(poll(headers={"Host": "x"}))
        second = await client.ask(poll(headers={"Host": "x"}))

    assert first.status == 200
    assert second.without_id == first.without_id
    assert servers.asked.total() == 1


@pytest.mark.parametrize(
    ("settings", "repeats"),
    [
        (Settings(), True),
        (Settings(frontend_origins=("https://a.example",)), True),
        (Settings(trusted_proxies=("127.0.0.1",)), True),
        (Settings(access_log=True), False),
        (Settings(cors_origins=("https://a.example",)), False),
        (Settings(cors_origins=("*",)), False),
        (Settings(auth="none"), False),
    ],
)
def test_polls_are_not_repeated_where_each_request_is_checked_or_logged(
    settings: Settings, repeats: bool
) -> None:
    assert may_repeat_polls(settings) is repeats


async def poll_thrice(server: ForkedServer) -> tuple[list[Answer], bytes]:
    """Poll over one connection, then stop the server. Return the answers and all later data."""
    port = int(server.url.rpartition(":")[2])
    client = Connection(*await asyncio.open_connection("127.0.0.1", port))
    request = poll(Authorization=CLIENT_TOKEN, X_Forwarded_For="10.0.0.1")
    answers = [await client.ask(request) for _ in range(3)]
    server.send(signal.SIGTERM)
    rest = await client.rest()
    await client.close()
    return answers, rest


@pytest.mark.thorough
@pytest.mark.parametrize("setting", [{}, {"FLAGSTAFF_TRUSTED_PROXIES": "127.0.0.1"}])
def test_a_server_stops_at_once_after_repeated_polls(
    tmp_path: Path, setting: dict[str, str]
) -> None:
    with ForkedServer(tmp_path, **TOKENS, **setting) as server:
        answers, rest = asyncio.run(poll_thrice(server))
        ended = server.wait()

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert answers[1].header("date")
    assert rest == b""
    assert ended == 0


@pytest.mark.thorough
def test_the_access_log_has_each_poll(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, FLAGSTAFF_ACCESS_LOG="true", **TOKENS) as server:
        asyncio.run(poll_thrice(server))
        server.wait()

    assert server.log.count(f"GET {FEATURES} 200") == 3
