"""Requests that differ from a recorded poll, or arrive before its answer is sent."""

import asyncio

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from tests.flagstaff.repeated_polls.polling import (
    FEATURES,
    HEADERS,
    Answer,
    Connection,
    Servers,
    add_toggles,
    poll,
    tag_of,
)

# The server receives sent data within this time, because it runs on the same event loop.
ARRIVE_S = 0.05
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


async def test_a_head_beyond_the_limit_is_refused_after_repeated_polls(
    servers: Servers, client: Connection
) -> None:
    for _ in range(200):  # all empty lines together exceed the maximum size of a head
        assert (await client.ask(poll())).status == 200

    assert (await client.ask(poll(X_More="x" * 32_768))).status == 431


def ends(answer: Answer) -> bool:
    return b"\r\nconnection: close\r\n" in answer.head
