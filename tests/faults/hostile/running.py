"""Run attacks one after another, and check periodically that everything still works."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from itertools import islice
from random import Random

from msgspec import Struct, field

from store import Store
from store.snapshot import Configuration
from tests.faults.hostile.attacks import attacks_on, named
from tests.faults.hostile.endpoints import Endpoint
from tests.faults.hostile.sending import Attack
from tests.faults.hostile.site import Site

# The number of accepted requests after which all lists are read.
ACCEPTED_BETWEEN_LOOKS = 40
# The number of endpoints after which their targets are restored.
ENDPOINTS_BETWEEN_TARGETS = 4
MAX_FINDINGS = 50


class Findings(Struct):
    """The findings of a run, and the number of the server's answers by status."""

    problems: list[str] = field(default_factory=list[str])
    statuses: Counter[int] = field(default_factory=Counter[int])
    slowest_s: float = 0.0
    slowest: str = ""

    @property
    def sent(self) -> int:
        """The number of answered requests."""
        return self.statuses.total()

    def __str__(self) -> str:
        return "\n".join([f"{len(self.problems)} problems:", *self.problems[:MAX_FINDINGS]])


def held_by(store: Store) -> list[object]:
    """Return all stored data that aggregating usage does not change."""
    return [getattr(store.snapshot, kind) for kind in Configuration.__struct_fields__]


def _unknown() -> object:
    return None


class Run:
    """Sends attacks to a site and collects errors.

    If `held` is given, it returns the stored data. Refused requests must not change the stored
    data.
    """

    def __init__(self, site: Site, *, held: Callable[[], object] = _unknown) -> None:
        self.findings = Findings()
        self._site = site
        self._held = held
        # The accepted attacks since the last check. They may have caused the damage that a check
        # finds.
        self._accepted: deque[Attack] = deque(maxlen=ACCEPTED_BETWEEN_LOOKS)

    async def attack(self, attack: Attack) -> None:
        """Send one attack, and periodically check that everything still works."""
        findings, before = self.findings, self._held()
        reply, problem = await self._site.attack(attack)
        if problem is None and reply and reply.status >= 400 and self._held() != before:
            problem = f"status {reply.status}, and yet something was stored"
        if problem:
            findings.problems.append(f"{attack}: {problem}")
        if reply is None:
            return
        findings.statuses[reply.status] += 1
        if reply.seconds > findings.slowest_s:
            findings.slowest_s, findings.slowest = reply.seconds, str(attack)
        if reply.status < 300 and attack.method not in ("GET", "HEAD"):
            self._accepted.append(attack)
            if len(self._accepted) == ACCEPTED_BETWEEN_LOOKS:
                await self.look()

    async def look(self) -> None:
        """Record damage with the attacks that were accepted since the last check."""
        damage = await self._site.damage()
        if damage:
            accepted = "".join(f"\n    {item}" for item in self._accepted)
            self.findings.problems.append("; ".join(damage) + f", after{accepted}")
        self._accepted.clear()


async def send_some_to_each(
    run: Run, site: Site, endpoints: list[Endpoint], chance: Random, *, maximum: int
) -> None:
    """Send up to `maximum` attacks to each endpoint in random order. Check the data at the end."""
    for number, endpoint in enumerate(chance.sample(endpoints, len(endpoints))):
        if number % ENDPOINTS_BETWEEN_TARGETS == 0:
            await site.set_up_targets()
        for attack in islice(attacks_on(endpoint, chance, site.credentials(endpoint)), maximum):
            await run.attack(attack)
    await run.look()


async def send_names(
    run: Run, site: Site, endpoints: list[Endpoint], names: Iterable[str], chance: Random
) -> None:
    """Send each name to every endpoint with a body. Check the data after each name."""
    for name in names:
        await site.set_up_targets()
        for endpoint in endpoints:
            if endpoint.takes_body:
                for attack in named(endpoint, name, chance, site.credentials(endpoint)):
                    await run.attack(attack)
        await run.look()
        run.findings.problems += await site.damage_by_name(name)
