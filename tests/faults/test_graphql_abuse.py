"""No abusive request to `/graphql` breaks or blocks the server, or gets a long answer."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor, wait

import graphql
import httpx
import pytest

from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.settings import Settings
from store import Store
from tests.faults.abuses import Abuse, abuses
from tests.server import ADMIN_TOKEN, Server
from tests.steps import steps_at_a_time, steps_to

LARGEST_ANSWER = 128_000
# The maximum number of steps for which an abuse may block other tasks. The unit is parsing a
# harmless document of the maximum size, which takes about 70 ms.
MAX_HELD_UP = 4
HARMLESS = "{ viewer { " + "canWrite " * 3_900 + "} }"

HEALTH_INTERVAL_S = 0.01
NO_KEEP_ALIVE = httpx.Limits(max_keepalive_connections=0)

pytestmark = pytest.mark.slow


@pytest.fixture
async def client(sqlite_store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """The application in this process, called with an admin token."""
    settings = Settings(init_admin_tokens=(ADMIN_TOKEN,))
    await provide_tokens(sqlite_store, settings)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(compose(sqlite_store, settings)),
        base_url="http://localhost",
        headers={"Authorization": ADMIN_TOKEN},
    ) as made:
        yield made


@pytest.mark.thorough
def test_every_abuse_is_answered_as_it_must_be_while_health_answers(server: Server) -> None:
    headers = {"Authorization": ADMIN_TOKEN}
    wrong: list[str] = []
    with (
        httpx.Client(base_url=server.url, headers=headers, timeout=60, verify=False) as abuser,
        # Each abuse has a new connection, because a blocked connection may be closed as idle.
        httpx.Client(
            base_url=server.url, timeout=60, verify=False, limits=NO_KEEP_ALIVE
        ) as watcher,
        ThreadPoolExecutor(1) as executor,
    ):
        for abuse in abuses():
            sent = executor.submit(_send, abuser, abuse)
            while True:
                health = watcher.get("/health")
                assert health.status_code == 200, abuse.name
                if wait([sent], timeout=HEALTH_INTERVAL_S).done:
                    break
            wrong += _faults(abuse, sent.result())
        toggle = abuser.post("/graphql", json={"query": '{ toggle(name: "planted") { id } }'})

    assert wrong == []
    assert toggle.json() == {"data": {"toggle": None}}
    assert "Traceback" not in server.log


@pytest.mark.thorough
async def test_no_abuse_holds_up_others_for_long(client: httpx.AsyncClient) -> None:
    maximum = MAX_HELD_UP * steps_to(lambda: graphql.parse(HARMLESS))
    held_up: dict[str, int] = {}

    for abuse in abuses():
        async with steps_at_a_time() as turns:
            await client.request(
                abuse.method, abuse.target, content=abuse.content, headers=abuse.headers
            )
        held_up[abuse.name] = max(turns)

    assert {name: steps for name, steps in held_up.items() if steps > maximum} == {}


def _send(client: httpx.Client, abuse: Abuse) -> httpx.Response:
    return client.request(abuse.method, abuse.target, content=abuse.content, headers=abuse.headers)


def _faults(abuse: Abuse, response: httpx.Response) -> list[str]:
    """The differences between an answer and the expected answer."""
    errors = response.json().get("errors", [])
    codes = {error["extensions"]["code"] for error in errors}
    expected = {abuse.code} if abuse.code else set()
    faults: list[str] = []
    if (response.status_code, codes) != (abuse.status, expected):
        faults.append(f"{abuse.name}: {response.status_code} {codes}")
    if len(errors) > 20 or len(response.content) > LARGEST_ANSWER:
        faults.append(f"{abuse.name}: {len(errors)} errors in {len(response.content)} bytes")
    return faults
