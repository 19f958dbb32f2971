"""GraphQL over WebSocket, against a running server."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from store.unknown_tokens import MAX_ATTEMPTS
from tests.graph.subscribing import newest_cursor, socket_to
from tests.server import CLIENT_TOKEN, TOKENS, ForkedServer, Server

EVENTS = "subscription ($after: String) { events(after: $after) { cursor node { subjectName } } }"
# Network buffers have room for only a few messages of this size.
DOCUMENTS = " ".join(f"a{number}: after" for number in range(50))
LARGE = f"subscription {{ events {{ node {{ {DOCUMENTS} }} }} }}"
COSTLY = """subscription { events { node { toggle { events(first: 500) { nodes {
  toggle { events(first: 500) { totalCount } }
} } } } } }"""
CREATE = "mutation ($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that permits slightly more sockets per address than the tests of this module
    need.
    """
    variables = {
        **TOKENS,
        "FLAGSTAFF_CORS_ORIGINS": "https://admin.example.com",
        "FLAGSTAFF_MAX_SOCKETS_PER_TOKEN": "8",
    }
    with ForkedServer(tmp_path_factory.mktemp("server"), **variables) as running:
        yield running


@pytest.fixture
def create(server: Server) -> Callable[..., Any]:
    """Create toggles without blocking the event loop."""

    async def create(*names: str) -> None:
        def run() -> None:
            for name in names:
                server.graphql(CREATE, name=name)

        await asyncio.to_thread(run)

    return create


def is_healthy(server: Server) -> bool:
    return server.request("GET", "/health").status_code == 200


async def test_every_change_comes_in_order_across_a_reconnect(
    server: Server, create: Callable[..., Any]
):
    names = [f"order.{number}" for number in range(30)]

    async def take(after: str | None, count: int) -> tuple[list[str], str]:
        async with socket_to(server) as opened:
            await (await opened.initialise()).subscribe("1", EVENTS, after=after)
            seen = [(await opened.next())["events"] for _ in range(count)]
            return [item["node"]["subjectName"] for item in seen], seen[-1]["cursor"]

    start = newest_cursor(server)
    making = asyncio.create_task(create(*names))
    first, cursor = await take(start, 12)
    second, _ = await take(cursor, 18)
    await making

    assert first + second == names


async def test_queries_and_mutations_run_over_the_socket_too(server: Server):
    async with socket_to(server) as opened:
        await opened.initialise()

        await opened.subscribe("q", "{ viewer { actor { name } } }")
        assert "data" in (await opened.receive())["payload"]
        assert await opened.receive() == {"id": "q", "type": "complete"}
        await opened.subscribe("m", CREATE, name="by.socket")
        assert await opened.next() == {"toggleCreate": {"errors": []}}


async def test_a_subscriber_that_completes_hears_nothing_more(
    server: Server, create: Callable[..., Any]
):
    async with socket_to(server) as opened:
        await opened.initialise()
        cursor = newest_cursor(server)
        await opened.subscribe("1", EVENTS, after=cursor)
        await opened.subscribe("2", EVENTS, after=cursor)
        await opened.send(id="1", type="complete")
        await opened.send(type="ping")
        assert await opened.receive() == {"type": "pong"}
        await create("after.complete")

        assert (await opened.receive())["id"] == "2"
        await opened.send(type="ping")
        assert await opened.receive() == {"type": "pong"}


