"""A server killed at any moment loses nothing that it acknowledged."""

import asyncio
import random
import time
from collections import defaultdict
from pathlib import Path

import httpx
import pytest

from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, Server

CREATE = """
mutation Create($name: String!) {
  toggleCreate(input: {name: $name}) { toggle { name } errors { message } }
}
"""
ALL = """
query All($after: String) {
  toggles(first: 500, after: $after) {
    nodes { name events(first: 5) { nodes { type } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
COUNTS = """
query Counts($name: String!, $after: String) {
  application(name: $name) {
    registered
    usages(first: 500, after: $after) {
      nodes { toggleName }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
ROUNDS = 1
FOLD_DEADLINE_S = 20


class Load:
    """Writers and reporters that note what the server acknowledged."""

    def __init__(self, server: Server, round_number: int) -> None:
        self.created: set[str] = set()
        self.reported: dict[str, set[str]] = defaultdict(set)
        self.registered: set[str] = set()
        self._server = server
        self._round = round_number

    async def run(self, seconds: float) -> None:
        """Load the server and kill it in the middle, so long after its first answers."""
        async with httpx.AsyncClient(base_url=self._server.url, timeout=5) as client:
            tasks = [
                asyncio.create_task(work(client, number))
                for work in (self._create, self._report)
                for number in range(4)
            ]
            while not ((self.created and self.registered) or any(task.done() for task in tasks)):
                await asyncio.sleep(0.01)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._server.kill)
            await asyncio.gather(*tasks)

    async def _create(self, client: httpx.AsyncClient, number: int) -> None:
        for count in range(10_000):
            name = f"t{self._round}-{number}-{count}"
            try:
                response = await client.post(
                    "/graphql",
                    json={"query": CREATE, "variables": {"name": name}},
                    headers={"Authorization": ADMIN_TOKEN},
                )
            except httpx.TransportError:
                return
            assert response.json()["data"]["toggleCreate"]["errors"] == []
            self.created.add(name)

    async def _report(self, client: httpx.AsyncClient, number: int) -> None:
        headers = {"Authorization": CLIENT_TOKEN}
        # One application each: what is kept of names that no toggle has is bounded by application.
        app_name = f"killed-{self._round}-{number}"
        about = {"appName": app_name, "instanceId": "one"}
        registration = {
            **about,
            "strategies": [],
            "started": "2026-01-01T00:00:00Z",
            "interval": 10,
        }
        for count in range(10_000):
            name = f"m{self._round}-{number}-{count}"
            bucket = {
                "start": "2026-01-01T00:00:00Z",
                "stop": "2026-01-01T00:01:00Z",
                "toggles": {name: {"yes": 1, "no": 0}},
            }
            try:
                response = await client.post(
                    "/api/client/metrics", json={**about, "bucket": bucket}, headers=headers
                )
                assert response.status_code == 202
                self.reported[app_name].add(name)
                response = await client.post(
                    "/api/client/register", json=registration, headers=headers
                )
                assert response.status_code == 202
                self.registered.add(app_name)
            except httpx.TransportError:
                return


def stored_toggles(server: Server) -> dict[str, list[str]]:
    """The names of all toggles with the types of their events."""
    found: dict[str, list[str]] = {}
    after = None
    for _ in range(1_000):
        page = server.graphql(ALL, after=after)["toggles"]
        for toggle in page["nodes"]:
            found[toggle["name"]] = [event["type"] for event in toggle["events"]["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return found


def stored_usages(server: Server, app_name: str, *, registered: bool) -> set[str]:
    """The names that an application reported; none while it, or its registration, is unknown."""
    found: set[str] = set()
    after = None
    for _ in range(1_000):
        application = server.graphql(COUNTS, name=app_name, after=after)["application"]
        if application is None or (registered and not application["registered"]):
            return set()
        page = application["usages"]
        found |= {usage["toggleName"] for usage in page["nodes"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return found


def lost_usages(server: Server, loads: list[Load]) -> set[str]:
    """What was acknowledged and cannot be read, although the server had time to work it off."""
    deadline = time.monotonic() + FOLD_DEADLINE_S
    while True:
        lost = {
            name
            for load in loads
            for app_name, names in load.reported.items()
            for name in names
            - stored_usages(server, app_name, registered=app_name in load.registered)
        }
        if not lost or time.monotonic() > deadline:
            return lost
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_a_killed_server_has_every_acknowledged_write_after_its_restart(
    tmp_path: Path, seed: int, database_url: str
):
    chance = random.Random(seed)
    loads: list[Load] = []

    with Server(tmp_path, FLAGSTAFF_DATABASE_URL=database_url, **TOKENS) as server:
        for round_number in range(ROUNDS):
            load = Load(server, round_number)
            asyncio.run(load.run(chance.uniform(0.7, 1.2)))
            loads.append(load)
            server.start()
        stored = stored_toggles(server)
        lost = lost_usages(server, loads)

    created = set[str]().union(*(load.created for load in loads))
    assert created - stored.keys() == set()
    assert [name for name in created if stored[name] != ["TOGGLE_CREATED"]] == []
    assert lost == set()
