"""Notifications of commits: in order, without gaps, from this process and from other processes."""

import asyncio
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa

from store import Store
from store.changes import AT_ONCE, Commit, Feed, SlowSubscriberError
from store.model import SYSTEM
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle, update_toggle
from store.sqlite_listening import SqliteListener
from tests.statements import counted_statements

ROOT = Path(__file__).parents[2]
# A separate process that creates toggles in a given database.
WRITER = """
import asyncio, sys
from store import Store
from store.model import SYSTEM
from store.operations.toggles import create_toggle

async def main(url, count):
    store = await Store.open(url)
    for number in range(count):
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name=f"other.{number}")
    await store.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest_asyncio.fixture(loop_scope="module")
async def listener(store_url: str) -> AsyncIterator[Store]:
    """A second store over the database of `store`, as in another process. The second store does not
    poll.
    """
    opened = await Store.open(store_url)
    await opened._tasks[0].close()
    yield opened
    await opened.close()


async def create(store: Store, *names: str) -> None:
    """Create some toggles in one commit."""
    async with store.write(SYSTEM) as work:
        for name in names:
            await create_toggle(work, name=name)


async def take(feed: Feed, last_toggle: str) -> list[Commit]:
    """Return the commits up to the commit that contains a toggle."""
    commits: list[Commit] = []
    async with asyncio.timeout(30):
        async for commit in feed:
            commits.append(commit)
            if any(event.toggle_name == last_toggle for event in commit.events):
                break
    return commits


def reported(commits: Sequence[Commit]) -> list[str | None]:
    """The subjects of the events of some commits."""
    return [event.toggle_name for commit in commits for event in commit.events]


async def test_each_commit_of_this_process_comes_with_its_snapshots_and_events(store: Store):
    async with store.changes.subscribe() as feed:
        beginning = feed.snapshot
        await create(store, "one")
        await create(store, "two", "three")

        first, second = await take(feed, "three")

    assert first.before is beginning
    assert feed.snapshot is second.after
    assert "one" not in first.before.toggles
    assert list(first.after.toggles) == ["one"]
    assert second.before is first.after
    assert second.after is store.snapshot
    assert reported([first, second]) == ["one", "two", "three"]
    numbers = [event.number for commit in (first, second) for event in commit.events]
    assert numbers == sorted(numbers)
    assert {event.revision for event in second.events} == {second.after.revision}


async def test_what_another_process_commits_is_heard_of_without_the_slow_poll(
    store: Store, listener: Store
):
    async with listener.changes.subscribe() as feed:
        for number in range(5):
            await create(store, f"toggle.{number}")
        commits = await take(feed, "toggle.4")

    assert reported(commits) == [f"toggle.{number}" for number in range(5)]
    assert "toggle.4" in listener.snapshot.toggles
    assert [commit.before.revision for commit in commits[1:]] == [
        commit.after.revision for commit in commits[:-1]
    ]


async def test_many_subscribers_let_others_have_their_turn(store: Store):
    rounds = 0
    heard: list[int] = []

    async def count_rounds() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async def hear() -> None:
        async with store.changes.subscribe() as feed:
            await anext(feed)
            heard.append(rounds)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        hearing = [group.create_task(hear()) for _ in range(3 * AT_ONCE)]
        await asyncio.sleep(0)
        counting = group.create_task(count_rounds())
        await create(store, "one")
        await asyncio.wait(hearing)
        counting.cancel()

    together = Counter(heard).values()
    assert sum(together) == 3 * AT_ONCE
    assert max(together) <= AT_ONCE


@pytest.mark.thorough
@pytest.mark.slow
async def test_a_writer_in_a_process_of_its_own_is_heard_of(
    own_store: Store, own_url: str, database: str
):
    if database == "postgresql":
        pytest.skip("to the server, a second store is what a second process is")
    async with own_store.changes.subscribe(outbox=1_000) as feed:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, own_url, "9", cwd=ROOT
        )
        commits = await take(feed, "other.8")
        assert await process.wait() == 0

    assert reported(commits) == [f"other.{number}" for number in range(9)]


async def test_two_processes_that_write_at_once_hear_the_same_in_the_same_order(
    own_store: Store, own_url: str
):
    other = await Store.open(own_url)
    async with own_store.changes.subscribe() as here, other.changes.subscribe() as there:

        async def write(writer: Store, name: str) -> None:
            for number in range(5):
                await create(writer, f"{name}.{number}")

        await asyncio.gather(write(own_store, "a"), write(other, "b"))
        await create(own_store, "last")
        heard_here, heard_there = await asyncio.gather(take(here, "last"), take(there, "last"))
    await other.close()

    assert len(reported(heard_here)) == 11
    assert reported(heard_here) == reported(heard_there)
    revisions = [event.revision for commit in heard_here for event in commit.events]
    assert revisions == list(range(revisions[0], revisions[0] + 11))


async def test_the_log_is_read_once_however_many_subscribe(store: Store):
    feeds = [store.changes.subscribe() for _ in range(50)]

    with counted_statements() as statements:
        await create(store, "one")
        heard = [await take(feed, "one") for feed in feeds]

    assert all(reported(commits) == ["one"] for commits in heard)
    reads = [
        statement
        for statement in statements
        if statement.startswith("SELECT") and "FROM event" in statement
    ]
    assert len(reads) == 1


async def test_who_subscribes_late_gets_only_what_is_newer(store: Store):
    async with store.changes.subscribe() as early:
        await create(store, "one")
        async with store.changes.subscribe() as late:
            assert "one" in late.snapshot.toggles
            await create(store, "two")

            assert reported(await take(late, "two")) == ["two"]
        assert reported(await take(early, "two")) == ["one", "two"]


async def test_slow_subscribers_are_closed_and_the_others_go_on(store: Store):
    async with (
        store.changes.subscribe(outbox=3) as slow,
        store.changes.subscribe(outbox=10) as other,
    ):
        for number in range(5):
            await create(store, f"toggle.{number}")

        assert len(await take(other, "toggle.4")) == 5
        with pytest.raises(SlowSubscriberError):
            await anext(slow)
        await create(store, "one.more")
        with pytest.raises(SlowSubscriberError):
            await anext(slow)


async def test_feeds_end_when_the_store_is_closed(own_store: Store):
    async with own_store.changes.subscribe() as feed:
        waiting = asyncio.create_task(anext(feed, None))
        await asyncio.sleep(0)
        await own_store.close()

        assert await waiting is None
    async with own_store.changes.subscribe() as late:
        assert await anext(late, None) is None


async def test_a_change_that_is_rolled_back_is_not_heard_of(store: Store):
    async with store.changes.subscribe() as feed:
        with pytest.raises(RuntimeError):  # noqa: PT012 (leaving the block is what raises)
            async with store.write(SYSTEM) as work:
                await create_toggle(work, name="never")
                raise RuntimeError
        async with store.write(SYSTEM, dry_run=True) as work:
            await create_toggle(work, name="dry")
        await create(store, "one")

        assert reported(await take(feed, "one")) == ["one"]


async def test_commits_that_could_not_be_read_come_once_the_log_can_be_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("store.changes.RETRY_S", 0.01)
    async with store.changes.subscribe() as feed:
        read, store.changes._read = store.changes._read, _unreadable
        for number in range(3):
            await create(store, f"toggle.{number}")
        await asyncio.sleep(0.05)
        store.changes._read = read

        assert reported(await take(feed, "toggle.2")) == ["toggle.0", "toggle.1", "toggle.2"]


def _unreadable():
    raise sqlite3.OperationalError("disk I/O error")


# The query finds idle listeners. The heartbeat of a listener is an empty statement.
LISTENERS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' "
    "AND (query LIKE 'LISTEN%' OR query = ';')"
)


async def lose_listening_connection(store: Store) -> None:
    """Wait until one connection listens for commits, and make PostgreSQL end it."""
    async with asyncio.timeout(30):
        while len(await _rows(store, f"SELECT pid {LISTENERS}")) < 1:
            await asyncio.sleep(0.01)
        ended = await _rows(store, f"SELECT pid, pg_terminate_backend(pid) {LISTENERS}")
        pids = ", ".join(str(pid) for pid, _ in ended)
        while await _rows(store, f"SELECT 1 FROM pg_stat_activity WHERE pid IN ({pids})"):
            await asyncio.sleep(0.01)
    assert [done for _, done in ended] == [True]


async def _rows(store: Store, statement: str) -> list[tuple[Any, ...]]:
    async with store.read() as session:
        return [tuple(row) for row in await session.execute(sa.text(statement))]


@pytest.fixture
def no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listeners without heartbeats. Only the driver informs the listeners about a lost
    connection.
    """
    monkeypatch.setattr("store.listening.HEARTBEAT_S", 3_600)
    monkeypatch.setattr("store.listening.RECONNECT_INTERVAL_S", 0.01)


