"""Progressive rollouts: change sets whose steps change the percentage of one strategy."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from graph.context import Context
from graph.engine.run.fields import contextual, derived, plain
from graph.enums import ChangeSetState
from graph.environments.type import Environment
from graph.node import shows
from graph.toggles.strategy import ToggleStrategy
from graph.toggles.type import Toggle
from store import model, scheduled_changes
from store.schedules import RolloutState


def _toggle(root: RolloutState, context: Context) -> model.Toggle | None:
    return context.snapshot.toggles_by_id.get(root.rollout.toggle_id)


def _environment(root: RolloutState, context: Context) -> model.Environment | None:
    return context.snapshot.environments.get(root.rollout.environment)


def _strategy(root: RolloutState, context: Context) -> model.ToggleStrategy | None:
    toggle, rollout = _toggle(root, context), root.rollout
    if toggle is None:
        return None
    strategies = toggle.in_environment(rollout.environment).strategies
    return next((each for each in strategies if each.id == rollout.strategy_id), None)


def _steps(root: RolloutState) -> Sequence[scheduled_changes.RolloutStep]:
    return root.rollout.steps


@strawberry.type(description="One step of a progressive rollout.")
@shows(scheduled_changes.RolloutStep)
class RolloutStep:
    rollout: int = plain("The percentage that this step sets.")
    at: datetime | None = plain(
        "The time for which the step is scheduled. Null while the time depends on a step that has "
        "not been applied."
    )
    after: int | None = derived(
        lambda root: root.after_minutes,
        "The number of minutes between the previous step and this step; null if this step has a "
        "fixed time.",
    )
    state: ChangeSetState = plain("Whether the step is scheduled, applied, cancelled or refused.")
    applied_at: datetime | None = plain(
        "When the step was applied; null if the step has not been applied."
    )


@strawberry.type(
    description="A progressive rollout, which changes the percentage of one strategy in steps."
)
@shows(RolloutState)
class Rollout:
    toggle: Toggle | None = contextual(
        _toggle, "The toggle, null if it no longer exists.", reads=("toggles_by_id",)
    )
    environment: Environment | None = contextual(
        _environment, "The environment, null if it no longer exists.", reads=("environments",)
    )
    strategy: ToggleStrategy | None = contextual(
        _strategy,
        "The strategy on the toggle, null if it no longer exists.",
        reads=("toggles_by_id",),
    )
    steps: list[RolloutStep] = derived(_steps, "The steps in order.")
    paused_at: datetime | None = plain("When the rollout was paused, null if it is not paused.")
