"""Streams have a maximum age. SDKs that reconnect receive all missed changes."""

import re

import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import AsgiApp
from store import Store
from store.model import ApiTokenType
from store.spreading import retry_field, stream_life_s
from tests.rest_compat.conftest import SECRETS, create, elsewhere
from tests.rest_compat.sdk.streams import Stream

STREAMING = "/api/client/streaming"
EVENTS = "/ofrep/v1/events"
CLIENT = SECRETS[ApiTokenType.CLIENT, "default"]
FRONTEND = SECRETS[ApiTokenType.FRONTEND, "default"]


@pytest.fixture
def app(store: Store) -> AsgiApp:
    """An edge whose streams end after a fraction of a second."""
    return rest_app(store, RestConfig(max_stream_age_s=0.2, max_streams=1), elsewhere)


async def to_the_end(stream: Stream) -> list[bytes]:
    """All chunks before the empty chunk at the end."""
    pieces: list[bytes] = []
    while piece := await stream.piece():
        pieces.append(piece)
    return pieces


async def test_an_sdk_whose_stream_has_ended_goes_on_from_what_it_holds(
    store: Store, app: AsgiApp
) -> None:
    await create(store, "a")
    async with Stream(app, STREAMING, authorization=CLIENT) as first:
        number, name, _ = await first.event()
        last = (await to_the_end(first))[-1]
    await create(store, "b")

    async with Stream(app, STREAMING, authorization=CLIENT, last_event_id=str(number)) as second:
        assert second.status == 200
        _, again, (event,) = await second.event()

    assert (name, again) == ("unleash-connected", "unleash-connected")
    assert re.fullmatch(rb"retry: \d{4}\n\n", last)
    assert (event["type"], event["feature"]["name"]) == ("feature-updated", "b")


async def test_a_provider_whose_stream_has_ended_hears_of_what_was_meanwhile(
    store: Store, app: AsgiApp
) -> None:
    async with Stream(app, EVENTS, authorization=FRONTEND) as first:
        pieces = await to_the_end(first)
    known = store.snapshot.revision
    await create(store, "a")

    async with Stream(app, EVENTS, authorization=FRONTEND, last_event_id=str(known)) as second:
        piece = await second.piece()

    assert re.fullmatch(rb"retry: \d{4}\n\n", pieces[-1])
    assert piece.startswith(b"id: %d\nevent: message\n" % store.snapshot.revision)


def test_lives_and_pauses_are_spread() -> None:
    lives = [stream_life_s(3_600) for _ in range(1_000)]
    pauses = [int(retry_field().split()[1]) for _ in range(1_000)]

    assert min(lives) >= 1_800
    assert max(lives) <= 3_600
    assert {int(life) // 300 for life in lives} >= {6, 7, 8, 9, 10, 11}
    assert min(pauses) >= 1_000
    assert max(pauses) <= 3_000
    assert {pause // 500 for pause in pauses} >= {2, 3, 4, 5}