@pytest.mark.postgres
async def test_a_listener_whose_connection_is_lost_connects_again(
    store: Store, no_heartbeat: None, listener: Store
):
    await lose_listening_connection(store)

    async with listener.changes.subscribe() as feed:
        await create(store, "while.away")
        assert reported(await take(feed, "while.away")) == ["while.away"]
        await create(store, "afterwards")
        assert reported(await take(feed, "afterwards")) == ["afterwards"]


@pytest.mark.postgres
async def test_a_listener_survives_whatever_the_driver_raises_while_it_subscribes(
    store: Store, listener: Store, monkeypatch: pytest.MonkeyPatch
):
    faults = [
        OSError("Connection reset by peer"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        AttributeError("'NoneType' object has no attribute 'send'"),
    ]
    subscribe = asyncpg.Connection.add_listener

    async def add_listener(connection: asyncpg.Connection, channel: str, callback: Any) -> None:
        if faults:
            raise faults.pop(0)
        await subscribe(connection, channel, callback)

    monkeypatch.setattr("store.listening.RECONNECT_INTERVAL_S", 0.01)
    monkeypatch.setattr(asyncpg.Connection, "add_listener", add_listener)
    async with listener.changes.subscribe() as feed:
        await lose_listening_connection(store)
        async with asyncio.timeout(30):
            while faults:
                await asyncio.sleep(0.01)
        await create(store, "afterwards")

        assert reported(await take(feed, "afterwards")) == ["afterwards"]


async def test_a_look_at_the_file_that_fails_is_not_logged_and_misses_nothing(
    store: Store,
    listener: Store,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    if database == "postgresql":
        pytest.skip("PostgreSQL announces commits, so that nobody looks for them")
    look, failed = SqliteListener._has_changed, 0

    def has_changed(listener: SqliteListener) -> bool:
        nonlocal failed
        if failed < 3:
            failed += 1
            raise sqlite3.OperationalError("database is locked")
        return look(listener)

    monkeypatch.setattr(SqliteListener, "_has_changed", has_changed)
    async with listener.changes.subscribe() as feed:
        async with asyncio.timeout(30):
            while failed < 3:
                await asyncio.sleep(0.01)
        await create(store, "afterwards")
        assert reported(await take(feed, "afterwards")) == ["afterwards"]

    assert "Listening for commits" not in caplog.text


async def test_an_update_is_reported_without_its_documents(store: Store):
    await create(store, "one")
    async with store.changes.subscribe() as feed:
        async with store.write(SYSTEM) as work:
            await update_toggle(work, "one", ToggleFields(description="other"))

        commit = await anext(feed)

    assert [(event.type.name, event.before, event.after) for event in commit.events] == [
        ("TOGGLE_UPDATED", None, None)
    ]
