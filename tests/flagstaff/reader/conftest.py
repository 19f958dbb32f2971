"""A reader whose primary is controlled by the test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from msgspec import Struct

from flagstaff.app import compose
from flagstaff.reader.applying import Applier
from flagstaff.reader.following import Follower
from flagstaff.reader.forwarding import Forwarder
from flagstaff.reader.primary import FollowedPrimary
from flagstaff.reader.state import ReaderState
from flagstaff.reader.tokens import CheckedTokens
from flagstaff.reader.upstream import Upstream
from flagstaff.settings import Settings
from store import Store
from store.roles import Role
from tests.flagstaff.reader.fake import TOKEN, FakePrimary

URL = "http://primary.test"


class Reader(Struct):
    """The parts of a reader, and a client of its application."""

    primary: FakePrimary
    store: Store
    state: ReaderState
    applier: Applier
    upstream: Upstream
    follower: Follower
    forwarder: Forwarder
    tokens: CheckedTokens
    client: httpx.AsyncClient

    async def get(self, path: str, token: str = TOKEN, **headers: str) -> httpx.Response:
        """Send a request with a token."""
        return await self.client.get(path, headers={"authorization": token, **headers})

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until a condition holds."""
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.005)


@pytest_asyncio.fixture(loop_scope="module")
async def reader(tmp_path: Path, no_settings: None) -> AsyncIterator[Reader]:
    """A reader that does nothing in the background except following its primary."""
    primary = FakePrimary()
    store = await Store.open(f"sqlite:///{tmp_path / 'reader.db'}", role=Role.READER)
    state = ReaderState([TOKEN])
    upstream = Upstream(
        URL,
        installation=store.installation_id,
        on_installation=store.join_installation,
        transport=primary.transport,
    )
    applier = Applier(store)
    tokens = CheckedTokens(store, upstream, applier, state)
    app = compose(
        store,
        Settings(upstream=URL, upstream_tokens=(TOKEN,)),
        primary=FollowedPrimary(URL, store, state, tokens),
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://reader.test"
    ) as client:
        yield Reader(
            primary,
            store,
            state,
            applier,
            upstream,
            Follower(state.tokens[0], store, upstream, applier, state),
            Forwarder(store, upstream, state),
            tokens,
            client,
        )
    await upstream.close()
    await store.close()


@pytest_asyncio.fixture(loop_scope="module")
async def following(reader: Reader) -> AsyncIterator[Reader]:
    """A reader that follows its primary in the background."""
    task = asyncio.create_task(reader.follower.run())
    yield reader
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
