"""The attacks. Each attack sends a bounded number of requests, and has the expected answers."""

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import httpx
from msgspec import Struct
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.faults.attack.documents import (
    CHANGED,
    CREATE_TOKEN,
    EVALUATED,
    LARGE,
    PLAYGROUND,
    REVOKE_TOKEN,
    SWITCH,
    TOGGLES,
    TYPENAME,
)
from tests.faults.attack.monitoring import Target
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, FRONTEND_TOKEN

PARALLEL = 20
SOCKETS = 20
SUBSCRIPTIONS = 20
MAX_WAIT_S = 20
SILENT_SOCKETS = 60
ADMIN = {"Authorization": ADMIN_TOKEN}
FRONTEND = {"Authorization": FRONTEND_TOKEN}
CLIENT = {"Authorization": CLIENT_TOKEN}

Statuses: TypeAlias = Counter[int | str]
Run: TypeAlias = Callable[[Target, Statuses], Awaitable[None]]


class Attack(Struct, frozen=True):
    """An attack, and the statuses with which a working server may answer.

    Each of the `required` statuses must occur in at least one answer.
    """

    name: str
    run: Run
    allowed: frozenset[int | str]
    required: frozenset[int | str] = frozenset()


def attacks() -> Iterator[Attack]:
    """Return all attacks. After the last attacks, the server refuses requests from their address.

    On a busy machine, requests that wait for the database or a thread may get a 503.
    """
    results = frozenset({"next", "refused", "late"})
    yield Attack("gzip bodies from strangers", _bodies_from_strangers, frozenset({401}))
    yield Attack(
        "costly patterns in a playground", _costly_patterns, frozenset({200, 422, 429, 503})
    )
    yield Attack("invented applications", _applications, frozenset({200, 400, 429, 503}))
    yield Attack(
        "applications times toggles", _usages, frozenset({200, 429, 503}), frozenset({429})
    )
    yield Attack(
        "large reports of unknown names", _unknown_names, frozenset({200, 202, 400, 413, 429, 503})
    )
    yield Attack("large contexts", _contexts, frozenset({200, 400, 413, 503}))
    yield Attack("costly queries side by side", _queries, frozenset({200, 422, 429, 503}))
    yield Attack("costly subscriptions and a write", _subscriptions, results)
    yield Attack("subscriptions that evaluate", _evaluations, results)
    yield Attack("one subscription 400 times", _same_subscriptions, results)
    yield Attack("large documents", _large_documents, frozenset({200, 400, 403, 422, 429}))
    yield Attack("changes from foreign pages", _foreign_pages, frozenset({403}))
    yield Attack("a revoked token on an open socket", _revoked, frozenset({4403}))
    yield Attack("silent sockets", _silent_sockets, frozenset({"silent", "refused", "served"}))
    yield Attack("unknown tokens", _unknown_tokens, frozenset({401, 429, 304, 200}))


async def _send_all(
    target: Target, statuses: Statuses, requests: list[tuple[str, str, dict[str, Any]]]
) -> None:
    """Send requests concurrently, and count the statuses of the answers."""
    waiting = iter(requests)

    async def send(client: httpx.AsyncClient) -> None:
        for method, path, content in waiting:
            answer = await client.request(method, path, **content)
            statuses[answer.status_code] += 1

    async with httpx.AsyncClient(base_url=target.server.url, timeout=60) as client:
        await asyncio.gather(*(send(client) for _ in range(PARALLEL)))


