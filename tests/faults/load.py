"""Clients that write to a server in different ways, and record the acknowledged writes."""

import asyncio
import time
from collections import defaultdict
from typing import Protocol

import httpx

from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, Server

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
OF_EACH_KIND = 4
ANSWERS = 40
IMPORTED = 300
AGGREGATION_ATTEMPTS = 100


class Reports(Protocol):
    """The acknowledged reports of a load: names by application, and registered applications."""

    reported: dict[str, set[str]]
    registered: set[str]


class Import:
    """An import of many toggles. After the server has accepted the import, `accepted` is true."""

    def __init__(self, prefix: str) -> None:
        self.accepted = False
        self.names = {f"{prefix}-{number}" for number in range(IMPORTED)}

    async def send(self, client: httpx.AsyncClient) -> None:
        """Send the import, and wait for the answer or the end of the connection."""
        features = [{"name": name, "strategies": [{"name": "default"}]} for name in self.names]
        try:
            answer = await client.post(
                "/api/admin/state/import",
                json={"features": features},
                headers={"Authorization": ADMIN_TOKEN},
            )
        except httpx.TransportError:
            return
        self.accepted = answer.status_code == 202


class Load:
    """Create toggles and report metrics until the server ends."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.created: set[str] = set()
        self.reported: dict[str, set[str]] = defaultdict(set)
        self.registered: set[str] = set()
        self._client = client
        self._tasks = [
            asyncio.create_task(work(number))
            for work in (self._create, self._report)
            for number in range(OF_EACH_KIND)
        ]

    async def well_begun(self) -> None:
        """Wait for a number of answers to each kind of request."""
        while len(self.created) < ANSWERS or len(self.registered) < OF_EACH_KIND:
            assert not any(task.done() for task in self._tasks)
            await asyncio.sleep(0.01)

    async def ended(self) -> None:
        """Wait until all clients have noticed that the server has ended."""
        await asyncio.gather(*self._tasks)

    async def _create(self, number: int) -> None:
        for count in range(10_000):
            name = f"t-{number}-{count}"
            try:
                response = await self._client.post(
                    "/graphql",
                    json={"query": CREATE, "variables": {"name": name}},
                    headers={"Authorization": ADMIN_TOKEN},
                )
            except httpx.TransportError:
                return
            if is_acknowledged(response, 200):
                answer = response.json()
                if answer["data"] is None:  # too slow, so the outcome is unknown
                    assert answer["errors"][0]["extensions"]["code"] == "TIMEOUT", answer
                    continue
                assert answer["data"]["toggleCreate"]["errors"] == []
                self.created.add(name)

    async def _report(self, number: int) -> None:
        headers = {"Authorization": CLIENT_TOKEN}
        # Each report has a different application, because the number of unknown names per
        # application is limited.
        app_name = f"killed-{number}"
        about = {"appName": app_name, "instanceId": "one"}
        registration = {
            **about,
            "strategies": [],
            "started": "2026-01-01T00:00:00Z",
            "interval": 10,
        }
        for count in range(10_000):
            name = f"m-{number}-{count}"
            bucket = {
                "start": "2026-01-01T00:00:00Z",
                "stop": "2026-01-01T00:01:00Z",
                "toggles": {name: {"yes": 1, "no": 0}},
            }
            try:
                response = await self._client.post(
                    "/api/client/metrics", json={**about, "bucket": bucket}, headers=headers
                )
                if is_acknowledged(response, 202):
                    self.reported[app_name].add(name)
                response = await self._client.post(
                    "/api/client/register", json=registration, headers=headers
                )
                if is_acknowledged(response, 202):
                    self.registered.add(app_name)
            except httpx.TransportError:
                return


def is_acknowledged(response: httpx.Response, status: int) -> bool:
    """Whether an answer has the status. A busy server may answer 503, but nothing else."""
    assert response.status_code in (status, 503), f"{response.status_code} {response.text}"
    return response.status_code == status


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
    """The names that an application reported. For unknown applications, the set is empty."""
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


def lost_usages(server: Server, load: Reports) -> set[str]:
    """Acknowledged usages that cannot be read, although the server had time to process them."""
    lost: set[str] = set()
    for _ in range(AGGREGATION_ATTEMPTS):
        lost = {
            name
            for app_name, names in load.reported.items()
            for name in names
            - stored_usages(server, app_name, registered=app_name in load.registered)
        }
        if not lost:
            break
        time.sleep(0.2)
    return lost
