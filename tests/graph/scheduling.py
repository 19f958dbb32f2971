"""A gateway whose clock changes only when a test sets it, for tests of scheduled change sets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from graph.scalars import format_datetime
from store import Store
from store.clock_skew import utc_now
from tests.graph.gateway import Gateway, gateway_over

_FIELDS = """
  id comment state applyAt appliedAt revision createdBy { name }
  refusal { code message } changes { index type subjectName }
  events(first: 20) { nodes { type summary actor { name kind } } }
  rollout { pausedAt steps { rollout at after state appliedAt } }
"""
SCHEDULED = f"changeSet {{ {_FIELDS} }}"
_NODE = f"query One($id: ID!) {{ node(id: $id) {{ ... on ChangeSet {{ {_FIELDS} }} }} }}"


class Clock:
    """A clock that changes only when a test sets it."""

    def __init__(self) -> None:
        # The clock starts after the last change of the prepared database, at a whole second.
        self.now = utc_now().replace(microsecond=0) + timedelta(minutes=10)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> str:
        """Return a later time, in the form that clients send."""
        return format_datetime(self.now + timedelta(**time))

    def move(self, **time: float) -> None:
        """Move the clock."""
        self.now += timedelta(**time)


class TimedGateway:
    """A gateway over a store without background work and with a stopped clock."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self.gateway = gateway
        self.store = gateway.store
        self.clock = clock

    async def schedule(self, *changes: Any, **options: Any) -> Any:
        """Schedule a change set, by default in ten minutes, and return the change set."""
        input = {"changes": changes, "applyAt": self.clock.later(minutes=10), **options}
        payload = await self.gateway.change("changeSetApply", input, SCHEDULED)
        assert payload["errors"] == []
        return payload["changeSet"]

    async def pass_time(self, **time: float) -> int:
        """Move the clock, run the scheduler, and return the number of change sets that were due."""
        self.clock.move(**time)
        handled = 0
        while await self.store.scheduler.apply_next():
            handled += 1
        return handled

    async def read(self, change_set: Any) -> Any:
        """Return the present state of a change set."""
        return (await self.gateway.run(_NODE, {"id": change_set["id"]}))["node"]

    async def events_of(self, change_set: Any) -> list[str]:
        """Return the types of a change set's events, oldest first."""
        found = await self.read(change_set)
        return [event["type"] for event in reversed(found["events"]["nodes"])]


@asynccontextmanager
async def timed_gateway_over(url: str) -> AsyncIterator[TimedGateway]:
    """Open a store with a separate clock, and return a gateway over it."""
    clock = Clock()
    store = await Store.open(url, clock=clock, background=False)
    try:
        async with gateway_over(store) as gateway:
            yield TimedGateway(gateway, clock)
    finally:
        await store.close()


def switching_on(name: str) -> Any:
    """Return the change that switches a toggle on."""
    return {"toggleSetEnabled": {"name": name, "enabled": True}}


def is_on(timed: TimedGateway, name: str) -> bool:
    """Whether a toggle is on in the environment `default`."""
    return timed.store.snapshot.toggles[name].in_environment("default").enabled