@pytest.mark.parametrize(
    ("document", "variables", "code", "message_part"),
    [
        ("subscription { nope }", {}, "GRAPHQL_VALIDATION_FAILED", "nope"),
        ("subscription {", {}, "GRAPHQL_PARSE_FAILED", "Syntax"),
        (EVENTS, {"after": "x"}, "BAD_USER_INPUT", "of this installation"),
        (EVENTS, {"after": "WzEsImV2ZW50cyBvZiAwMDAwMDAwMCIsWzFdXQ"}, "BAD_USER_INPUT", "of this"),
        ("subscription { metricsTick(intervalSeconds: 0) { end } }", {}, "BAD_USER_INPUT", "1 to"),
        ("subscription { events { cursor } toggleChanged { toggleId } }", {}, "GRAPHQL", "one"),
        (COSTLY, {}, "COST_LIMIT", "'cost'"),
        ("query ($n: Int!) { toggles(first: $n) { totalCount } }", {"n": "x"}, "BAD_USER", "'$n'"),
        ("query ($n: Int!) { toggles(first: $n) { totalCount } }", {}, "BAD_USER_INPUT", "'$n'"),
    ],
)
async def test_an_operation_that_cannot_run_is_answered_with_its_errors(
    server: Server, document: str, variables: dict[str, Any], code: str, message_part: str
):
    async with socket_to(server) as opened:
        await opened.initialise()

        await opened.subscribe("1", document, **variables)
        message = await opened.receive()

        assert message["type"] == "error"
        (error,) = message["payload"]
        assert error["extensions"]["code"].startswith(code)
        assert message_part in error["message"]
        await opened.send(type="ping")
        assert await opened.receive() == {"type": "pong"}


@pytest.mark.parametrize(
    "payload", [{}, {"sent": 1.5, "é": [None, {"deep": True}]}, {"large": "x" * 65_000}]
)
async def test_a_pong_has_the_payload_of_its_ping(server: Server, payload: dict[str, Any]):
    async with socket_to(server) as opened:
        await opened.send(type="ping", payload=payload)
        await opened.send(type="ping", payload=None)

        assert await opened.receive() == {"type": "pong", "payload": payload}
        assert await opened.receive() == {"type": "pong"}


async def test_a_client_that_reads_late_gets_every_pong_in_order(server: Server):
    async with socket_to(server) as opened:
        await opened.initialise()
        for number in range(200):
            await opened.send(type="ping", payload={"number": number, "padding": "x" * 1_000})

        pongs = [await opened.receive() for _ in range(200)]

        assert [pong["payload"]["number"] for pong in pongs] == list(range(200))


