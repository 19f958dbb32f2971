"""Events and change sets are deleted after the retention times in the settings, and SQLite files
shrink.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.clock_skew import utc_now
from store.database import Database
from store.events import ChangeSetState, EventType, SubjectKind
from store.model import SYSTEM
from store.operations.change_sets import RequestedChange, start_change_set
from store.operations.fields import ToggleFields
from store.operations.scheduling import cancel_change_set, schedule_changes
from store.operations.toggles import archive_toggle, create_toggle, delete_toggle, update_toggle
from store.rows import ChangeSetRow, EventRow, ScheduleRow
from store.sqlite_engine import LOG_LIMIT_BYTES
from store.sqlite_space import SPARE_PAGES, give_back_space
from store.unit_of_work import UnitOfWork
from store.usage.retention import Retention, remove_expired
from tests.store.usage.reporting import count, rows

EVENT = table_of(EventRow)
CHANGE_SET = table_of(ChangeSetRow)
SCHEDULE = table_of(ScheduleRow)
DAY = timedelta(days=1)
# These rows take more space than a file reserves for future rows.
EVENTS = 100
EVENT_BYTES = 100_000
DEADLINE_S = 60


async def change(store: Store) -> None:
    """Create a toggle in a change set and update it later. Also create and delete another
    toggle.
    """
    async with store.write(SYSTEM) as work:
        start_change_set(work, comment="First.")
        await create_toggle(work, name="there")
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="gone")
    async with store.write(SYSTEM) as work:
        await update_toggle(work, "there", ToggleFields(description="Second."))
    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "gone")
        await delete_toggle(work, "gone")


async def remove(store: Store, retention: Retention, age: timedelta) -> None:
    await remove_expired(
        store._database, store.usage_tracker.limits, store.clock() + age, retention
    )


async def test_old_events_go_but_the_newest_of_each_toggle_and_of_all(store: Store) -> None:
    await change(store)
    before = await count(store, EVENT)

    await remove(store, Retention(), 3650 * DAY)
    await remove(store, Retention(events=2 * DAY), DAY)
    remaining = await count(store, EVENT)
    await remove(store, Retention(events=2 * DAY), 3 * DAY)

    assert remaining == before
    assert await rows(store, EVENT, "type", "toggle_name") == [
        ("TOGGLE_DELETED", "gone"),
        ("TOGGLE_UPDATED", "there"),
    ]


async def test_clients_that_hold_what_events_no_longer_report_get_everything(own_url: str) -> None:
    store = await Store.open(own_url, retention=Retention(events=DAY))
    await change(store)
    first = store.first_revision
    async with store._database.begin_write() as connection:
        await connection.execute(
            sa.update(EVENT).where(EVENT.c.revision <= 2).values(created_at=store.clock() - 2 * DAY)
        )

    await store._find_first_revision()

    assert first <= 1
    assert store.first_revision == 3
    await store.close()


@pytest.mark.thorough
async def test_the_work_in_the_background_removes_old_events_and_gives_back_their_space(
    own_url: str, database: str
) -> None:
    ahead = timedelta()
    store = await Store.open(
        own_url, clock=lambda: utc_now() + ahead, retention=Retention(events=2 * DAY)
    )
    await change(store)
    for number in range(EVENTS):
        async with store.write(SYSTEM) as work:
            await update_toggle(work, "there", ToggleFields(description=f"{number}"))
    async with store._database.begin_write() as connection:
        await connection.execute(sa.update(EVENT).values(summary="x" * EVENT_BYTES))
    sizes: list[int] = []
    if database == "sqlite":
        # A checkpoint that the commit has started may be under way.
        assert store._database._checkpoints is not None
        await store._database._checkpoints.finish()
        await store._database.checkpoint()
        sizes.append(_file_size(own_url))

    ahead = 3 * DAY
    async with asyncio.timeout(DEADLINE_S):
        while await count(store, EVENT) > 1 or (sizes and _file_size(own_url) > sizes[0] / 2):
            await asyncio.sleep(0.1)
    left = await rows(store, EVENT, "type", "toggle_name")
    await store.close()

    assert left == [("TOGGLE_UPDATED", "there")]


def _file_size(url: str) -> int:
    return Path(url.removeprefix("sqlite:///")).stat().st_size


async def test_old_change_sets_go_and_their_events_stay(store: Store) -> None:
    await change(store)
    before = await count(store, EVENT)

    await remove(store, Retention(change_sets=2 * DAY), DAY)
    remaining = await count(store, CHANGE_SET)
    await remove(store, Retention(change_sets=2 * DAY), 3 * DAY)

    assert remaining == 1
    assert await count(store, CHANGE_SET) == 0
    assert await count(store, EVENT) == before
    assert {key for (key,) in await rows(store, EVENT, "change_set_id")} == {None}


async def test_scheduled_change_sets_stay_until_they_have_ended(store: Store) -> None:
    async def create(work: UnitOfWork) -> object:
        return await create_toggle(work, name="later")

    change = RequestedChange(create, (), EventType.TOGGLE_CREATED, SubjectKind.TOGGLE, "later")
    now = store.clock()
    async with store.write(SYSTEM) as work:
        made = await schedule_changes(work, [change], [], apply_at=now + 30 * DAY, now=now)
    assert made.change_set is not None

    await remove(store, Retention(change_sets=2 * DAY), 3 * DAY)
    remaining = [await count(store, table) for table in (CHANGE_SET, SCHEDULE)]
    async with store.write(SYSTEM) as work:
        await cancel_change_set(work, made.change_set.id)
    await remove(store, Retention(change_sets=2 * DAY), 3 * DAY)

    assert remaining == [1, 1]
    assert [await count(store, table) for table in (CHANGE_SET, SCHEDULE)] == [0, 0]


@pytest.mark.parametrize("state", [ChangeSetState.APPLIED, ChangeSetState.REFUSED])
async def test_the_age_of_change_sets_counts_from_their_end(
    store: Store, state: ChangeSetState
) -> None:
    now = store.clock()
    end = now + 30 * DAY
    async with store.write(SYSTEM) as work:
        await schedule_changes(work, [], [], apply_at=end, now=now)
    applied_at = end if state is ChangeSetState.APPLIED else None
    async with store._database.begin_write() as connection:
        await connection.execute(
            sa.update(CHANGE_SET).values(state=state.value, applied_at=applied_at)
        )

    await remove(store, Retention(change_sets=2 * DAY), 31 * DAY)
    remaining = await count(store, CHANGE_SET)
    await remove(store, Retention(change_sets=2 * DAY), 33 * DAY)

    assert (remaining, await count(store, CHANGE_SET)) == (1, 0)


def fill(file: Path, size: int) -> None:
    """Create and delete a table of this many bytes in a database."""
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE filling (a)")
    connection.executemany(
        "INSERT INTO filling VALUES (?)", [(os.urandom(10_000),)] * (size // 10_000)
    )
    connection.commit()
    connection.execute("DROP TABLE filling")
    connection.commit()
    connection.close()


@pytest.fixture
def sqlite_file(
    tmp_path: Path,
    migrated_database: Callable[[str], str],
    copy_database: Callable[[str, Path], str],
) -> Path:
    """A migrated database, from a fixture, because migrations cannot run inside an event loop."""
    return Path(copy_database(migrated_database("sqlite"), tmp_path).removeprefix("sqlite:///"))


async def test_a_file_gives_space_back_even_if_an_earlier_version_made_it(
    sqlite_file: Path,
) -> None:
    connection = sqlite3.connect(sqlite_file)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA auto_vacuum=NONE")
    connection.execute("VACUUM")
    connection.close()

    store = await Store.open(f"sqlite:///{sqlite_file}")
    fill(sqlite_file, 30_000_000)
    await give_back_space(store._database)
    await store._database.empty_log()
    connection = sqlite3.connect(sqlite_file)
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    connection.close()
    await store.close()

    assert free <= SPARE_PAGES
    assert sqlite_file.stat().st_size < 10_000_000


async def test_the_log_shrinks_again_once_nobody_reads_in_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    log = tmp_path / "a.db-wal"
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    for _ in range(8):
        async with database.begin_write() as connection:
            await connection.exec_driver_sql("INSERT INTO t VALUES (randomblob(10000000))")
    await give_back_space(database)
    grown = log.stat().st_size
    reader.close()

    await give_back_space(database)

    assert grown > LOG_LIMIT_BYTES
    assert log.stat().st_size == 0
    await database.close()
