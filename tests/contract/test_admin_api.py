"""The application answers recorded requests in the same way as Unleash 3.17.6.

The requests are those of scripts and SDKs for 3.x.

Each file of recorded exchanges runs against its own empty server.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest

from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.settings import Settings
from store import Store
from tests.contract.amendments import AMENDMENTS, amended
from tests.contract.replaying import Player, Recording, load_recording
from tests.openapi.described import CHECKED

ADMIN = "*:*.admin-secret-of-the-recordings"
# 3.17.6 accepted any user name and password. Flagstaff requires an admin token as the password.
CREDENTIALS = "Basic " + b64encode(f"admin:{ADMIN}".encode()).decode()


@asynccontextmanager
async def client_of(store: Store, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application over a store."""
    await provide_tokens(store, settings)
    transport = httpx.ASGITransport(compose(store, settings))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", event_hooks=CHECKED
    ) as client:
        yield client


async def replay(store: Store, settings: Settings, recording: Recording) -> dict[str, str]:
    """Play all exchanges in order. Return the errors in the answers by exchange."""
    problems: dict[str, str] = {}
    async with client_of(store, settings) as client:
        player = Player(client, recording.variables)
        for exchange in recording.exchanges:
            if "eventually" in exchange:
                # 3.17.6 aggregates reports every few seconds. Flagstaff aggregates reports every
                # second.
                await store.aggregate_now()
            if problem := await player.play(exchange):
                problems[exchange["name"]] = problem
    return problems


def readable(problems: Mapping[str, str]) -> str:
    """Return one line for each exchange that differs."""
    lines = [f"{name}: {problem}" for name, problem in problems.items()]
    return "\n".join([f"{len(lines)} exchanges fail:", *lines])


def areas(recording: Recording) -> dict[str, int]:
    """The number of exchanges in each area."""
    return Counter(exchange["area"] for exchange in recording.exchanges)


pytestmark = pytest.mark.usefixtures("no_settings")


@pytest.mark.every_row
@pytest.mark.parametrize(
    ("file", "counted"),
    [
        (
            "rest-v3.yaml",
            {
                "admin-metrics": 21,
                "archive": 12,
                "client-features": 18,
                "client-metrics": 20,
                "client-register": 18,
                "context": 11,
                "events": 7,
                "feature-types": 1,
                "service": 7,
                "state": 37,
                "strategies": 36,
                "tags": 24,
                "toggles": 61,
                "transport": 16,
                "variants": 19,
            },
        ),
        ("rest-v3-import.yaml", {"state": 16}),
    ],
)
async def test_the_recorded_exchanges_pass_without_tokens(
    store: Store, file: str, counted: dict[str, int]
) -> None:
    recording = amended(load_recording(file))

    problems = await replay(store, Settings(auth="none"), recording)

    assert not problems, readable(problems)
    assert areas(recording) == counted


async def test_the_recorded_sign_in_passes_with_an_open_client_api(store: Store) -> None:
    recording = amended(load_recording("rest-v3-auth.yaml", credentials=CREDENTIALS))
    settings = Settings(client_api="open", init_admin_tokens=(ADMIN,))

    problems = await replay(store, settings, recording)

    assert not problems, readable(problems)
    assert areas(recording) == {"auth": 15}


def test_every_amendment_is_of_a_recorded_exchange() -> None:
    recorded = {exchange["name"] for exchange in load_recording("rest-v3.yaml").exchanges}

    assert AMENDMENTS.keys() <= recorded
