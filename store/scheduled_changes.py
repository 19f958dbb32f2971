"""The stored content of scheduled change sets."""

from datetime import datetime

from msgspec import Struct

from store.events import ChangeSetState, Event


class PlannedChange(Struct, frozen=True):
    """A change that a change set made in its trial, with the change's index in the input."""

    index: int
    event: Event


class RolloutStep(Struct, frozen=True, kw_only=True):
    """One step of a rollout.

    `rollout` is the percentage. `at` is the time of the step, or None while the time depends on a
    step that was not applied yet. `after_minutes` is the delay after the previous step; None if the
    step has a fixed time.
    """

    rollout: int
    at: datetime | None = None
    after_minutes: int | None = None
    state: ChangeSetState = ChangeSetState.SCHEDULED
    applied_at: datetime | None = None


class Rollout(Struct, frozen=True, kw_only=True):
    """A progressive rollout: it sets the percentage of a toggle's strategy in several steps.

    `parameter` is the name of the strategy's parameter for the percentage.
    """

    toggle_id: str
    environment: str
    strategy_id: str
    parameter: str
    steps: tuple[RolloutStep, ...]

    @property
    def next_index(self) -> int | None:
        """The index of the next step; None if there is none."""
        waiting = (
            index for index, step in enumerate(self.steps) if step.state is ChangeSetState.SCHEDULED
        )
        return next(waiting, None)