async def test_an_operation_nested_too_deeply_is_refused_and_the_socket_goes_on(server: Server):
    variables: dict[str, Any] = {}
    for _ in range(300):
        variables = {"nested": variables}
    async with socket_to(server) as opened:
        await opened.initialise()

        await opened.subscribe("1", EVENTS, **variables)

        (error,) = (await opened.receive())["payload"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"] == "The request is nested more than 64 deep."
        await opened.send(type="ping")
        assert await opened.receive() == {"type": "pong"}


async def test_messages_and_ids_may_be_as_long_as_their_limits(server: Server):
    empty = '{"type": "ping", "payload": {"x": ""}}'
    filling = "x" * (65_536 - len(empty))
    longest = empty.replace('""', f'"{filling}"')
    async with socket_to(server) as opened:
        await opened.initialise()

        await opened.connection.send(longest)
        assert await opened.receive() == {"type": "pong", "payload": {"x": filling}}
        await opened.subscribe("i" * 200, "{ viewer { canWrite } }")
        assert (await opened.receive())["id"] == "i" * 200
        await opened.connection.send(longest + " ")
        assert (await opened.close_code())[0] == 1009
    async with socket_to(server) as opened:
        await opened.initialise()

        await opened.subscribe("i" * 201, "{ viewer { canWrite } }")
        assert (await opened.close_code())[0] == 4400


SUBSCRIBE = json.dumps({"id": "1", "type": "subscribe", "payload": {"query": EVENTS}})


@pytest.mark.parametrize(
    ("init", "messages", "code"),
    [
        (False, [SUBSCRIBE], 4401),
        (True, ['{"type": "connection_init"}'], 4429),
        (True, [SUBSCRIBE, SUBSCRIBE], 4409),
        (True, ["{"], 4400),
        (True, ["null"], 4400),
        (True, ["[" * 10_000], 4400),
        (True, ['{"type": "start"}'], 4400),
        (True, ['{"type": {}}'], 4400),
        (True, ['{"type": "subscribe"}'], 4400),
        (True, ['{"type": "subscribe", "id": 1}'], 4400),
        (True, [b"\x00"], 4400),
        (True, ['{"type": "ping", "payload": "' + "x" * 70_000 + '"}'], 1009),
        (True, ['{"type": "ping", "payload": {"é": "' + "é" * 40_000 + '"}}'], 1009),
        (True, ['{"type": "ping", "payload": "x"}'], 4400),
        (True, ['{"type": "ping", "payload": [1]}'], 4400),
        (True, ['{"type": "ping", "payload": ' + '{"a":' * 400 + "1" + "}" * 401], 4400),
        (False, ['{"type": "connection_init", "payload": 5}'], 4400),
        (False, ['{"type": "connection_init"}'], 4403),
        (False, ['{"type": "connection_init", "payload": {"authorization": "wrong"}}'], 4403),
        (
            False,
            [json.dumps({"type": "connection_init", "payload": {"Authorization": CLIENT_TOKEN}})],
            4403,
        ),
    ],
)
async def test_what_breaks_the_protocol_closes_the_socket(
    server: Server, init: bool, messages: list[Any], code: int
):
    async with socket_to(server) as opened:
        if init:
            await opened.initialise()
        for message in messages:
            await opened.connection.send(message)

        assert (await opened.close_code())[0] == code
    assert is_healthy(server)


@pytest.mark.parametrize("offered", [["graphql-ws"], None])
async def test_other_protocols_are_refused(server: Server, offered: list[str] | None):
    async with socket_to(server, subprotocols=offered) as opened:
        assert (await opened.close_code())[0] == 4406


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        ("https://evil.example.com", False),
        ("null", False),
        ("https://admin.example.com", True),
        ("https://admin.example.com:443", True),
        ("https://admin.example.com:80", False),
        ("own", True),
    ],
)
async def test_pages_of_foreign_origins_are_refused(server: Server, origin: str, welcome: bool):
    if welcome:
        async with socket_to(server, origin=server.url if origin == "own" else origin) as opened:
            await opened.initialise()
        return
    with pytest.raises(InvalidStatus) as refused:
        async with socket_to(server, origin=origin):
            pass

    assert refused.value.response.status_code == 403


async def test_the_token_may_come_in_the_headers_of_the_handshake(server: Server):
    headers = {"Authorization": f"Bearer {server.admin_token}"}
    async with socket_to(server, additional_headers=headers) as opened:
        await opened.initialise(None)


async def test_a_revoked_token_closes_its_sockets_within_a_second_and_no_others(
    server: Server, create: Callable[..., Any]
):
    made = server.graphql(
        'mutation { apiTokenCreate(input: {name: "short", type: VIEWER}) '
        "{ secret apiToken { id } errors { message } } }"
    )["apiTokenCreate"]
    async with socket_to(server) as revoked, socket_to(server) as other:
        await (await revoked.initialise(made["secret"])).subscribe("1", EVENTS)
        await (await other.initialise()).subscribe("1", EVENTS, after=newest_cursor(server))

        server.graphql(
            "mutation ($id: ID!) { apiTokenRevoke(input: {id: $id}) { errors { message } } }",
            id=made["apiToken"]["id"],
        )
        async with asyncio.timeout(30):
            code, reason = await revoked.close_code()

        assert (code, reason) == (4403, "The API token was revoked or has expired.")
        await create("after.revocation")
        async with asyncio.timeout(120):
            while (await other.next())["events"]["node"]["subjectName"] != "after.revocation":
                pass


