"""The number of open streams is limited, and refused SDKs can poll."""

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import AsgiApp
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token, revoke_token
from tests.rest_compat.conftest import FEATURES, SECRETS, client_of, elsewhere
from tests.rest_compat.sdk.streams import Stream

STREAMING = "/api/client/streaming"
EVENTS = "/ofrep/v1/events"
CLIENT = SECRETS[ApiTokenType.CLIENT, "default"]
STAGING = SECRETS[ApiTokenType.CLIENT, "staging"]
FRONTEND = SECRETS[ApiTokenType.FRONTEND, "default"]


@pytest.fixture
def app(store: Store) -> AsgiApp:
    """An edge with a limit of three streams, and of two streams per token."""
    return rest_app(store, RestConfig(max_streams=3, max_streams_per_token=2), elsewhere)


def stream(app: AsgiApp, token: str = CLIENT, path: str = STREAMING) -> Stream:
    return Stream(app, path, authorization=token)


def parts_of(answer: httpx.Response) -> tuple[int, str, str, str]:
    body = answer.json()
    assert body.keys() == {"id", "name", "message", "details"}
    return answer.status_code, answer.headers["retry-after"], body["name"], body["message"]


async def test_a_token_has_so_many_streams_and_may_poll_nevertheless(app: AsgiApp) -> None:
    client = client_of(app, CLIENT)
    async with stream(app), stream(app, path=EVENTS):
        refused = await client.get(STREAMING)
        events = await client.get(EVENTS)
        polled = await client.get(FEATURES)
        async with stream(app, STAGING) as other:
            assert other.status == 200

    message = "A token may have at most 2 open streams; poll instead."
    assert parts_of(refused) == (429, "60", "TooManyRequestsError", message)
    assert (events.status_code, events.headers["retry-after"]) == (429, "60")
    assert events.json() == {"errorCode": "GENERAL", "errorDetails": message}
    assert polled.status_code == 200


async def test_all_tokens_together_have_so_many_streams(app: AsgiApp) -> None:
    async with stream(app), stream(app), stream(app, FRONTEND, EVENTS):
        refused = await client_of(app, STAGING).get(STREAMING)
        polled = await client_of(app, STAGING).get(FEATURES)

    message = "The server may have at most 3 open streams; poll instead."
    assert parts_of(refused) == (429, "60", "TooManyRequestsError", message)
    assert polled.status_code == 200


async def test_a_ticket_counts_as_its_token(app: AsgiApp) -> None:
    answer = await client_of(app, FRONTEND).post("/ofrep/v1/evaluate/flags", json={"context": {}})
    address = answer.json()["eventStreams"][0]["endpoint"]["requestUri"]

    async with stream(app, FRONTEND, EVENTS), Stream(app, address):
        assert (await client_of(app).get(address)).status_code == 429


async def test_strangers_share_what_one_token_has(store: Store) -> None:
    config = RestConfig(client_api="open", max_streams_per_token=1)
    app = rest_app(store, config, elsewhere)

    async with Stream(app, STREAMING) as first, stream(app) as known:
        assert (first.status, known.status) == (200, 200)
        assert (await client_of(app).get(STREAMING)).status_code == 429


async def test_a_stream_that_has_ended_makes_room_however_it_ended(
    store: Store, app: AsgiApp
) -> None:
    async with store.write(SYSTEM) as work:
        token, secret = await create_token(work, name="a", type=ApiTokenType.CLIENT)
    for _ in range(3):
        async with stream(app), stream(app):
            pass  # clients that disconnect
        await client_of(app, CLIENT).head(STREAMING)
    async with stream(app, secret) as revoked, stream(app):
        await revoked.piece()
        async with store.write(SYSTEM) as work:
            await revoke_token(work, token.id)
        assert await revoked.piece() == b""

        async with stream(app) as second, stream(app, STAGING) as third:
            assert (second.status, third.status) == (200, 200)
