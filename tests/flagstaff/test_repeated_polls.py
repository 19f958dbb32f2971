"""A repeated poll gets the same response. The server does not call the application."""

import asyncio
import gc
import gzip
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
import pytest_asyncio

from flagstaff import repeated_polls
from flagstaff.repeated_polls import RepeatedPolls, may_repeat_polls
from flagstaff.settings import Settings
from store import Store
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.operations.tokens import revoke_token, update_token
from tests.flagstaff.polling import (
    DATE,
    HEADERS,
    Answer,
    Connection,
    Servers,
    add_client,
    poll,
    served,
)
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer

FEATURES = "/api/client/features"
DELTA = "/api/client/delta"
# The server receives sent data within this time, because it runs on the same event loop.
ARRIVE_S = 0.05


class Clock:
    """A clock that tests set forward."""

    def __init__(self) -> None:
        self.now = datetime(2040, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def store_clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(loop_scope="module")
async def servers(store: Store) -> AsyncIterator[Servers]:
    await add_client(store)
    async with served(store) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def client(servers: Servers) -> Connection:
    return await servers.connect()


async def tag_of(client: Connection, target: str = FEATURES, **more: Any) -> str:
    return (await client.ask(poll(target, **more))).header("etag")


def ends(answer: Answer) -> bool:
    return b"\r\nconnection: close\r\n" in answer.head


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


async def test_pieces_that_answers_share_count_once(
    store: Store, servers: Servers, client: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.write(SYSTEM) as work:
        for number in range(600):
            await create_toggle(work, name=f"more-{number}")
    body = (await client.ask(poll(accept_encoding="identity"))).body
    monkeypatch.setattr(repeated_polls, "MAX_BYTES", 2 * len(body))

    for number in range(5):
        await client.ask(poll(accept_encoding="identity", X_Number=str(number)))

    answers = recorded(store).values()
    assert len(answers) == 6
    assert all(len(answer.body) > 3 for answer in answers)
    assert len({id(piece) for answer in answers for piece in answer.body}) == len(
        next(iter(answers)).body
    )


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


# The response to `poll()` is recorded. Each of these requests differs from `poll()` and needs
# another response.
DIFFERENT = {
    "HEAD": poll(method="HEAD"),
    "POST": poll(method="POST"),
    "HTTP/1.0": poll(version="1.0"),
    "HTTP/1.0 that stays open": poll(version="1.0", Connection="keep-alive"),
    "HTTP/1.2": poll(version="1.2"),
    "the connection closes": poll(Connection="close"),
    "an unknown token": poll(Authorization="*:default.unknown"),
    "no token": poll(headers={"Host": "x"}),
    "no host": poll(headers={"Authorization": HEADERS["Authorization"]}),
    "a query": poll(f"{FEATURES}?namePrefix=toggle-01"),
    "a wrong query": poll(f"{FEATURES}?tag=x"),
    "a slash": poll(f"{FEATURES}/"),
    "another path": poll(f"{FEATURES}x"),
    "a specification": poll(Unleash_Client_Spec="5.2.0"),
    "a wrong specification": poll(Unleash_Client_Spec="new"),
    "another header": poll(X_More="1"),
    "another case": poll().replace(b"UNLEASH-APPNAME", b"unleash-appname"),
    "a request ID": poll(X_Request_Id="mine"),
    "a trace": poll(traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    "an empty body": poll(Content_Length="0"),
    "an ignored upgrade": poll(Connection="Upgrade", Upgrade="h2c"),
    "an expectation": poll(Expect="100-continue"),
    "an empty line first": b"\r\n" + poll(),
    "bare line feeds": poll().replace(b"\r\n", b"\n"),
    "a NUL": poll().replace(b"shop", b"sh\0p"),
    "an absolute target": poll(f"http://x{FEATURES}"),
    "all is well": poll(Accept="application/json"),
}


@pytest.mark.parametrize("request_", DIFFERENT.values(), ids=DIFFERENT)
async def test_a_request_that_differs_is_answered_as_on_the_long_way(
    request_: bytes, servers: Servers
) -> None:
    fast, long = await servers.connect(), await servers.connect(fast=False)
    await fast.ask(poll())
    head_only = request_.startswith(b"HEAD ")

    for _ in range(3):
        await fast.send(request_)
        await long.send(request_)
        answer = await fast.read(head_only=head_only)
        expected = await long.read(head_only=head_only)
        assert answer.without_id == expected.without_id
        if ends(expected):
            assert await fast.rest() == await long.rest() == b""
            fast, long = await servers.connect(), await servers.connect(fast=False)

    # No data of earlier requests is stored any more.
    assert (await fast.ask(poll())).without_id == (await long.ask(poll())).without_id


async def test_a_body_is_not_taken_for_a_request(servers: Servers, client: Connection) -> None:
    body = poll()
    request = poll(Content_Length=str(len(body)))
    await client.ask(poll())

    # The answer does not wait for the body.
    for _ in range(3):
        assert (await client.ask(request)).status == 200
        await client.send(body)
        await asyncio.sleep(ARRIVE_S)
    last = await client.ask(poll(X_Request_Id="last"))

    assert last.request_id == "last"


async def test_the_rest_of_a_head_is_not_taken_for_a_request(
    servers: Servers, client: Connection
) -> None:
    long = await servers.connect(fast=False)
    await client.ask(poll())
    answers: list[Answer] = []

    for connection in (client, long):
        await connection.send(b"GET /health HTTP/1.1\r\nX-Rest: ")
        await asyncio.sleep(ARRIVE_S)
        answers.append((await connection.ask(poll())).without_id)

    assert answers[0] == answers[1]
    assert answers[0].body == b'{"health":"GOOD"}'


async def test_a_poll_waits_until_earlier_requests_are_answered(
    store: Store, servers: Servers, client: Connection
) -> None:
    await client.ask(poll())
    await client.send(poll("/api/client/streaming"))
    assert b"event: unleash-connected" in await client.read_until(b"\n\n")

    await client.send(poll())
    await asyncio.sleep(ARRIVE_S)
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="new")

    assert b"HTTP/1.1" not in await client.read_until(b"unleash-updated")


async def test_a_request_in_parts_is_answered_once_it_is_complete(
    servers: Servers, client: Connection
) -> None:
    request = poll()
    first = await client.ask(request)

    for end in range(1, len(request)):
        await client.send(request[:end])
        await asyncio.sleep(0)
        assert (await client.ask(request[end:])).without_id == first.without_id

    assert (await client.ask(request)).without_id == first.without_id


async def test_pipelined_requests_are_answered_in_order(
    servers: Servers, client: Connection
) -> None:
    tag = await tag_of(client)
    requests = [poll(), poll(if_none_match=tag), poll(X_Request_Id="a"), poll("/health"), poll()]
    expected = [(await client.ask(request)).without_id for request in requests]

    await client.send(b"".join(requests))
    together = [(await client.read()).without_id for _ in requests]
    for request in requests:
        # Some requests arrive while another request is being answered. Other requests arrive after
        # the answer.
        await client.send(request)
    apart = [(await client.read()).without_id for _ in requests]
    await client.send(requests[0] + requests[1][:30])
    first = await client.read()
    await client.send(requests[1][30:])

    assert together == apart == expected
    assert first.without_id == expected[0]
    assert (await client.read()).without_id == expected[1]


@pytest.mark.thorough
async def test_a_client_that_reads_late_gets_all_answers_in_order(
    store: Store, servers: Servers, client: Connection
) -> None:
    await add_toggles(store, 2_000)
    tag = await tag_of(client)
    requests = [poll(), poll(if_none_match=tag)]
    expected = [(await client.ask(request)).without_id for request in requests]
    servers.asked.clear()

    # The responses are larger than the buffers of the kernel.
    for _ in range(40):
        for request in requests:
            await client.send(request)
            await asyncio.sleep(0.001)
    answers = [(await client.read()).without_id for _ in range(80)]

    assert answers == expected * 40
    # While the client did not read, the requests had to wait.
    assert 0 < servers.asked.total() < 80


async def add_toggles(store: Store, number: int, *, prefix: str = "more") -> None:
    async with store.write(SYSTEM) as work:
        for index in range(number):
            await create_toggle(work, name=f"{prefix}-{index}")


async def test_a_head_beyond_the_limit_is_refused_after_repeated_polls(
    servers: Servers, client: Connection
) -> None:
    for _ in range(200):  # all empty lines together exceed the maximum size of a head
        assert (await client.ask(poll())).status == 200

    assert (await client.ask(poll(X_More="x" * 32_768))).status == 431


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


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that tests reach quickly."""
    monkeypatch.setattr(repeated_polls, "MAX_ANSWERS", 10)
    monkeypatch.setattr(repeated_polls, "MAX_BYTES", 20_000)
    monkeypatch.setattr(repeated_polls, "MAX_BODY_BYTES", 15_000)


def recorded(store: Store) -> dict[bytes, repeated_polls.Answer]:
    """The recorded answers at the newest snapshot."""
    answers: repeated_polls.Answers | None = store.snapshot.memo.get(RepeatedPolls)
    return {} if answers is None else answers.by_request


@pytest.mark.usefixtures("few")
async def test_a_limited_number_of_answers_is_recorded(
    store: Store, servers: Servers, client: Connection
) -> None:
    tag = await tag_of(client, X_Number="first")

    for number in range(35):
        assert (await client.ask(poll(if_none_match=tag, X_Number=str(number)))).status == 304
        assert len(recorded(store)) <= 10

    servers.asked.clear()
    await client.ask(poll(if_none_match=tag, X_Number="34"))
    assert not servers.asked


@pytest.mark.usefixtures("few")
async def test_a_limited_number_of_bytes_is_recorded(
    store: Store, servers: Servers, client: Connection
) -> None:
    # Each prefix selects all toggles. Each body contains the query, so the bodies differ.
    for number in range(20):
        prefix = "toggle-0"[: number % 8 + 1]
        await client.ask(poll(f"{FEATURES}?namePrefix={prefix}", X_Number=str(number)))
        pieces = {id(piece): piece for one in recorded(store).values() for piece in one.body}
        size = sum(map(len, recorded(store))) + sum(map(len, pieces.values()))
        assert 0 < size <= 20_000


@pytest.mark.usefixtures("few")
async def test_answers_with_the_same_body_count_it_once(
    store: Store, servers: Servers, client: Connection
) -> None:
    body = (await client.ask(poll())).body

    for number in range(5):
        await client.ask(poll(X_Number=str(number)))

    assert 4_000 < len(body) < 15_000
    assert len(recorded(store)) == 6


async def test_the_largest_bodies_are_not_recorded(
    store: Store, servers: Servers, client: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeated_polls, "MAX_BODY_BYTES", 1_000)

    assert len((await client.ask(poll())).body) > 1_000

    assert not recorded(store)


@pytest.mark.parametrize("proxies", [(), ("127.0.0.1",)])
async def test_connections_keep_no_snapshot(proxies: tuple[str, ...], store: Store) -> None:
    await add_client(store)
    await add_toggles(store, 1)
    polled = ref(store.snapshot)
    async with served(store, Settings(trusted_proxies=proxies)) as servers:
        client, other = await servers.connect(), await servers.connect()
        for request in (poll(X_Request_Id="mine"), poll(), poll()):
            assert (await client.ask(request)).status == 200
        assert (await other.ask(poll())).status == 200

        await add_toggles(store, 1, prefix="later")
        for _ in range(100):
            # Background tasks may still refer to the snapshot.
            gc.collect()
            if polled() is None:
                break
            await asyncio.sleep(ARRIVE_S)

        assert polled() is None


async def test_a_snapshot_takes_its_answers_with_it(store: Store, client: Connection) -> None:
    await client.ask(poll())
    assert recorded(store)
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="new")

    assert not recorded(store)
