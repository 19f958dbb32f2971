"""Kill one of several servers while change sets are due, and check the applied change sets.

    python -m tests.faults.schedules [--times 10] [--database sqlite|postgresql|all] [--seed 1]

Each round schedules a hundred change sets for the same second. With PostgreSQL there are three
servers, and one server is killed (SIGKILL). With SQLite there are two servers, and one server is
killed and started again. The program exits with 1 if a change set was not applied exactly once. It
also exits with 1 if the order differs from the order of the scheduled times.
"""

import asyncio
import random
import sys
import tempfile
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from msgspec import Struct

from graph.events.stored_changes import changes_from_json
from graph.schema import schema
from store import Store
from store.aggregates import table_of
from store.change_sets import ChangeSetFilter, list_change_sets
from store.events import ChangeSetState, Event, EventType
from store.events_log import EventFilter, list_events
from store.model import SYSTEM
from store.operations.fields import ToggleFields
from store.operations.scheduling import MAX_SCHEDULED, schedule_changes
from store.operations.toggles import create_toggle
from store.paging import Window
from store.rows import ChangeSetRow
from store.scheduler import LOOK_INTERVAL_S
from tests.faults.kills import DATABASES, empty_databases
from tests.server import TOKENS, ForkedServer

_CHANGE_SET = table_of(ChangeSetRow)
# The names of the toggles begin with this string.
PREFIX = "toggle-"
# After this time, servers have loaded the scheduled change sets.
AHEAD = timedelta(seconds=LOOK_INTERVAL_S + 2)
# The maximum number of queries to the database, ten per second.
MAX_LOOKS = 600


class Applied(Struct, frozen=True):
    """The results of a round.

    `states` contains the states of all change sets. `comments` contains the comments of applied
    change sets in order. `served` contains the descriptions that SDKs get.
    """

    states: list[ChangeSetState]
    comments: list[str]
    lags_s: list[float]
    killed_after: int
    served: set[str]

    @property
    def problems(self) -> list[str]:
        """The change sets that were not applied exactly once and in order."""
        found: list[str] = []
        if self.states != [ChangeSetState.APPLIED] * MAX_SCHEDULED:
            found.append(f"states: {[*map(str, self.states)]}")
        expected = [_comment(number) for number in range(MAX_SCHEDULED)]
        if self.comments != expected:
            found.append(f"applied, in this order: {self.comments}")
        if self.served != {"applied"}:
            found.append(f"descriptions that SDKs get: {self.served}")
        return found


def kill_amid_schedules(folder: Path, url: str, chance: random.Random) -> Applied:
    """Schedule change sets, start servers, kill one server, and return the results."""
    asyncio.run(schedule_all(url))
    variables = {"FLAGSTAFF_DATABASE_URL": url, **TOKENS}
    is_sqlite = url.startswith("sqlite:")
    with ExitStack() as stack:
        servers: list[ForkedServer] = []
        for number in range(2 if is_sqlite else 3):
            own = folder / f"server-{number}"
            own.mkdir()
            servers.append(stack.enter_context(ForkedServer(own, **variables)))
        asyncio.run(make_due(url))
        killed_after = asyncio.run(wait_until_applied(url, at_least=chance.randint(5, 60)))
        victim = chance.choice(servers)
        victim.kill()
        if is_sqlite:
            victim.start()
        asyncio.run(wait_until_applied(url, at_least=MAX_SCHEDULED))
        running = servers if is_sqlite else [each for each in servers if each is not victim]
        served = set[str]().union(*map(served_by, running))
    return asyncio.run(read_outcome(url, killed_after, served))


async def schedule_all(url: str) -> None:
    """Schedule a change set for each of a hundred toggles."""
    store = await Store.open(url, background=False)
    try:
        async with store.write(SYSTEM) as work:
            for number in range(MAX_SCHEDULED):
                await create_toggle(work, name=_toggle(number), fields=ToggleFields())
        now = store.clock()
        for number in range(MAX_SCHEDULED):
            change = {"toggleUpdate": {"name": _toggle(number), "description": "applied"}}
            async with store.write(SYSTEM) as work:
                await schedule_changes(
                    work,
                    changes_from_json(schema, [change], work.snapshot),
                    [change],
                    apply_at=now + timedelta(days=1),
                    now=now,
                    comment=_comment(number),
                )
    finally:
        await store.close()


