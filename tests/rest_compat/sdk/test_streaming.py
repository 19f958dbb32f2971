"""Changes that SDKs receive on streams, and changes that they poll."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from rest_compat.http.asgi import AsgiApp
from rest_compat.sdk import following, message_cache
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import delete_environment
from store.operations.fields import SegmentFields, ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment, delete_segment, update_segment
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, delete_toggle, update_toggle
from store.operations.tokens import create_token, revoke_token, update_token
from store.values import Constraint
from tests.rest_compat.conftest import MakeClient, MakeToken, create
from tests.rest_compat.sdk.streams import Stream

STREAMING = "/api/client/streaming"
DELTA = "/api/client/delta"


@pytest_asyncio.fixture(loop_scope="session")
async def token(make_token: MakeToken) -> str:
    return await make_token()


@pytest_asyncio.fixture(loop_scope="session")
async def stream(app: AsgiApp, token: str) -> AsyncIterator[Stream]:
    async with Stream(app, STREAMING, authorization=token) as opened:
        yield opened


def changes_in(events: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """The types of events, and the names of their toggles."""
    return [
        (event["type"], event.get("featureName") or event.get("feature", {}).get("name"))
        for event in events
    ]


async def test_a_stream_begins_with_all_toggles_and_goes_on_with_changes(
    store: Store, app: AsgiApp, token: str
) -> None:
    await create(store, "a", "b")
    async with Stream(app, STREAMING, authorization=token) as stream:
        assert stream.status == 200
        number, name, (first,) = await stream.event()
        assert (name, number, first["eventId"]) == (
            "unleash-connected",
            store.snapshot.revision,
            store.snapshot.revision,
        )
        assert first["type"] == "hydration"
        assert [feature["name"] for feature in first["features"]] == ["a", "b"]

        async with store.write(SYSTEM) as work:
            await set_enabled(work, "a", enabled=True)

        number, name, (event,) = await stream.event()
        assert (name, number) == ("unleash-updated", store.snapshot.revision)
        assert (event["type"], event["eventId"]) == ("feature-updated", number)
        assert (event["feature"]["name"], event["feature"]["enabled"]) == ("a", True)


async def test_what_is_archived_or_deleted_is_removed_once(store: Store, stream: Stream) -> None:
    await create(store, "a")
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "a")
    async with store.write(SYSTEM) as work:
        await delete_toggle(work, "a")
    await create(store, "z")

    seen = [changes_in((await stream.event())[2]) for _ in range(4)]

    assert seen[1:] == [
        [("feature-updated", "a")],
        [("feature-removed", "a")],
        [("feature-updated", "z")],
    ]


async def test_changes_elsewhere_are_not_reported(store: Store, stream: Stream) -> None:
    await create(store, "a")
    async with store.write(SYSTEM) as work:
        await set_enabled(work, "a", environment="staging", enabled=True)
    await create(store, "b")

    seen = [changes_in((await stream.event())[2]) for _ in range(3)]

    assert seen[1:] == [[("feature-updated", "a")], [("feature-updated", "b")]]


async def test_projects_outside_of_the_token_stay_unknown_and_toggles_can_leave(
    store: Store, app: AsgiApp, make_token: MakeToken
) -> None:
    await create(store, "mine")
    token = await make_token(projects=["default"])
    async with Stream(app, STREAMING, authorization=token) as stream:
        await stream.event()
        await create(store, "other", project="shop")
        async with store.write(SYSTEM) as work:
            await update_toggle(work, "mine", ToggleFields(project="shop"))

        (event,) = (await stream.event())[2]
        assert changes_in([event]) == [("feature-removed", "mine")]
        assert event["project"] == "default"


async def test_what_leaves_the_projects_of_a_token_and_is_deleted_leaves_its_old_project(
    store: Store, app: AsgiApp, make_token: MakeToken
) -> None:
    await create(store, "mine", "moved")
    await create(store, "other", project="shop")
    token = await make_token(projects=["default"])
    async with Stream(app, STREAMING, authorization=token) as stream:
        await stream.event()
        async with store.write(SYSTEM) as work:
            await update_toggle(work, "mine", ToggleFields(project="shop"))
            await archive_toggle(work, "mine")
            await delete_toggle(work, "mine")
            await update_toggle(work, "moved", ToggleFields(project="shop"))
            await archive_toggle(work, "moved")

        events = (await stream.event())[2]

    assert sorted(changes_in(events)) == [("feature-removed", "mine"), ("feature-removed", "moved")]
    assert {event["project"] for event in events} == {"default"}


async def test_a_segment_comes_before_the_toggles_that_use_it(store: Store, stream: Stream) -> None:
    await stream.event()
    async with store.write(SYSTEM) as work:
        segment = await create_segment(
            work,
            name="beta",
            fields=SegmentFields(constraints=(Constraint("userId", "IN", ("1",)),)),
        )
    strategies = [StrategySpec(name="default", segments=(segment.id,))]
    await create(store, "a", strategies=strategies)
    async with store.write(SYSTEM) as work:
        await update_segment(
            work, segment.id, SegmentFields(constraints=(Constraint("userId", "IN", ("1", "2")),))
        )
    async with store.write(SYSTEM) as work:
        await configure_toggle(work, "a", strategies=[StrategySpec(name="default")])
        await delete_segment(work, segment.id)

    used = (await stream.event())[2]
    changed = (await stream.event())[2]
    gone = (await stream.event())[2]

    assert [item["type"] for item in used] == ["segment-updated", "feature-updated"]
    assert used[1]["feature"]["strategies"][0]["segments"] == [segment.id]
    assert [item["type"] for item in changed] == ["segment-updated"]
    assert changed[0]["segment"]["constraints"][0]["values"] == ["1", "2"]
    assert [item["type"] for item in gone] == ["feature-updated", "segment-removed"]
    assert gone[1]["segmentId"] == segment.id


async def test_coming_back_with_an_id_brings_what_was_missed(
    store: Store, app: AsgiApp, token: str
) -> None:
    await create(store, "a", "b", "c", "d")
    known = store.snapshot.revision
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "c")
        await archive_toggle(work, "d")
    async with store.write(SYSTEM) as work:
        await delete_toggle(work, "d")
        await set_enabled(work, "a", enabled=True)

    headers = {"authorization": token, "last_event_id": str(known)}
    async with Stream(app, STREAMING, **headers) as stream:
        number, name, events = await stream.event()

    assert (number, name) == (store.snapshot.revision, "unleash-connected")
    assert sorted(changes_in(events)) == [
        ("feature-removed", "c"),
        ("feature-removed", "d"),
        ("feature-updated", "a"),
    ]


@pytest.mark.parametrize("known", ["999999999", "x", "-1", "", "9" * 30])
async def test_an_id_that_never_was_brings_everything(
    store: Store, app: AsgiApp, token: str, known: str
) -> None:
    await create(store, "a")

    async with Stream(app, STREAMING, authorization=token, last_event_id=known) as stream:
        _, _, events = await stream.event()

    assert [event["type"] for event in events] == ["hydration"]


@pytest.mark.parametrize("query", ["project=shop", "project[]=shop", "project[0]=shop"])
async def test_a_filter_may_be_written_as_a_list(
    store: Store, app: AsgiApp, client: httpx.AsyncClient, token: str, query: str
) -> None:
    await create(store, "a", project="shop")
    await create(store, "b", project="blog")

    polled = (await client.get(f"{DELTA}?{query}")).json()["events"][0]
    async with Stream(app, f"{STREAMING}?{query}", authorization=token) as stream:
        _, _, (event,) = await stream.event()

    assert [feature["name"] for feature in event["features"]] == ["a"]
    assert [feature["name"] for feature in polled["features"]] == ["a"]


async def test_filters_of_the_list_hold_for_the_stream(
    store: Store, app: AsgiApp, token: str
) -> None:
    await create(store, "shop.a", "blog.a")
    async with Stream(app, f"{STREAMING}?namePrefix=shop.", authorization=token) as stream:
        _, _, (first,) = await stream.event()
        await create(store, "blog.b")
        await create(store, "shop.b")

        assert [feature["name"] for feature in first["features"]] == ["shop.a"]
        assert changes_in((await stream.event())[2]) == [("feature-updated", "shop.b")]


async def test_a_stream_ends_with_its_token(store: Store, app: AsgiApp) -> None:
    async with store.write(SYSTEM) as work:
        revoked, secret = await create_token(work, name="a", type=ApiTokenType.CLIENT)
    async with Stream(app, STREAMING, authorization=secret) as stream:
        await stream.event()

        async with store.write(SYSTEM) as work:
            await revoke_token(work, revoked.id)

        assert await stream.piece() == b""


async def test_a_stream_ends_when_its_token_expires(store: Store, app: AsgiApp) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    async with store.write(SYSTEM) as work:
        _, secret = await create_token(work, name="a", type=ApiTokenType.CLIENT, expires_at=soon)
    async with Stream(app, STREAMING, authorization=secret) as stream:
        await stream.event()

        assert (await stream.piece()) in (b"", b":keep-alive\n\n")


async def test_a_stream_ends_when_its_token_has_come_to_expire_earlier(
    store: Store, app: AsgiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "KEEP_ALIVE_S", 0.2)
    async with store.write(SYSTEM) as work:
        token, secret = await create_token(work, name="a", type=ApiTokenType.CLIENT)
    async with Stream(app, STREAMING, authorization=secret) as stream:
        await stream.event()
        async with store.write(SYSTEM) as work:
            soon = datetime.now(UTC) + timedelta(seconds=0.5)
            await update_token(work, token.id, expires_at=soon)

        for _ in range(20):
            if await stream.piece() == b"":
                return
    raise AssertionError("The stream goes on.")


async def test_a_sign_of_life_comes_while_nothing_changes(
    app: AsgiApp, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "KEEP_ALIVE_S", 0.05)

    async with Stream(app, STREAMING, authorization=token) as stream:
        await stream.event()

        assert await stream.piece() == b":keep-alive\n\n"


async def test_a_stream_ends_with_the_feeds_of_its_store(
    store: Store, app: AsgiApp, token: str
) -> None:
    async with Stream(app, STREAMING, authorization=token) as stream:
        await stream.event()
        await create(store, "a")  # a changed store is not reused by other tests
        await stream.event()

        store.end_feeds()

        assert await stream.piece() == b""


async def test_a_stream_ends_once_too_many_commits_wait_for_its_reader(
    store: Store, stream: Stream
) -> None:
    await stream.event()
    (feed,) = store.changes._feeds
    feed._outbox = 0

    await create(store, "a")

    assert await stream.piece() == b""
    assert not store.changes._feeds


async def test_a_stream_ends_with_its_environment(
    store: Store, app: AsgiApp, make_token: MakeToken
) -> None:
    token = await make_token(environment="staging")
    tokens = [item.id for item in store.snapshot.tokens.values() if item.environment == "staging"]
    async with Stream(app, STREAMING, authorization=token) as stream:
        await stream.event()
        async with store.write(SYSTEM) as work:
            for number in tokens:
                await revoke_token(work, number)
            await delete_environment(work, "staging")

        assert await stream.piece() == b""


@pytest.mark.parametrize("path", [STREAMING, DELTA])
async def test_streams_are_for_client_tokens(
    make_client: MakeClient, make_token: MakeToken, path: str
) -> None:
    assert (await make_client().get(path)).status_code == 401
    frontend = make_client(await make_token(ApiTokenType.FRONTEND))
    assert (await frontend.get(path)).status_code == 403


async def test_requesting_changes_begins_with_everything(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "a")

    answer = await client.get(DELTA)

    assert [event["type"] for event in answer.json()["events"]] == ["hydration"]
    assert answer.headers["etag"].startswith(f'"{store.snapshot.revision}-')


async def test_asking_again_brings_what_changed_and_304_where_nothing_did(
    store: Store, client: httpx.AsyncClient
) -> None:
    await create(store, "a", "b")
    headers = {"if-none-match": (await client.get(DELTA)).headers["etag"]}
    async with store.write(SYSTEM) as work:
        await set_enabled(work, "a", environment="staging", enabled=True)

    elsewhere = await client.get(DELTA, headers=headers)
    async with store.write(SYSTEM) as work:
        await set_enabled(work, "b", enabled=True)
    changed = await client.get(DELTA, headers=headers)

    assert (elsewhere.status_code, elsewhere.content) == (304, b"")
    assert ("feature-updated", "b") in changes_in(changed.json()["events"])
    again = await client.get(DELTA, headers={"if-none-match": changed.headers["etag"]})
    assert again.status_code == 304


async def test_what_one_token_holds_says_nothing_of_another_one(
    store: Store, client: httpx.AsyncClient, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "a")
    headers = {"if-none-match": (await client.get(DELTA)).headers["etag"]}

    for other, path in (
        (make_client(await make_token(environment="staging")), DELTA),
        (make_client(await make_token(projects=["default"])), DELTA),
        (client, f"{DELTA}?namePrefix=b"),
    ):
        answer = await other.get(path, headers=headers)
        assert answer.status_code == 200
        assert [event["type"] for event in answer.json()["events"]] == ["hydration"]


def test_messages_are_kept_as_long_as_they_are_not_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(message_cache, "MAX_BYTES", 10)
    messages, made = message_cache.MessageCache(), list[str]()

    def make(name: str) -> bytes:
        made.append(name)
        return b"x" * 4

    for name in "ababcabcc":
        messages.get_or_make((name,), lambda name=name: make(name))

    assert made == ["a", "b", "c", "a", "b", "c"]
    assert messages._size == 8


def test_only_so_many_messages_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_cache, "MAX_MESSAGES", 2)
    messages, made = message_cache.MessageCache(), list[str]()

    for name in "abbac" + "bca":
        messages.get_or_make((name,), lambda name=name: made.append(name))

    assert made == ["a", "b", "c", "a"]


def test_the_last_message_is_kept_regardless_of_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_cache, "MAX_BYTES", 10)
    messages, made = message_cache.MessageCache(), list[str]()

    def make(name: str) -> bytes:
        made.append(name)
        return b"x" * 11

    sizes = [
        len(messages.get_or_make((name,), lambda name=name: make(name)) or b"") for name in "aabba"
    ]

    assert sizes == [11] * 5
    assert made == ["a", "b", "a"]
