"""Describe in one sentence the users that an activation strategy matches."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from store.constraints.operators import OPERATORS, compared_values
from store.model import Segment, ToggleStrategy
from store.values import Constraint

_MAX_LISTED = 3
_MAX_LENGTH = 40


def summarize(strategy: ToggleStrategy, segments: Sequence[Segment]) -> str:
    """Describe the users that a strategy matches. `segments` are the strategy's segments."""
    sentence = "Is skipped, and would match " if strategy.disabled else "Matches "
    audience = _audience(strategy)
    if "," in audience and (strategy.constraints or segments):
        audience += ","
    sentence += audience
    if strategy.constraints:
        sentence += " if " + _joined(
            [_condition(constraint) for constraint in strategy.constraints], "and"
        )
    if segments:
        noun = "segment" if len(segments) == 1 else "segments"
        sentence += f" within the {noun} " + _enumerated(
            [segment.name for segment in segments], "and"
        )
    return sentence + "."


def parameter_string(value: Any) -> str:
    """Return a strategy's parameter as a string.

    Values of other types can be stored through REST.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return msgspec.json.encode(value).decode()


def _audience(strategy: ToggleStrategy) -> str:
    parameters = {
        name: parameter_string(value) for name, value in (strategy.parameters or {}).items()
    }
    describe = _AUDIENCES.get(strategy.name)
    if describe is not None:
        return describe(parameters)
    given = [f"{name} {_short(value)}" for name, value in parameters.items() if value]
    with_what = " with " + _enumerated(given, "and") if given else ""
    return f"the users that the custom strategy {strategy.name} picks{with_what}"


def _everybody(_parameters: dict[str, str]) -> str:
    return "everybody"


def _flexible_rollout(parameters: dict[str, str]) -> str:
    share = parameters.get("rollout") or "100"
    match parameters.get("stickiness") or "default":
        case "default":
            return _share(share, "everybody", "kept stable by user or session")
        case "random":
            return _share(share, "all requests", "picked at random")
        case field:
            return _sticky_share(share, "everybody", _short(field))


def _share(percentage: str, whole: str, how: str) -> str:
    return "everybody" if percentage == "100" else f"{_short(percentage)} % of {whole}, {how}"


def _sticky_share(percentage: str, whole: str, field: str) -> str:
    """Describe a share of the users that have a field; SDKs answer no to all other users."""
    if percentage == "100":
        return f"{whole} with a {field}"
    return f"{_short(percentage)} % of {whole}, kept stable by {field}"


def _gradual_rollout(whole: str, field: str) -> Callable[[dict[str, str]], str]:
    return lambda parameters: _sticky_share(parameters.get("percentage") or "0", whole, field)


def _random_rollout(parameters: dict[str, str]) -> str:
    return _share(parameters.get("percentage") or "0", "all requests", "picked at random")


def _listed(parameter: str, one: str, many: str) -> Callable[[dict[str, str]], str]:
    def audience(parameters: dict[str, str]) -> str:
        values = [
            value.strip() for value in parameters.get(parameter, "").split(",") if value.strip()
        ]
        if not values:
            return "nobody"
        return f"{one if len(values) == 1 else many} " + _enumerated(values, "and")

    return audience


_AUDIENCES: dict[str, Callable[[dict[str, str]], str]] = {
    "default": _everybody,
    "flexibleRollout": _flexible_rollout,
    "userWithId": _listed("userIds", "the user", "the users"),
    "remoteAddress": _listed("IPs", "clients at the address", "clients at the addresses"),
    "applicationHostname": _listed(
        "hostNames", "applications on the host", "applications on the hosts"
    ),
    "gradualRolloutUserId": _gradual_rollout("all users", "userId"),
    "gradualRolloutSessionId": _gradual_rollout("all sessions", "sessionId"),
    "gradualRolloutRandom": _random_rollout,
}


def _condition(constraint: Constraint) -> str:
    values = _enumerated(compared_values(constraint), "or") or "nothing"
    operator = OPERATORS.get(constraint.operator)
    if operator is None:
        negation = "not " if constraint.inverted else ""
        return f"{negation}{_short(constraint.context_name)} {_short(constraint.operator)} {values}"
    return f"{_short(constraint.context_name)} {operator.words[bool(constraint.inverted)]} {values}"


def _enumerated(items: Sequence[str], conjunction: str) -> str:
    """Return a phrase with the first items and the number of remaining items."""
    listed = [_short(item) for item in items[:_MAX_LISTED]]
    if len(items) > _MAX_LISTED:
        return ", ".join(listed) + f" {conjunction} {len(items) - _MAX_LISTED} more"
    return _joined(listed, conjunction)


def _joined(items: Sequence[str], conjunction: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + f" {conjunction} {items[-1]}"


def _short(value: str) -> str:
    return value if len(value) <= _MAX_LENGTH else value[: _MAX_LENGTH - 1] + "…"