async def _bodies_from_strangers(target: Target, statuses: Statuses) -> None:
    packed = gzip.compress(json.dumps([[1] * 1_000] * 500).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    request = ("POST", "/api/admin/x", {"content": packed, "headers": headers})
    await _send_all(target, statuses, [request] * 200)


async def _costly_patterns(target: Target, statuses: Statuses) -> None:
    constraints = [
        {"contextName": "userId", "operator": "REGEX", "values": [rf"[\pL\pN\pS]{{300}}{number}"]}
        for number in range(100)
    ]
    strategy = {"name": "default", "constraints": constraints}
    changes = [{"toggleConfigure": {"name": "attacked-0", "strategies": [strategy]}}]
    body = {"query": PLAYGROUND, "variables": {"changes": changes}}
    await _send_all(target, statuses, [("POST", "/graphql", {"json": body, "headers": ADMIN})] * 20)


async def _applications(target: Target, statuses: Statuses) -> None:
    def report(number: int) -> dict[str, Any]:
        bucket = {"start": 0, "stop": 1, "toggles": {"attacked-0": {"yes": 1, "no": 0}}}
        return {"appName": f"invented-{number}", "instanceId": "browser", "bucket": bucket}

    path = "/api/frontend/client/metrics"
    requests = [
        ("POST", path, {"json": report(number), "headers": FRONTEND}) for number in range(1_000)
    ]
    await _send_all(target, statuses, requests)


async def _usages(target: Target, statuses: Statuses) -> None:
    """Report every toggle for each invented application of the previous attack."""
    toggles = {f"attacked-{number}": {"yes": 1, "no": 0} for number in range(500)}

    def report(number: int) -> dict[str, Any]:
        bucket = {"start": 0, "stop": 1, "toggles": toggles}
        return {"appName": f"invented-{number}", "instanceId": "browser", "bucket": bucket}

    path = "/api/frontend/client/metrics"
    requests = [
        ("POST", path, {"json": report(number), "headers": FRONTEND}) for number in range(200)
    ]
    await _send_all(target, statuses, requests)


async def _unknown_names(target: Target, statuses: Statuses) -> None:
    def report(number: int) -> dict[str, Any]:
        toggles = {
            f"unknown-{number}-{name}-{'x' * 80}": {"yes": 1, "no": 0} for name in range(5_000)
        }
        bucket = {"start": 0, "stop": 1, "toggles": toggles}
        return {"appName": "shop", "instanceId": f"i-{number}", "bucket": bucket}

    requests = [
        ("POST", path, {"json": report(number), "headers": headers})
        for number in range(20)
        for path, headers in (
            ("/api/frontend/client/metrics", FRONTEND),
            ("/api/client/metrics", CLIENT),
        )
    ]
    await _send_all(target, statuses, requests)


async def _contexts(target: Target, statuses: Statuses) -> None:
    large = {"userId": "x" * 10_000, "properties": {f"p{n}": "y" * 9_000 for n in range(5)}}
    larger = {"properties": {f"p{number}": "y" * 10_000 for number in range(50)}}
    requests = [
        ("POST", "/api/frontend", {"json": {"context": context}, "headers": FRONTEND})
        for context in (large, larger)
        for _ in range(30)
    ]
    requests += [
        ("POST", "/ofrep/v1/evaluate/flags", {"json": {"context": context}, "headers": FRONTEND})
        for context in ({"targetingKey": "x" * 10_000}, {f"p{n}": "y" * 10_000 for n in range(50)})
        for _ in range(30)
    ]
    await _send_all(target, statuses, requests)


async def _queries(target: Target, statuses: Statuses) -> None:
    request = ("POST", "/graphql", {"json": {"query": TOGGLES}, "headers": ADMIN})
    await _send_all(target, statuses, [request] * 60)


async def _subscriptions(target: Target, statuses: Statuses) -> None:
    # Each document differs, so that subscriptions do not share results.
    await _subscribe(target, statuses, False, lambda number: {"query": f"# {number}\n{CHANGED}"})


async def _same_subscriptions(target: Target, statuses: Statuses) -> None:
    await _subscribe(target, statuses, False, lambda _: {"query": CHANGED})


async def _evaluations(target: Target, statuses: Statuses) -> None:
    def payload(number: int) -> dict[str, Any]:
        # Each subscription has a different context, so that subscriptions do not share results.
        properties = [{"name": f"p{at}", "value": "y" * 5_000} for at in range(5)]
        context = {"userId": f"{number}-{'x' * 9_900}", "properties": properties}
        return {"query": EVALUATED, "variables": {"context": context}}

    await _subscribe(target, statuses, True, payload)


async def _subscribe(
    target: Target, statuses: Statuses, enable: bool, payload: Callable[[int], dict[str, Any]]
) -> None:
    """Subscribe 400 times over 20 sockets, switch a toggle, and count the results."""
    async with AsyncExitStack() as sockets:
        opened: list[Any] = []
        for number in range(SOCKETS * SUBSCRIPTIONS):
            if number % SUBSCRIPTIONS == 0:
                socket = await sockets.enter_async_context(_socket(target))
                await _say(socket, type="connection_init", payload={"authorization": ADMIN_TOKEN})
                await socket.recv()
                opened.append(socket)
            await _say(opened[-1], id=str(number), type="subscribe", payload=payload(number))
        await asyncio.to_thread(target.server.graphql, SWITCH, enabled=enable)
        # Some subscriptions wait longer, because the cost of a token's subscriptions is limited.
        deadline = asyncio.get_running_loop().time() + MAX_WAIT_S
        for socket in opened:
            for _ in range(SUBSCRIPTIONS):
                try:
                    async with asyncio.timeout_at(deadline):
                        message = json.loads(await socket.recv())
                    statuses["next" if message["type"] == "next" else "refused"] += 1
                except (TimeoutError, WebSocketException):
                    statuses["late"] += 1


async def _large_documents(target: Target, statuses: Statuses) -> None:
    """Send many different documents of 90 KB with the maximum number of tokens."""
    names = "name " * 3_900
    requests: list[tuple[str, str, dict[str, Any]]] = []
    for number in range(100):
        text = LARGE.format(fields=f"{names} # {number} {'x' * 50_000}\n")
        requests.append(("POST", "/graphql", {"json": {"query": text}, "headers": ADMIN}))
    await _send_all(target, statuses, requests)


async def _foreign_pages(target: Target, statuses: Statuses) -> None:
    foreign = {**ADMIN, "Origin": "https://evil.example.com"}
    without_origin = {**ADMIN, "Sec-Fetch-Site": "cross-site"}
    requests: list[tuple[str, str, dict[str, Any]]] = []
    for headers in (foreign, without_origin):
        files = {"file": ("state.json", b'{"version": 1, "features": []}', "application/json")}
        requests += [
            ("POST", "/api/admin/state/import?drop=true", {"files": files, "headers": headers}),
            ("POST", "/api/admin/features", {"content": b"{}", "headers": headers}),
            ("DELETE", "/api/admin/features/attacked-0", {"headers": headers}),
            ("POST", "/graphql", {"json": {"query": TYPENAME}, "headers": headers}),
        ]
    await _send_all(target, statuses, requests * 10)


async def _revoked(target: Target, statuses: Statuses) -> None:
    made = target.server.graphql(CREATE_TOKEN, name="revoked")["apiTokenCreate"]
    async with _socket(target) as socket:
        await _say(socket, type="connection_init", payload={"authorization": made["secret"]})
        await socket.recv()
        await asyncio.to_thread(target.server.graphql, REVOKE_TOKEN, id=made["apiToken"]["id"])
        create = {"query": CREATE_TOKEN, "variables": {"name": "late"}}
        try:
            await _say(socket, id="1", type="subscribe", payload=create)
            await socket.recv()
        except WebSocketException:
            pass
        statuses[socket.close_code or "open"] += 1


async def _silent_sockets(target: Target, statuses: Statuses) -> None:
    async with AsyncExitStack() as sockets:
        for _ in range(SILENT_SOCKETS):
            try:
                await sockets.enter_async_context(_socket(target))
                statuses["silent"] += 1
            except WebSocketException:
                statuses["refused"] += 1
        # The server closes silent sockets after two seconds. The remaining time is for slow
        # machines.
        await asyncio.sleep(4)
        try:
            async with _socket(target) as socket:
                await _say(socket, type="connection_init", payload={"authorization": ADMIN_TOKEN})
                acknowledged = json.loads(await socket.recv())["type"] == "connection_ack"
                statuses["served" if acknowledged else "shut out"] += 1
        except WebSocketException:
            statuses["shut out"] += 1


async def _unknown_tokens(target: Target, statuses: Statuses) -> None:
    requests = [
        ("GET", path, {"headers": {"Authorization": f"*:*.made-up-{number}"}})
        for number in range(200)
        for path in ("/api/client/features", "/graphql?query={__typename}")
    ]
    await _send_all(target, statuses, requests)


def _socket(target: Target) -> connect:
    url = target.server.url.replace("http", "ws", 1) + "/graphql"
    return connect(url, subprotocols=["graphql-transport-ws"], proxy=None)  # pyright: ignore[reportArgumentType] # a list of plain texts


async def _say(socket: Any, **message: Any) -> None:
    await socket.send(json.dumps(message))
