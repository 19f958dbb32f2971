"""Rules that recognise the differences on the page. Each rule recognises one difference."""

from collections.abc import Callable
from enum import IntEnum, auto
from typing import TypeAlias

from msgspec import Struct

from tests.differential.call import Exchange
from tests.differential.comparing import Difference

Matches: TypeAlias = Callable[[Exchange, Difference], bool]
MatchesSilently: TypeAlias = Callable[[Exchange], bool]


class Diverges(IntEnum):
    """The data that may differ between the servers after a difference."""

    NOTHING = auto()
    EVENTS = auto()
    STATE = auto()


class Rule(Struct, frozen=True):
    """Recognises a difference. `key` is the key of the difference on the page."""

    key: str
    matches: Matches
    diverges: Diverges = Diverges.NOTHING


class SilentRule(Struct, frozen=True):
    """Recognises a call whose answers are equal although its effects differ."""

    key: str
    matches: MatchesSilently
    diverges: Diverges


RULES: list[Rule] = []
SILENT_RULES: list[SilentRule] = []


def rule(key: str, diverges: Diverges = Diverges.NOTHING) -> Callable[[Matches], Matches]:
    """Add the decorated function as a rule."""

    def add(matches: Matches) -> Matches:
        RULES.append(Rule(key, matches, diverges))
        return matches

    return add


def silent_rule(key: str, diverges: Diverges) -> Callable[[MatchesSilently], MatchesSilently]:
    """Add the decorated function as a rule for calls with equal answers."""

    def add(matches: MatchesSilently) -> MatchesSilently:
        SILENT_RULES.append(SilentRule(key, matches, diverges))
        return matches

    return add


def rule_for(exchange: Exchange, difference: Difference) -> Rule | None:
    """Return the first rule that recognises a difference, or None."""
    return next((item for item in RULES if item.matches(exchange, difference)), None)


def silent_rules_for(exchange: Exchange) -> list[SilentRule]:
    """Return the rules for different effects of a call."""
    return [item for item in SILENT_RULES if item.matches(exchange)]


def statuses_of(difference: Difference) -> tuple[int, int]:
    """Return the statuses of both servers. If the difference is not in the status, return zeros."""
    is_status = difference.place == "status"
    return (difference.unleash, difference.flagstaff) if is_status else (0, 0)
