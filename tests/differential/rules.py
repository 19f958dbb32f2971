"""Rules that recognise listed differences by their keys in the page."""

from collections.abc import Callable
from enum import IntEnum, auto
from typing import TypeAlias

from msgspec import Struct

from tests.differential.call import Exchange
from tests.differential.comparing import Difference

Matches: TypeAlias = Callable[[Exchange, Difference], bool]
MatchesSilently: TypeAlias = Callable[[Exchange], bool]


class Diverges(IntEnum):
    """The state in which the servers differ after a difference."""

    NOTHING = auto()
    EVENTS = auto()
    STATE = auto()


class Rule(Struct, frozen=True):
    """Recognises one listed difference by its key in the page."""

    key: str
    matches: Matches
    diverges: Diverges = Diverges.NOTHING


class SilentRule(Struct, frozen=True):
    """Recognise a call with equal answers and different effects."""

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
    """The rule that lists a difference."""
    return next((item for item in RULES if item.matches(exchange, difference)), None)


def silent_rules_for(exchange: Exchange) -> list[SilentRule]:
    """Return the rules for different effects of a call."""
    return [item for item in SILENT_RULES if item.matches(exchange)]


def statuses_of(difference: Difference) -> tuple[int, int]:
    """The statuses of both servers, zeros for differences elsewhere."""
    is_status = difference.place == "status"
    return (difference.unleash, difference.flagstaff) if is_status else (0, 0)
