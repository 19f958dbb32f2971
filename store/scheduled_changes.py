"""The content of scheduled change sets, as it is stored."""

from datetime import datetime

from msgspec import Struct

from store.events import ChangeSetState, Event


class PlannedChange(Struct, frozen=True):
    """A change that a scheduled change set made when it was tried, with its index in the input."""

    index: int
    event: Event


class RolloutStep(Struct, frozen=True, kw_only=True):
    """One step of a rollout.

    `rollout` is the percentage. `at` is the time of the step; it is None while it depends on the
    time of the step before. `after_minutes` is the time since the step before; None if the step has
    a fixed time.
    """

    rollout: int
    at: datetime | None = None
    after_minutes: int | None = None
    state: ChangeSetState = ChangeSetState.SCHEDULED
    applied_at: datetime | None = None


class Rollout(Struct, frozen=True, kw_only=True):
    """A progressive rollout: the percentages that a strategy of a toggle gets one after another.

    `parameter` is the parameter of the strategy that holds the percentage.
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
