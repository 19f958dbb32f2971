"""A REST edge over a store, called without a network, and tokens for it.

All tests in this folder run on one event loop. They share an open store until a test changes the
store. A test begins with two environments and the tokens in `SECRETS`. The mark `begins_with` adds
other data.
"""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import httpx
import pytest
import pytest_asyncio
import uvloop

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import AsgiApp, Receive, Scope, Send
from store import Store
from store.clock_skew import utc_now
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import create_environment
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.values import Tag
from tests.openapi.described import check_answer
from tests.rest_compat.stores import MAX_CACHED, Fill, Prepared, Stores, Time, filled
from tests.store.operations.doing import call

FEATURES = "/api/client/features"
# The name of the admin token.
ADMIN_NAME = "ada"
SECRETS: dict[tuple[ApiTokenType, str | None], str] = {
    (ApiTokenType.ADMIN, None): "*:*.secret-of-the-admin",
    (ApiTokenType.VIEWER, None): "*:*.secret-of-the-viewer",
    (ApiTokenType.CLIENT, "default"): "*:default.secret-of-the-client",
    (ApiTokenType.CLIENT, "staging"): "*:staging.secret-of-the-client",
    (ApiTokenType.FRONTEND, "default"): "*:default.secret-of-the-frontend",
    (ApiTokenType.FRONTEND, "staging"): "*:staging.secret-of-the-frontend",
}

MakeToken: TypeAlias = Callable[..., Awaitable[str]]
MakeClient: TypeAlias = Callable[..., httpx.AsyncClient]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "begins_with(fill, *, clock): what a REST test begins with")


def pytest_pycollect_makeitem(name: str, obj: object) -> None:
    if name.startswith("test_") and inspect.iscoroutinefunction(obj):
        pytest.mark.asyncio(loop_scope="session")(obj)


def begins_with(fill: Fill | None = None, *, clock: Time = utc_now) -> pytest.MarkDecorator:
    """Mark tests whose store uses `clock` and begins with the data that `fill` creates.

    The data is created only once for many tests, and tests that only read share an open store.
    """
    return pytest.mark.begins_with.with_args(fill, clock=clock)


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    """The application that answers requests to paths outside of the REST edge."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"elsewhere"})


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A database with the environments default and staging, and a token for each secret."""
    file = tmp_path_factory.mktemp("prepared") / "flagstaff.db"

    async def prepare() -> Prepared:
        return await filled(await Store.open(f"sqlite:///{file}"), file, add_environment_and_tokens)

    return uvloop.run(prepare())


async def add_environment_and_tokens(store: Store) -> None:
    """Create the environment staging and the tokens."""
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="staging")
        for (type, environment), secret in SECRETS.items():
            name = ADMIN_NAME if type is ApiTokenType.ADMIN else type
            await create_token(work, name=name, type=type, environment=environment, secret=secret)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stores(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stores]:
    """Lends open stores."""
    lender = Stores(tmp_path_factory.mktemp("stores"), prepared)
    yield lender
    await lender.close()


@pytest_asyncio.fixture(loop_scope="session")
async def store(stores: Stores, request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """An open store that the test may change, on SQLite, because the REST edge contains no SQL."""
    mark = request.node.get_closest_marker("begins_with")
    lent = stores.lent(*mark.args, **mark.kwargs) if mark else stores.lent()
    async with lent as opened:
        yield opened


@pytest.fixture
def make_token(store: Store) -> MakeToken:
    """A function that returns the secret of a token, from `SECRETS` if possible."""

    async def make(
        type: ApiTokenType = ApiTokenType.CLIENT,
        *,
        environment: str | None = None,
        projects: Sequence[str] = (),
        name: str | None = None,
    ) -> str:
        if not (projects or name):
            bound = type in (ApiTokenType.CLIENT, ApiTokenType.FRONTEND)
            return SECRETS[type, environment or "default" if bound else None]
        async with store.write(SYSTEM) as work:
            _, secret = await create_token(
                work, name=name or type, type=type, environment=environment, projects=projects
            )
        return secret

    return make


@lru_cache(maxsize=MAX_CACHED)
def app_over(store: Store) -> AsgiApp:
    """Return the cached REST edge over a store, with default settings."""
    return rest_app(store, RestConfig(), elsewhere)


def client_of(app: AsgiApp, token: str | None = None) -> httpx.AsyncClient:
    """Return a client that sends a token to an app. The client need not be closed."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://flagstaff.test",
        headers={"authorization": token} if token else {},
        event_hooks={"response": [_check]},
    )


async def _check(answer: httpx.Response) -> None:
    """Compare an answer of the edge with the OpenAPI document."""
    if answer.request.url.path.startswith(("/api", "/ofrep")):
        await check_answer(answer)


def admin_of(store: Store) -> httpx.AsyncClient:
    """A client of the REST edge over a store, with an admin token."""
    return client_of(app_over(store), SECRETS[ApiTokenType.ADMIN, None])


@pytest.fixture
def app(store: Store) -> AsgiApp:
    """The REST edge with its default settings."""
    return app_over(store)


@pytest.fixture
def make_client(app: AsgiApp) -> MakeClient:
    """A function that creates clients with a token, for the fixture `app` or for a given app."""

    def make(token: str | None = None, *, app: AsgiApp = app) -> httpx.AsyncClient:
        return client_of(app, token)

    return make


@pytest.fixture
def client(make_client: MakeClient) -> httpx.AsyncClient:
    """A client with a client token of the environment default."""
    return make_client(SECRETS[ApiTokenType.CLIENT, "default"])


@pytest.fixture
def admin(make_client: MakeClient) -> httpx.AsyncClient:
    """A client with an admin token."""
    return make_client(SECRETS[ApiTokenType.ADMIN, None])


async def create(store: Store, *names: str, **options: Any) -> None:
    """Create toggles with the same settings."""
    async with store.write(SYSTEM) as work:
        for name in names:
            await call(create_toggle, work, name=name, allow_unknown=True, **options)


async def names_at(client: httpx.AsyncClient, path: str = FEATURES) -> list[str]:
    """The names of the toggles that a client gets at a path."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return [feature["name"] for feature in answer.json()["features"]]


async def shop_and_blog(store: Store) -> None:
    """Create toggles of two projects, some with tags."""
    # With this description, lists of toggles are long enough to be gzipped.
    text = "x" * 1_100
    await create(
        store, "shop.basket", project="shop", description=text, tags=[Tag("simple", "red")]
    )
    await create(store, "shop.search", project="shop")
    await create(
        store, "blog_x", project="blog", tags=[Tag("simple", "blue"), Tag("simple", "a:b")]
    )
    await create(store, "blogAx", project="blog", description=text)
