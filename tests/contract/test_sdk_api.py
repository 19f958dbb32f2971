"""The SDK endpoints answer as Unleash 8.2 does (rest-v8-client.yaml).

The exchanges that prepare data use an admin API that is not offered; the same is done on the store.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import pytest
from msgspec import convert, structs

from rest_compat.app import RestConfig, rest_app
from rest_compat.wire import Receive, Scope, Send
from store import Store
from store.events import EventType
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import add_toggle_strategy, set_enabled
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token, scope_of
from store.unit_of_work import UnitOfWork
from store.values import Constraint, Dependency, Tag
from tests.contract.replaying import Player, load_recording

RECORDING = load_recording("rest-v8-client.yaml")
ENVIRONMENT = "development"
TOKEN_TYPES = {
    "admin_token": ApiTokenType.ADMIN,
    "client_token": ApiTokenType.CLIENT,
    "frontend_token": ApiTokenType.FRONTEND,
    "production_token": ApiTokenType.CLIENT,
}
NOT_OFFERED_AREAS = {"frontend", "bulk-metrics"}
NOT_OFFERED = {"oversize-bulk"}

Step: TypeAlias = Callable[[UnitOfWork, dict[str, Any]], Awaitable[None]]


async def nothing_else(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(f"{scope['path']} left the REST edge")


def create(name: str) -> Step:
    async def step(work: UnitOfWork, body: dict[str, Any]) -> None:
        await create_toggle(
            work,
            name=name,
            type=body["type"],
            description=body.get("description"),
            impression_data=body.get("impressionData", False),
            tags=[Tag("simple", "team-red")] if name == "other-c" else [],
            environment=ENVIRONMENT,
            strategies=[],
        )

    return step


def add_strategy(name: str) -> Step:
    async def step(work: UnitOfWork, body: dict[str, Any]) -> None:
        spec = {**body, "constraints": convert(body.get("constraints", []), tuple[Constraint, ...])}
        strategy = StrategySpec(**spec)
        await add_toggle_strategy(work, name, environment=ENVIRONMENT, strategy=strategy)

    return step


def switch_on(name: str) -> Step:
    async def step(work: UnitOfWork, _: dict[str, Any]) -> None:
        await set_enabled(work, name, environment=ENVIRONMENT, enabled=True)

    return step


def archive(name: str) -> Step:
    async def step(work: UnitOfWork, _: dict[str, Any]) -> None:
        await archive_toggle(work, name)

    return step


async def depend_on_flag_a(work: UnitOfWork, _: dict[str, Any]) -> None:
    child = work.snapshot.toggles["child"]
    after = structs.replace(
        child, dependencies=(Dependency("flag-a"),), revision=work.revision, updated_at=work.now
    )
    work.put(after)
    work.record(
        EventType.TOGGLE_DEPENDENCIES_UPDATED,
        subject=after,
        before=child,
        after=after,
        summary="Made 'child' depend on 'flag-a'.",
    )


async def tagged_already(_: UnitOfWork, __: dict[str, Any]) -> None:
    """The toggle got its tag when it was created."""


STEPS: dict[str, Step] = {
    "setup-tag": tagged_already,
    "setup-dependency": depend_on_flag_a,
    **{f"setup-{it}": create(it) for it in ("flag-a", "flag-b", "other-c", "impressive", "child")},
    **{
        f"setup-{it}-strategy": add_strategy(it)
        for it in ("flag-a", "flag-b", "other-c", "impressive", "child")
    },
    **{
        f"setup-{it}-on": switch_on(it)
        for it in ("flag-a", "flag-b", "other-c", "impressive", "child")
    },
    **{f"setup-archive-{it}": archive(it) for it in ("other-c", "impressive", "child")},
}


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
    transport = httpx.ASGITransport(rest_app(prepared, RestConfig(), nothing_else))
    problems: dict[str, str] = {}
    played: Counter[str] = Counter()

    async with httpx.AsyncClient(transport=transport, base_url="http://flagstaff.test") as client:
        player = Player(client, RECORDING.variables)
        for exchange in RECORDING.exchanges:
            name = exchange["name"]
            if exchange["area"] in NOT_OFFERED_AREAS or name in NOT_OFFERED:
                continue
            if exchange.get("setup"):
                async with prepared.write(SYSTEM) as work:
                    await STEPS[name](work, exchange["request"].get("json", {}))
                continue
            played[exchange["area"]] += 1
            problem = await player.play(exchange | {"eventually": 0})
            if problem is not None:
                problems[name] = problem

    assert problems == {}
    assert played == {
        "auth": 20,
        "client-features": 21,
        "register": 16,
        "metrics": 28,
        "not-in-open-source": 3,
        "transport": 9,
    }
