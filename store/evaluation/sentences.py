"""Explain decisions in sentences."""

from collections.abc import Sequence

from store.constraints.operators import OPERATORS, compared_values
from store.evaluation.context import Context
from store.evaluation.parameters import parameter
from store.evaluation.rollouts import Rollout, RolloutPosition
from store.evaluation.strategies import CompiledStrategy
from store.model import Toggle, ToggleStrategy
from store.operations.strings import display
from store.values import Constraint, Dependency

_MAX_VALUES = 3


def describe_constraint(constraint: Constraint) -> str:
    """Describe a constraint in words, such as `country is one of 'no', 'se'`."""
    operator = OPERATORS.get(constraint.operator)
    words = constraint.operator if operator is None else operator.words[0]
    values = compared_values(constraint)
    listed = ", ".join(f"'{display(value)}'" for value in values[:_MAX_VALUES]) or "nothing"
    if len(values) > _MAX_VALUES:
        listed += f" or {len(values) - _MAX_VALUES:,} more"
    test = f"{display(constraint.context_name)} {words} {listed}"
    return f"not ({test})" if constraint.inverted else test


def explain_constraint(constraint: Constraint, value: str | None) -> str:
    """Explain why a context does not meet a constraint."""
    found = "is not given" if value is None else f"is '{display(value)}'"
    return (
        f'The constraint "{describe_constraint(constraint)}" does not hold: '
        f"{display(constraint.context_name)} {found}."
    )


def explain_rollout(rollout: Rollout, position: RolloutPosition | None) -> str:
    """Explain whether a context is in a rollout."""
    if position is None:
        return (
            f"The rollout hashes {display(rollout.stickiness)}, which is missing from the context."
        )
    side = "within" if position.bucket <= rollout.percentage else "beyond"
    who = f"'{display(position.value)}'" if position.value is not None else "A random number"
    bucket = f"bucket {position.bucket} of 100"
    return f"{who} falls into {bucket}, {side} the rollout of {rollout.percentage} %."


def explain_rule(compiled: CompiledStrategy, context: Context, *, holds: bool) -> str:
    """Explain the outcome of a strategy without a rollout."""
    strategy = compiled.source
    match strategy.name:
        case "default":
            conditions = [
                name
                for name, values in (
                    ("constraints", strategy.constraints),
                    ("segments", strategy.segments),
                )
                if values
            ]
            if conditions:
                return f"It applies to everybody who meets its {' and '.join(conditions)}."
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
            return f"Its parameters do not define a rollout; '{name}' is '{display(value)}'."


def _percentage_name(strategy: ToggleStrategy) -> str:
    return "rollout" if strategy.name == "flexibleRollout" else "percentage"


def _among(field: str, value: str | None, what: str, *, holds: bool) -> str:
    if value is None:
        return f"The context has no {field}."
    return f"{field} '{display(value)}' is {'' if holds else 'not '}among the {what} listed."


def explain_dependency(dependency: Dependency, toggle: Toggle | None) -> str:
    """Explain why a dependency is not met.

    `toggle` is the required toggle, or None if it does not exist.
    """
    name = display(dependency.toggle)
    if toggle is None:
        return f"It needs the toggle '{name}', which does not exist."
    if toggle.archived:
        return f"It needs the toggle '{name}', which is archived."
    if toggle.dependencies:
        return (
            f"It needs the toggle '{name}', which depends on other toggles; "
            "SDKs treat such a dependency as not met."
        )
    if not dependency.enabled:
        return f"It needs the toggle '{name}' to be off, but the toggle is on."
    if dependency.variants:
        variants = " or ".join(f"'{display(variant)}'" for variant in dependency.variants)
        return f"It needs the toggle '{name}' with the variant {variants}, but does not get it."
    return f"It needs the toggle '{name}' to be on, but the toggle is off."


def explain_no_match(explanations: Sequence[str]) -> str:
    """Explain why none of a toggle's strategies matches a context."""
    if len(explanations) == 1:
        return f"Its one strategy does not match. {explanations[0]}"
    return f"None of its {len(explanations)} strategies matches."
