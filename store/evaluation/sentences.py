"""Why a decision came out as it did, in words for people who support users."""

from collections.abc import Sequence

from store.constraints.operators import OPERATORS, compared_values
from store.evaluation.context import Context
from store.evaluation.parameters import parameter
from store.evaluation.rollouts import Rollout, RolloutPosition
from store.evaluation.strategies import CompiledStrategy
from store.model import Toggle, ToggleStrategy
from store.operations.text import display
from store.values import Constraint, Dependency

_MAX_VALUES = 3


def describe_constraint(constraint: Constraint) -> str:
    """A constraint as one reads it aloud, such as `country is one of 'no', 'se'`."""
    operator = OPERATORS.get(constraint.operator)
    words = constraint.operator if operator is None else operator.words[0]
    values = compared_values(constraint)
    list_parameter = ", ".join(f"'{display(it)}'" for it in values[:_MAX_VALUES]) or "nothing"
    if len(values) > _MAX_VALUES:
        list_parameter += f" or {len(values) - _MAX_VALUES:,} more"
    test = f"{display(constraint.context_name)} {words} {list_parameter}"
    return f"not ({test})" if constraint.inverted else test


def explain_constraint(constraint: Constraint, value: str | None) -> str:
    """Why a constraint does not hold."""
    found = "is not given" if value is None else f"is '{display(value)}'"
    return (
        f'The constraint "{describe_constraint(constraint)}" does not hold: '
        f"{display(constraint.context_name)} {found}."
    )


def explain_rollout(rollout: Rollout, place: RolloutPosition | None) -> str:
    """Where a context fell in a rollout."""
    if place is None:
        return (
            f"The rollout draws by {display(rollout.stickiness)}, which the context does not give."
        )
    within = place.bucket <= rollout.percentage
    side = "within" if within else "beyond"
    who = f"'{display(place.value)}' falls" if place.value is not None else "Chance fell"
    return f"{who} into bucket {place.bucket} of 100, {side} the rollout of {rollout.percentage} %."


def explain_rule(compiled: CompiledStrategy, context: Context, *, holds: bool) -> str:
    """How a strategy without a rollout answered."""
    strategy = compiled.source
    match strategy.name:
        case "default":
            return "It applies to everybody."
        case "userWithId":
            return _among("userId", context.user_id, "users", holds=holds)
        case "remoteAddress":
            return _among("remoteAddress", context.remote_address, "addresses", holds=holds)
        case _:
            name = _percentage_name(strategy)
            value = parameter(strategy, name)
            if value is None:
                return f"Its parameter '{name}' is missing, so it matches nobody."
            return f"Its parameters, with '{name}' of '{display(value)}', make no rollout."


def _percentage_name(strategy: ToggleStrategy) -> str:
    return "rollout" if strategy.name == "flexibleRollout" else "percentage"


def _among(field: str, value: str | None, what: str, *, holds: bool) -> str:
    if value is None:
        return f"The context does not give {field}."
    return f"{field} '{display(value)}' is {'' if holds else 'not '}among the {what} listed."


def quote_title(strategy: ToggleStrategy) -> str:
    """What people call a strategy on a toggle."""
    return f"'{display(strategy.title or strategy.name)}'"


def explain_dependency(dependency: Dependency, toggle: Toggle | None) -> str:
    """Why a toggle is off for what another one is; `toggle` is that one, None if it is missing."""
    name = display(dependency.toggle)
    if toggle is None:
        return f"It needs the toggle '{name}', which does not exist."
    if toggle.archived:
        return f"It needs the toggle '{name}', which is archived."
    if toggle.dependencies:
        return (
            f"It needs the toggle '{name}', which itself depends on others; "
            "SDKs never take such a toggle for what is needed."
        )
    if not dependency.enabled:
        return f"It needs the toggle '{name}' to be off, and that is not so."
    if dependency.variants:
        variants = " or ".join(f"'{display(it)}'" for it in dependency.variants)
        return f"It needs the toggle '{name}' with the variant {variants}, and that is not so."
    return f"It needs the toggle '{name}' to be on, and that is not so."


def explain_no_match(explanations: Sequence[str]) -> str:
    """Why a toggle that is on is off for a context."""
    if len(explanations) == 1:
        return f"Its one strategy does not match. {explanations[0]}"
    return f"None of its {len(explanations)} strategies matches."