@pytest.mark.thorough
async def test_unknown_tokens_over_sockets_count_with_those_of_requests(tmp_path: Path):
    with ForkedServer(tmp_path, **TOKENS) as server:
        for number in range(MAX_ATTEMPTS):
            headers = {"Authorization": f"*:*.made-up-{number}"}
            answer = httpx.get(f"{server.url}/api/client/features", headers=headers)
            assert answer.status_code == 401

        async with socket_to(server) as opened:
            payload = {"authorization": "*:*.another"}
            await opened.send(type="connection_init", payload=payload)
            code, reason = await opened.close_code()

    assert code == 4403
    assert reason.startswith("This address has sent more than 20 unknown API tokens")


async def test_one_socket_runs_so_many_operations_at_a_time(server: Server):
    async with socket_to(server) as opened:
        await opened.initialise()
        for number in range(25):
            await opened.subscribe(str(number), EVENTS)

        refused = [await opened.receive() for _ in range(5)]

        assert {item["id"] for item in refused} == {"20", "21", "22", "23", "24"}
        assert refused[0]["payload"][0]["extensions"] == {
            "code": "COST_LIMIT",
            "limit": "subscriptions",
            "actual": 21,
            "maximum": 20,
        }


async def test_a_token_has_so_many_sockets(server: Server):
    async with AsyncExitStack() as opened:
        for _ in range(8):
            await (await opened.enter_async_context(socket_to(server))).initialise()
        for _ in range(4):
            one_more = await opened.enter_async_context(socket_to(server))
            await one_more.send(
                type="connection_init", payload={"authorization": server.admin_token}
            )
            assert await one_more.close_code() == (
                1013,
                "A token may have at most 8 open connections.",
            )
        assert is_healthy(server)


@pytest.mark.thorough
@pytest.mark.slow
async def test_a_client_that_does_not_read_is_closed_while_others_hear_everything(
    server: Server, create: Callable[..., Any]
):
    stalled = _raw_socket(server)
    async with socket_to(server) as other:
        await (await other.initialise()).subscribe("1", EVENTS, after=newest_cursor(server))
        _say(stalled, type="connection_init", payload={"authorization": server.admin_token})
        for number in range(20):
            _say(stalled, id=str(number), type="subscribe", payload={"query": LARGE})
        names = [f"stall.{number}" for number in range(120)]

        making = asyncio.create_task(create(*names))
        heard = [(await other.next())["events"]["node"]["subjectName"] for _ in names]
        await making

        assert heard == names
        stalled.settimeout(20)
        ending = await asyncio.to_thread(_read_to_end, stalled)
    # The server sends a close frame with the code. If the client reads too late, the server cuts
    # the connection off.
    assert ending is None or b"\x03\xf5" in ending[-150:]
    assert is_healthy(server)


def _raw_socket(server: Server) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    raw = socket.create_connection((host, int(port)))
    raw.sendall(
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    assert raw.recv(4_096).startswith(b"HTTP/1.1 101")
    return raw


def _say(raw: socket.socket, **message: Any) -> None:
    """Send a masked frame; a mask of zeros is valid."""
    text = json.dumps(message).encode()
    raw.sendall(b"\x81\xfe" + len(text).to_bytes(2, "big") + b"\0\0\0\0" + text)


def _read_to_end(raw: socket.socket) -> bytes | None:
    """Return the remaining data, or None if the connection is cut off."""
    received = b""
    try:
        with raw:
            while chunk := raw.recv(65_536):
                received += chunk
    except ConnectionResetError:
        return None
    return received


async def test_an_unfinished_frame_does_not_keep_others_waiting(server: Server):
    raw = _raw_socket(server)
    raw.sendall(b"\x81\xff" + (20_000_000).to_bytes(8, "big") + b"\0\0\0\0" + b"x" * 100)

    assert is_healthy(server)
    raw.settimeout(10)
    ending = _read_to_end(raw)
    assert ending is None or b"\x03\xf1" in ending  # 1009