async def make_due(url: str, *, within: timedelta = timedelta(seconds=1)) -> None:
    """Set the times of all change sets to a period that begins when all servers know them."""
    store = await Store.open(url, background=False)
    try:
        at = store.clock() + AHEAD
        async with store._database.begin_write(endless=True) as connection:
            for number in range(MAX_SCHEDULED):
                await connection.execute(
                    sa.update(_CHANGE_SET)
                    .where(_CHANGE_SET.c.comment == _comment(number))
                    .values(apply_at=at + number * within / MAX_SCHEDULED)
                )
    finally:
        await store.close()


async def wait_until_applied(url: str, *, at_least: int) -> int:
    """Wait until a number of change sets are no longer scheduled. Return the actual number."""
    ended = 0
    store = await Store.open(url, background=False)
    try:
        for _ in range(MAX_LOOKS):
            ended = MAX_SCHEDULED - await _count_scheduled(store)
            if ended >= at_least:
                break
            await asyncio.sleep(0.1)
    finally:
        await store.close()
    return ended


async def _count_scheduled(store: Store) -> int:
    scheduled = ChangeSetFilter(states=[ChangeSetState.SCHEDULED])
    async with store.read() as session:
        return len((await list_change_sets(session, scheduled, Window(MAX_SCHEDULED))).items)


def served_by(server: ForkedServer) -> set[str]:
    """Wait until the server has read all commits.

    Return the descriptions of the scheduled toggles that SDKs get.
    """
    served: set[str] = set()
    for _ in range(MAX_LOOKS):
        headers = {"Authorization": server.client_token}
        answer = httpx.get(server.url + "/api/client/features", headers=headers).json()
        served = {
            str(feature["description"])
            for feature in answer["features"]
            if feature["name"].startswith(PREFIX)
        }
        if served == {"applied"}:
            break
        time.sleep(0.1)
    return served


async def read_outcome(url: str, killed_after: int, served: set[str]) -> Applied:
    """Return the results of all scheduled change sets."""
    store = await Store.open(url, background=False)
    try:
        async with store.read() as session:
            made = EventFilter(types=(EventType.CHANGE_SET_APPLIED,))
            events = (await list_events(session, made, Window(3 * MAX_SCHEDULED))).items
            sets = (await list_change_sets(session, ChangeSetFilter(), Window(200))).items
    finally:
        await store.close()
    by_comment = {change_set.comment: change_set for change_set in sets}
    return Applied(
        states=[change_set.state for change_set in sets],
        comments=[event.subject_name for event in reversed(events)],
        lags_s=[_lag_s(event, by_comment[event.subject_name]) for event in events],
        killed_after=killed_after,
        served=served,
    )


def _lag_s(event: Event, change_set: Any) -> float:
    return (event.created_at - change_set.apply_at).total_seconds()


def _toggle(number: int) -> str:
    return f"{PREFIX}{number:03}"


def _comment(number: int) -> str:
    return f"number {number:03}"


def main() -> int:
    """Kill servers, report the results and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.faults.schedules", description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="how many kills for each database")
    parser.add_argument("--database", choices=(*DATABASES, "all"), default="all")
    parser.add_argument("--seed", type=int, default=1, help="for other moments")
    options = parser.parse_args()
    databases = DATABASES if options.database == "all" else (options.database,)
    chance, problems = random.Random(options.seed), 0
    for database in databases:
        with empty_databases(database) as url_in:
            for _ in range(options.times):
                with tempfile.TemporaryDirectory(prefix="flagstaff-schedules-") as name:
                    applied = kill_amid_schedules(Path(name), url_in(Path(name)), chance)
                problems += len(applied.problems)
                print(
                    f"{database}: killed after {applied.killed_after}; "
                    f"the latest was {max(applied.lags_s, default=0):.2f} s late; "
                    f"{applied.problems or 'each applied once, in order'}",
                    flush=True,
                )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
