"""The SDK endpoints answer recorded requests like Unleash 8.2 (rest-v8-client.yaml)."""

from collections import Counter

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import Receive, Scope, Send
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import create_environment
from store.operations.tokens import create_token, scope_of
from tests.contract.replaying import Player, hanging_up, load_recording
from tests.openapi.described import CHECKED

RECORDING = load_recording("rest-v8-client.yaml")
TOKEN_TYPES = {
    "admin_token": ApiTokenType.ADMIN,
    "client_token": ApiTokenType.CLIENT,
    "frontend_token": ApiTokenType.FRONTEND,
    "production_token": ApiTokenType.CLIENT,
}


async def nothing_else(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(f"{scope['path']} left the REST edge")


@pytest.fixture
async def prepared(store: Store) -> Store:
    """A store with the environments and tokens that the recording names."""
    async with store.write(SYSTEM) as work:
        for name in ("development", "production"):
            await create_environment(work, name=name)
        for variable, secret in RECORDING.variables.items():
            environment = scope_of(secret).environment
            await create_token(
                work,
                name=variable,
                type=TOKEN_TYPES[variable],
                environment=environment if environment != "*" else None,
                secret=secret,
            )
    return store


async def test_the_recorded_exchanges_of_sdks_pass(prepared: Store) -> None:
    app = hanging_up(rest_app(prepared, RestConfig(), nothing_else))
    transport = httpx.ASGITransport(app)
    problems: dict[str, str] = {}
    played: Counter[str] = Counter()

    async with httpx.AsyncClient(
        transport=transport, base_url="http://flagstaff.test", event_hooks=CHECKED
    ) as client:
        player = Player(client, RECORDING.variables)
        for exchange in RECORDING.exchanges:
            played["setup" if exchange.get("setup") else exchange["area"]] += 1
            problem = await player.play(exchange)
            if problem is not None:
                problems[exchange["name"]] = problem

    assert problems == {}
    assert played == {
        "setup": 29,
        "auth": 20,
        "client-features": 21,
        "register": 16,
        "metrics": 28,
        "bulk-metrics": 9,
        "frontend": 21,
        "not-in-open-source": 3,
        "transport": 10,
    }
