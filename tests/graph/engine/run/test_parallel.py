"""The number of parallel operations of one token is limited across all transports."""

import asyncio
import json
from typing import Any

import orjson
import pytest

from graph.app import graphql_app
from graph.engine.run.config import GraphConfig
from graph.engine.run.operations import Operations
from tests.graph.gateway import SECRETS, Gateway
from tests.graph.subscribing import PROTOCOL

MAX_OPERATIONS = GraphConfig().max_parallel_operations
DOCUMENT = "{ viewer { canWrite } }"
MESSAGE = "This token already runs 20 operations, the maximum."
ERROR = {"message": MESSAGE, "extensions": {"code": "RATE_LIMITED"}}


class Held:
    """Operations that run until `go_on` is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on = asyncio.Event()
        self.running = 0
        execute = Operations._execute

        async def execute_later(*arguments: Any) -> Any:
            self.running += 1
            await self.go_on.wait()
            return await execute(*arguments)

        monkeypatch.setattr(Operations, "_execute", execute_later)

    async def until_there_are(self, count: int) -> None:
        async with asyncio.timeout(60):
            while self.running < count:
                await asyncio.sleep(0.01)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(monkeypatch)


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


async def test_one_more_operation_of_a_token_is_refused_and_others_are_not(
    gateway: Gateway, held: Held
) -> None:
    running = [asyncio.create_task(gateway.post(DOCUMENT)) for _ in range(MAX_OPERATIONS)]
    await held.until_there_are(MAX_OPERATIONS)

    refused = await gateway.post(DOCUMENT)
    by_sse = await gateway.client.post(
        "/graphql",
        json={"query": DOCUMENT},
        headers={**gateway.headers("admin"), "Accept": "text/event-stream"},
    )
    other = asyncio.create_task(gateway.post(DOCUMENT, token="viewer"))
    await held.until_there_are(MAX_OPERATIONS + 1)
    held.go_on.set()
    answers = await asyncio.gather(*running, other)
    afterwards = await gateway.post(DOCUMENT)

    for answer in (refused, by_sse):
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert answer.json() == {"errors": [ERROR]}
    assert [item.status_code for item in (*answers, afterwards)] == [200] * (MAX_OPERATIONS + 2)


async def test_long_documents_that_are_read_count_too(gateway: Gateway, held: Held) -> None:
    texts = [
        f"{{ {' '.join(f'a{item}_{number}: __typename' for item in range(45))} }}" + " " * 1_000
        for number in range(2 * MAX_OPERATIONS)
    ]

    answers = [asyncio.create_task(gateway.post(text)) for text in texts]
    _, waiting = await asyncio.wait(answers, timeout=1)
    held.go_on.set()
    await asyncio.gather(*waiting)

    assert [answer.status_code for answer in (await asyncio.gather(*answers))].count(
        429
    ) == MAX_OPERATIONS


async def test_one_more_over_a_socket_is_refused_by_its_id(gateway: Gateway, held: Held) -> None:
    app = graphql_app(gateway.store, GraphConfig(max_parallel_operations=2))
    sent: asyncio.Queue[Any] = asyncio.Queue()
    received: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "websocket", "path": "/graphql", "headers": [], "subprotocols": [PROTOCOL]}
    received.put_nowait({"type": "websocket.connect"})
    messages: list[dict[str, Any]] = [
        {"type": "connection_init", "payload": {"authorization": SECRETS["admin"]}}
    ]
    subscription = "subscription { events { cursor } }"
    # Subscriptions are not counted.
    operations = [(f"s{number}", subscription) for number in range(5)] + [
        (f"q{number}", DOCUMENT) for number in range(3)
    ]
    for id, query in operations:
        messages.append({"id": id, "type": "subscribe", "payload": {"query": query}})
    for message in messages:
        received.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    serving = asyncio.ensure_future(app(scope, received.get, sent.put))
    answers: list[Any] = []
    async with asyncio.timeout(60):
        while len(answers) < 2:
            message = await sent.get()
            if "text" in message:
                answers.append(orjson.loads(message["text"]))
        held.go_on.set()
        while len(answers) < 6:
            answers.append(orjson.loads((await sent.get())["text"]))
    received.put_nowait({"type": "websocket.disconnect"})
    await serving

    assert answers[0] == {"type": "connection_ack"}
    message = "This token already runs 2 operations, the maximum."
    assert answers[1] == {"id": "q2", "type": "error", "payload": [{**ERROR, "message": message}]}
    assert sorted((item["id"], item["type"]) for item in answers[2:]) == [
        ("q0", "complete"),
        ("q0", "next"),
        ("q1", "complete"),
        ("q1", "next"),
    ]
