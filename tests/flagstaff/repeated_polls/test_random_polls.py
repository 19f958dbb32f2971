"""Random polls get the same answers from repeated responses and from the application."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from store import Store
from store.errors import Refusal
from store.model import SYSTEM, ApiTokenType
from store.operations.environments import create_environment, delete_environment
from store.operations.fields import SegmentFields
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token, revoke_token
from store.unit_of_work import UnitOfWork
from store.unknown_tokens import UnknownTokens
from store.values import Constraint
from tests.flagstaff.repeated_polls.polling import (
    SECRET,
    Connection,
    Servers,
    add_client,
    poll,
    served,
)

STEPS = 250
REPEATS = 3
TOKENS = [f"*:{name}.token-{number}-of-{name}" for name in ("default", "qa") for number in range(3)]
TARGETS = ("/api/client/features", "/api/client/features/", "/api/client/delta")
QUERIES = (
    "",
    "?namePrefix=t1",
    "?project=default",
    "?project=none",
    "?tag=a:b",
    "?tag=x",
    "?a=%00",
)
CODINGS = ("gzip", "identity", "gzip;q=0", "br, gzip", "identity;q=0", "")
SPECIFICATIONS = ("4.2.0", "5.2.0", "5.2.0", "4.1.9", "new", "", "", "")


class Run:
    """Sends random requests and changes; stores the entity tags of the answers."""

    def __init__(self, seed: int, store: Store, servers: Servers) -> None:
        self.random = Random(seed)
        self.answered_at_once = 0
        self.statuses: set[int] = set()
        self._store = store
        self._servers = servers
        self._tags = ["*", '"other"']
        self._requests: list[bytes] = []
        self._connections: dict[bool, Connection] = {}

    def request(self) -> bytes:
        """Return a new request or one of the last requests."""
        pick = self.random.choice
        if self._requests and self.random.random() < 0.3:
            return pick(self._requests[-6:])
        fields = {
            "Host": "x",
            "Authorization": pick([*[SECRET] * 12, *TOKENS, f"Bearer {SECRET}", "*:*.none"]),
            "Accept-Encoding": pick(CODINGS),
            "Unleash-Client-Spec": pick(SPECIFICATIONS),
            "If-None-Match": pick([*self._tags[-4:], f"W/{self._tags[-1]}", ""]),
            "Origin": pick(["", "", "https://a.example"]),
            "Connection": pick(["", "keep-alive", "Keep-Alive"]),
        }
        given = [(name, value) for name, value in fields.items() if value]
        self.random.shuffle(given)
        target = pick(TARGETS) + pick((*QUERIES[:1] * 12, *QUERIES))
        self._requests.append(poll(target, headers=dict(given)))
        return self._requests[-1]

    async def ask(self, request: bytes) -> None:
        """Send a request several times to both servers, and compare the answers."""
        for _ in range(REPEATS):
            before = self._servers.asked.total()
            fast = await (await self._connection(fast=True)).ask(request)
            self.answered_at_once += self._servers.asked.total() == before
            long = await (await self._connection(fast=False)).ask(request)
            assert fast.without_id == long.without_id, request
            self.statuses.add(long.status)
            if b"\r\netag: " in long.head:
                self._tags.append(long.header("etag"))

    async def change(self) -> None:
        """Commit a change. Some changes do not affect any answer."""
        change = self.random.choice(CHANGES)
        with suppress(Refusal):
            async with self._store.write(SYSTEM) as work:
                await change(work, self.random)

    async def _connection(self, *, fast: bool) -> Connection:
        # New connections are opened between requests.
        if fast not in self._connections or self.random.random() < 0.1:
            self._connections[fast] = await self._servers.connect(fast=fast)
        return self._connections[fast]


def toggle(random: Random) -> str:
    return f"t{random.randrange(30)}"


async def create_a_toggle(work: UnitOfWork, random: Random) -> None:
    await create_toggle(work, name=toggle(random), enabled=True)


async def switch(work: UnitOfWork, random: Random) -> None:
    environment = random.choice(["default", "qa", "other"])
    enabled = random.random() < 0.5
    await set_enabled(work, toggle(random), environment=environment, enabled=enabled)


async def archive(work: UnitOfWork, random: Random) -> None:
    await archive_toggle(work, toggle(random))


async def use_segment(work: UnitOfWork, random: Random) -> None:
    constraint = Constraint("userId", "IN", values=(str(random.random()),))
    fields = SegmentFields(constraints=(constraint,))
    segment = await create_segment(work, name=f"s{random.random()}", fields=fields)
    strategy = StrategySpec(name="default", segments=(segment.id,))
    environment = random.choice(["default", "qa"])
    await configure_toggle(work, toggle(random), environment=environment, strategies=(strategy,))


async def create_a_token(work: UnitOfWork, random: Random) -> None:
    secret = random.choice(TOKENS)
    environment = secret[2:].partition(".")[0]
    await create_token(
        work, name=secret, type=ApiTokenType.CLIENT, environment=environment, secret=secret
    )


async def revoke_a_token(work: UnitOfWork, random: Random) -> None:
    tokens = [token for token in work.snapshot.tokens.values() if token.name in TOKENS]
    if tokens:
        await revoke_token(work, random.choice(tokens).id)


async def change_environments(work: UnitOfWork, random: Random) -> None:
    if "qa" not in work.snapshot.environments:
        await create_environment(work, name="qa")
    elif random.random() < 0.3:
        await delete_environment(work, "qa")
    elif "other" not in work.snapshot.environments:
        await create_environment(work, name="other")


CHANGES: list[Callable[[UnitOfWork, Random], Awaitable[Any]]] = [
    create_a_toggle,
    create_a_toggle,
    switch,
    switch,
    archive,
    use_segment,
    create_a_token,
    create_a_token,
    revoke_a_token,
    change_environments,
]


@pytest.mark.sample(1)
@pytest.mark.parametrize("seed", range(4))
async def test_generated_polls_have_the_same_answers_at_once(
    seed: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The refusals of unknown tokens contain the remaining seconds, so time must not pass.
    monkeypatch.setattr(store, "unknown_tokens", UnknownTokens(lambda: 0.0))
    await add_client(store)
    async with served(store) as servers:
        run = Run(seed, store, servers)
        for _ in range(STEPS):
            if run.random.random() < 0.4:
                await run.change()
            await run.ask(run.request())

    assert run.answered_at_once > STEPS / 2
    assert run.statuses >= {200, 304, 400}
