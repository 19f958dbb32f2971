"""A limited number of answers is recorded, and only as long as their snapshot is the newest."""

import asyncio
import gc
from weakref import ref

import pytest

from flagstaff import repeated_polls
from flagstaff.repeated_polls import RepeatedPolls
from flagstaff.settings import Settings
from store import Store
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from tests.flagstaff.repeated_polls.polling import (
    FEATURES,
    Connection,
    Servers,
    add_client,
    add_toggles,
    poll,
    served,
    tag_of,
)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that tests reach quickly."""
    monkeypatch.setattr(repeated_polls, "MAX_ANSWERS", 10)
    monkeypatch.setattr(repeated_polls, "MAX_BYTES", 20_000)
    monkeypatch.setattr(repeated_polls, "MAX_BODY_BYTES", 15_000)


def recorded(store: Store) -> dict[bytes, repeated_polls.Answer]:
    """The recorded answers at the newest snapshot."""
    answers: repeated_polls.Answers | None = store.snapshot.memo.get(RepeatedPolls)
    return {} if answers is None else answers.by_request


@pytest.mark.usefixtures("few")
async def test_a_limited_number_of_answers_is_recorded(
    store: Store, servers: Servers, client: Connection
) -> None:
    tag = await tag_of(client, X_Number="first")

    for number in range(35):
        assert (await client.ask(poll(if_none_match=tag, X_Number=str(number)))).status == 304
        assert len(recorded(store)) <= 10

    servers.asked.clear()
    await client.ask(poll(if_none_match=tag, X_Number="34"))
    assert not servers.asked


@pytest.mark.usefixtures("few")
async def test_a_limited_number_of_bytes_is_recorded(
    store: Store, servers: Servers, client: Connection
) -> None:
    # Each prefix selects all toggles. Each body contains the query, so the bodies differ.
    for number in range(20):
        prefix = "toggle-0"[: number % 8 + 1]
        await client.ask(poll(f"{FEATURES}?namePrefix={prefix}", X_Number=str(number)))
        pieces = {id(piece): piece for one in recorded(store).values() for piece in one.body}
        size = sum(map(len, recorded(store))) + sum(map(len, pieces.values()))
        assert 0 < size <= 20_000


@pytest.mark.usefixtures("few")
async def test_answers_with_the_same_body_count_it_once(
    store: Store, servers: Servers, client: Connection
) -> None:
    body = (await client.ask(poll())).body

    for number in range(5):
        await client.ask(poll(X_Number=str(number)))

    assert 4_000 < len(body) < 15_000
    assert len(recorded(store)) == 6


async def test_the_largest_bodies_are_not_recorded(
    store: Store, servers: Servers, client: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeated_polls, "MAX_BODY_BYTES", 1_000)

    assert len((await client.ask(poll())).body) > 1_000

    assert not recorded(store)


@pytest.mark.parametrize("proxies", [(), ("127.0.0.1",)])
async def test_connections_keep_no_snapshot(proxies: tuple[str, ...], store: Store) -> None:
    await add_client(store)
    await add_toggles(store, 1)
    polled = ref(store.snapshot)
    async with served(store, Settings(trusted_proxies=proxies)) as servers:
        client, other = await servers.connect(), await servers.connect()
        for request in (poll(X_Request_Id="mine"), poll(), poll()):
            assert (await client.ask(request)).status == 200
        assert (await other.ask(poll())).status == 200

        await add_toggles(store, 1, prefix="later")
        for _ in range(100):
            # Background tasks may still refer to the snapshot.
            gc.collect()
            if polled() is None:
                break
            await asyncio.sleep(0.05)

        assert polled() is None


async def test_a_snapshot_takes_its_answers_with_it(store: Store, client: Connection) -> None:
    await client.ask(poll())
    assert recorded(store)
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="new")

    assert not recorded(store)


async def test_pieces_that_answers_share_count_once(
    store: Store, servers: Servers, client: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.write(SYSTEM) as work:
        for number in range(600):
            await create_toggle(work, name=f"more-{number}")
    body = (await client.ask(poll(accept_encoding="identity"))).body
    monkeypatch.setattr(repeated_polls, "MAX_BYTES", 2 * len(body))

    for number in range(5):
        await client.ask(poll(accept_encoding="identity", X_Number=str(number)))

    answers = recorded(store).values()
    assert len(answers) == 6
    assert all(len(answer.body) > 3 for answer in answers)
    assert len({id(piece) for answer in answers for piece in answer.body}) == len(
        next(iter(answers)).body
    )
