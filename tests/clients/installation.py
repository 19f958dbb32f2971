"""An installation with every built-in strategy and operator, and the decisions that SDKs must make.

Expected rollouts are computed independently of the server's code. The client specification
prescribes the hash: MurmurHash3 of `group:value`, modulo 100, plus 1.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import mmh3

from tests.clients.administration import Administration


@dataclass(frozen=True)
class Case:
    """A toggle, a context, and whether the toggle must be on.

    `only` lists the SDKs to which the case applies. The default is all SDKs.
    """

    toggle: str
    context: dict[str, Any]
    enabled: bool
    only: tuple[str, ...] = ("python", "node")


@dataclass
class Installation:
    """Toggles in the form of the 3.x admin API, and the decisions that SDKs must make."""

    toggles: list[dict[str, Any]] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    def strategy(
        self,
        toggle: str,
        name: str,
        parameters: dict[str, str],
        *decisions: tuple[dict[str, Any], bool],
    ) -> None:
        """Add a toggle with one strategy, and its decisions by context."""
        chosen = {"name": name, "parameters": parameters}
        self.toggles.append({"name": toggle, "enabled": True, "strategies": [chosen]})
        self.cases += [Case(toggle, context, enabled) for context, enabled in decisions]

    def constraint(
        self, operator: str, values: list[str], hit: str, miss: str, **flags: bool
    ) -> None:
        """Add a toggle with a constraint, and a toggle with the inverted constraint.

        The constraint tests the field `field`. Operators on dates always test `currentTime`
        instead.
        """
        is_date = operator.startswith("DATE_")
        for inverted in (False, True):
            toggle = f"constraint.{operator}{'.inverted' if inverted else ''}{''.join(flags)}"
            constraint = {
                "contextName": "currentTime" if is_date else "field",
                "operator": operator,
                "values": values,
                "inverted": inverted,
                **flags,
            }
            self.toggles.append(
                {
                    "name": toggle,
                    "enabled": True,
                    "strategies": [{"name": "default", "constraints": [constraint]}],
                }
            )
            for value, enabled in ((hit, not inverted), (miss, inverted)):
                context = {"currentTime": value} if is_date else {"properties": {"field": value}}
                self.cases.append(Case(toggle, context, enabled))

    def set_up(self, administration: Administration) -> None:
        """Create all toggles."""
        for toggle in self.toggles:
            administration.create(toggle)


def bucket(group: str, value: str) -> int:
    """The position of a value in a rollout, from 1 to 100."""
    return mmh3.hash(f"{group}:{value}", signed=False) % 100 + 1


def whole_installation() -> Installation:
    """Every built-in strategy and every constraint operator."""
    made = Installation()
    made.strategy("strategy.default", "default", {}, ({}, True))
    made.strategy(
        "strategy.userWithId",
        "userWithId",
        {"userIds": "7, anna@example.com"},
        ({"userId": "7"}, True),
        ({"userId": "anna@example.com"}, True),
        ({"userId": "8"}, False),
        ({}, False),
    )
    made.strategy(
        "strategy.remoteAddress",
        "remoteAddress",
        {"IPs": "10.0.0.0/8,127.0.0.1"},
        ({"remoteAddress": "10.1.2.3"}, True),
        ({"remoteAddress": "127.0.0.1"}, True),
        ({"remoteAddress": "11.1.2.3"}, False),
    )
    made.strategy("strategy.applicationHostname", "applicationHostname", {"hostNames": host_name()})
    # The engine of the Python SDK has no host name, so the strategy never matches there.
    made.cases.append(Case("strategy.applicationHostname", {}, True, only=("node",)))
    made.strategy("strategy.random.all", "gradualRolloutRandom", {"percentage": "100"}, ({}, True))
    made.strategy("strategy.random.none", "gradualRolloutRandom", {"percentage": "0"}, ({}, False))
    users = [f"user-{number}" for number in range(12)]
    for name, field_name in (
        ("gradualRolloutUserId", "userId"),
        ("gradualRolloutSessionId", "sessionId"),
    ):
        made.strategy(
            f"strategy.{name}",
            name,
            {"percentage": "40", "groupId": "shop"},
            *(({field_name: user}, bucket("shop", user) <= 40) for user in users),
        )
    made.strategy(
        "strategy.flexibleRollout",
        "flexibleRollout",
        {"rollout": "60", "stickiness": "userId", "groupId": "flexible"},
        *(({"userId": user}, bucket("flexible", user) <= 60) for user in users),
    )
    _add_constraints(made)
    _add_variants(made)
    return made


# The fields of a toggle that is on for everybody. The name is missing.
SWITCHED_ON: Mapping[str, Any] = {"enabled": True, "strategies": [{"name": "default"}]}
VARIANTS_TOGGLE = "variants.by-user"
COLORS = ("blue", "green")


def _add_variants(made: Installation) -> None:
    """Add two variants of equal weight. An override fixes one variant to a user."""
    variants = [
        {
            "name": color,
            "weight": 500,
            "stickiness": "userId",
            "payload": {"type": "json", "value": f'{{"color":"{color}"}}'},
            "overrides": [{"contextName": "userId", "values": [f"fan-of-{color}"]}],
        }
        for color in COLORS
    ]
    made.toggles.append({**SWITCHED_ON, "name": VARIANTS_TOGGLE, "variants": variants})


def expected_variant(toggle: str, user: str) -> str:
    """Return the variant that a user must get from the toggle of `_add_variants`.

    Variants use the same hash function as rollouts, but with 1,000 buckets and a different seed
    (client specification 5, "variants").
    """
    for color in COLORS:
        if user == f"fan-of-{color}":
            return color
    position = mmh3.hash(f"{toggle}:{user}", seed=86028157, signed=False) % 1000 + 1
    return COLORS[0] if position <= 500 else COLORS[1]


def _add_constraints(made: Installation) -> None:
    made.constraint("IN", ["red", "blue"], "blue", "green")
    made.constraint("NOT_IN", ["red", "blue"], "green", "red")
    made.constraint("STR_STARTS_WITH", ["pre"], "prefix", "suffix")
    made.constraint("STR_ENDS_WITH", ["fix"], "prefix", "fixed")
    made.constraint("STR_CONTAINS", ["idd"], "middle", "edge")
    made.constraint("STR_CONTAINS", ["IDD"], "middle", "edge", caseInsensitive=True)
    made.constraint("NUM_EQ", ["5"], "5.0", "6")
    made.constraint("NUM_GT", ["5"], "5.1", "5")
    made.constraint("NUM_GTE", ["5"], "5", "4.9")
    made.constraint("NUM_LT", ["5"], "-1", "5")
    made.constraint("NUM_LTE", ["5"], "5", "5.5")
    made.constraint(
        "DATE_AFTER", ["2026-01-01T00:00:00Z"], "2026-01-02T00:00:00Z", "2025-01-01T00:00:00Z"
    )
    made.constraint(
        "DATE_BEFORE", ["2026-01-01T00:00:00Z"], "2025-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
    )
    made.constraint("SEMVER_EQ", ["1.2.3"], "1.2.3", "1.2.4")
    made.constraint("SEMVER_GT", ["1.2.3"], "1.10.0", "1.2.3")
    made.constraint("SEMVER_GTE", ["1.2.3"], "1.2.3", "1.2.3-beta.1")
    made.constraint("SEMVER_LT", ["1.2.3"], "1.2.3-beta.1", "1.10.0")
    made.constraint("SEMVER_LTE", ["1.2.3"], "1.2.3", "1.2.4")
    made.constraint("REGEX", ["^a+b$"], "aaab", "abc")
    made.constraint("IN_CIDR", ["10.0.0.0/8", "2001:db8::/32"], "10.9.8.7", "11.0.0.1")


def host_name() -> str:
    """The name that the Node SDK uses as its host name."""
    return os.environ.get("HOSTNAME") or socket.gethostname()
