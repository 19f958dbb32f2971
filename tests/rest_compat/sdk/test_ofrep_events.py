"""Streams tell OpenFeature's web providers when to evaluate again."""

import httpx
import pytest
import pytest_asyncio

from rest_compat.http.asgi import AsgiApp
from rest_compat.sdk import following
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.fields import ToggleFields
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import update_toggle
from store.operations.tokens import create_token, revoke_token
from tests.rest_compat.conftest import MakeClient, MakeToken, create
from tests.rest_compat.sdk.streams import Stream

FLAGS = "/ofrep/v1/evaluate/flags"
EVENTS = "/ofrep/v1/events"


async def stream_address(client: httpx.AsyncClient) -> str:
    """The address of the stream in bulk answers."""
    (stream,) = (await client.post(FLAGS, json={"context": {}})).json()["eventStreams"]
    assert stream.keys() == {"type", "endpoint"}
    assert stream["type"] == "sse"
    return stream["endpoint"]["requestUri"]


def refetch(revision: int) -> bytes:
    data = rb'{"type":"refetchEvaluation","etag":"\"%d\""}' % revision
    return b"id: %d\nevent: message\ndata: %s\n\n" % (revision, data)


@pytest_asyncio.fixture(loop_scope="session")
async def address(make_client: MakeClient, make_token: MakeToken) -> str:
    return await stream_address(make_client(await make_token(ApiTokenType.FRONTEND)))


async def test_the_address_in_a_bulk_answer_leads_to_a_stream_of_changes(
    store: Store, app: AsgiApp, address: str
) -> None:
    await create(store, "a")
    async with Stream(app, address) as stream:
        assert stream.status == 200
        first = await stream.piece()
        async with store.write(SYSTEM) as work:
            await set_enabled(work, "a", environment="staging", enabled=True)
        async with store.write(SYSTEM) as work:
            await set_enabled(work, "a", enabled=True)

        assert first == refetch(store.snapshot.revision - 2)
        assert await stream.piece() == refetch(store.snapshot.revision)


async def test_changes_of_other_projects_are_not_reported(
    store: Store, app: AsgiApp, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "mine")
    token = await make_token(ApiTokenType.FRONTEND, projects=["default"])
    async with Stream(app, await stream_address(make_client(token))) as stream:
        await stream.piece()
        await create(store, "other", project="shop")
        async with store.write(SYSTEM) as work:
            await update_toggle(work, "mine", ToggleFields(project="shop"))

        assert await stream.piece() == refetch(store.snapshot.revision)


async def test_who_comes_back_knowing_everything_hears_only_of_what_is_new(
    store: Store, app: AsgiApp, address: str
) -> None:
    await create(store, "a")
    known = store.snapshot.revision

    async with Stream(app, address, last_event_id=str(known)) as stream:
        assert await stream.piece() == following.KEEP_ALIVE
    await create(store, "b")
    async with Stream(app, address, last_event_id=str(known)) as stream:
        assert await stream.piece() == refetch(known + 1)


async def test_the_address_says_nothing_of_the_token_and_stays_the_same(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    secret = await make_token(ApiTokenType.FRONTEND)
    client = make_client(secret)
    before = await client.post(FLAGS, json={"context": {}})
    await create(store, "a", project="shop")
    await create(store, "b")

    address = await stream_address(client)

    assert address == before.json()["eventStreams"][0]["endpoint"]["requestUri"]
    token = store.snapshot.token_of(secret)
    assert token is not None
    assert secret not in address
    assert token.secret_hash not in address


@pytest.mark.parametrize(
    ("sent", "prefix"),
    [
        ("/flags", "/flags"),
        ("/shop/flags/", "/shop/flags"),
        ("", ""),
        ("/", ""),
        ("flags", ""),
        ("//evil.test", ""),
        ("https://evil.test", ""),
        ("/a, /b", ""),
        ("/a?b", ""),
    ],
)
async def test_the_address_begins_with_the_path_that_a_proxy_has_taken_off(
    make_client: MakeClient, make_token: MakeToken, sent: str, prefix: str
) -> None:
    client = make_client(await make_token(ApiTokenType.FRONTEND))
    client.headers["x-forwarded-prefix"] = sent

    address, _, _ = (await stream_address(client)).partition("?")

    assert address == prefix + EVENTS


@pytest.mark.parametrize(
    "query", ["", "?ticket=", "?ticket=x", "?ticket=.", "?ticket=%00.%ff", "?ticket=" + "x" * 2_000]
)
async def test_without_a_ticket_or_a_token_there_is_no_stream(
    make_client: MakeClient, query: str
) -> None:
    assert (await make_client().get(EVENTS + query)).status_code == 401


async def test_tickets_open_no_other_door(make_client: MakeClient, address: str) -> None:
    _, _, query = address.partition("?")
    client = make_client()

    assert (await client.get(f"/api/client/features?{query}")).status_code == 401
    assert (await client.get(f"/api/client/streaming?{query}")).status_code == 401
    assert (await client.post(f"{FLAGS}?{query}", json={})).status_code == 401


async def test_a_ticket_ends_with_its_token(store: Store, app: AsgiApp) -> None:
    async with store.write(SYSTEM) as work:
        token, secret = await create_token(work, name="a", type=ApiTokenType.FRONTEND)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://x", headers={"x-api-key": secret}
    ) as client:
        address = await stream_address(client)
        async with Stream(app, address) as stream:
            await stream.piece()
            async with store.write(SYSTEM) as work:
                await revoke_token(work, token.id)
            assert await stream.piece() == b""
        client.headers.clear()

        assert (await client.get(address)).status_code == 401


async def test_a_stream_ends_with_the_feeds_of_its_store(
    store: Store, app: AsgiApp, address: str
) -> None:
    async with Stream(app, address) as stream:
        await stream.piece()
        await create(store, "a")  # a changed store is not reused by other tests
        await stream.piece()

        store.end_feeds()

        assert await stream.piece() == b""


async def test_a_provider_that_another_process_told_is_answered_from_the_revision_it_names(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    client = make_client(await make_token(ApiTokenType.FRONTEND))
    other = await Store.open(f"sqlite:///{store._database.url.database}")
    await create(other, "a", enabled=True)
    revision = other.snapshot.revision
    await other.close()

    params = {"flagConfigEtag": f'"{revision}"'}
    answer = await client.post(FLAGS, json={"context": {}}, params=params)

    assert [flag["key"] for flag in answer.json()["flags"]] == ["a"]
