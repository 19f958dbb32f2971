"""A REST edge over a store, called without a network, and tokens for it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.wire import AsgiApp, Receive, Scope, Send
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import create_environment
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.values import Tag

FEATURES = "/api/client/features"

MakeToken: TypeAlias = Callable[..., Awaitable[str]]
MakeClient: TypeAlias = Callable[..., httpx.AsyncClient]


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    """What stands behind the REST edge: tells that a request came through."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"elsewhere"})


@pytest.fixture(scope="session")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the environments default and staging, to be copied."""
    file = tmp_path_factory.mktemp("rest_compat") / "flagstaff.db"

    async def prepare() -> None:
        opened = await Store.open(f"sqlite:///{file}")
        async with opened.write(SYSTEM) as work:
            await create_environment(work, name="staging")
        await opened.close()

    asyncio.run(prepare())
    return file


@pytest.fixture
async def store(database_file: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """An open store of the test's own; on SQLite alone, since this edge knows no database."""
    file = shutil.copy(database_file, tmp_path)
    opened = await Store.open(f"sqlite:///{file}")
    yield opened
    await opened.close()


@pytest.fixture
def make_token(store: Store) -> MakeToken:
    """Makes a token and gives its secret."""

    async def make(
        type: ApiTokenType = ApiTokenType.CLIENT,
        *,
        environment: str | None = None,
        projects: Sequence[str] = (),
        name: str | None = None,
    ) -> str:
        async with store.write(SYSTEM) as work:
            _, secret = await create_token(
                work, name=name or type, type=type, environment=environment, projects=projects
            )
        return secret

    return make


@pytest.fixture
def app(store: Store) -> AsgiApp:
    """The REST edge with its default settings."""
    return rest_app(store, RestConfig(), elsewhere)


@pytest.fixture
async def make_client(app: AsgiApp) -> AsyncIterator[MakeClient]:
    """Makes clients that send a token, all to one app unless another is given."""
    clients: list[httpx.AsyncClient] = []

    def make(token: str | None = None, *, app: AsgiApp = app) -> httpx.AsyncClient:
        headers = {"authorization": token} if token else {}
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(
            transport=transport, base_url="http://flagstaff.test", headers=headers
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def client(make_client: MakeClient, make_token: MakeToken) -> httpx.AsyncClient:
    """A client with a client token of the environment default."""
    return make_client(await make_token())


async def create(store: Store, *names: str, **options: Any) -> None:
    """Create toggles with the same settings."""
    async with store.write(SYSTEM) as work:
        for name in names:
            await create_toggle(work, name=name, allow_unknown=True, **options)


async def names_at(client: httpx.AsyncClient, path: str = FEATURES) -> list[str]:
    """The names of the toggles that a client is served at a path."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return [it["name"] for it in answer.json()["features"]]


@pytest.fixture
async def filterable(store: Store) -> None:
    """Toggles of two projects, some with tags."""
    # Long enough for their lists to be gzipped.
    text = "x" * 1_100
    await create(
        store, "shop.basket", project="shop", description=text, tags=[Tag("simple", "red")]
    )
    await create(store, "shop.search", project="shop")
    await create(
        store, "blog_x", project="blog", tags=[Tag("simple", "blue"), Tag("simple", "a:b")]
    )
    await create(store, "blogAx", project="blog", description=text)
