"""A server that is stopped ends all subscriptions gracefully."""

import asyncio
from pathlib import Path

import pytest

from tests.graph.subscribing import SSE, sent_events, socket_to, stream_from
from tests.server import TOKENS, ForkedServer

EVENTS = "subscription { events { cursor } }"


@pytest.mark.slow
async def test_stopping_the_server_ends_streams_and_closes_sockets_with_1012(tmp_path: Path):
    with ForkedServer(tmp_path, **TOKENS) as server:
        async with socket_to(server) as opened, stream_from(server, SSE, EVENTS) as answer:
            await (await opened.initialise()).subscribe("1", EVENTS)
            await opened.send(type="ping")
            await opened.receive()

            exit_code = await asyncio.to_thread(server.stop)

            events = [event async for event in sent_events(answer)]
            close_code, _ = await opened.close_code()

    assert (exit_code, close_code, events) == (0, 1012, [])
