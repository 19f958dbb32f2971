"""Derive the lifecycle of toggles: the stages from creation to archive."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from store.model import EnvironmentType, Toggle
from store.snapshot import Snapshot
from store.usage.summary import UsageSummary


class LifecycleStage(StrEnum):
    """The stages, in order."""

    INITIAL = "initial"
    PRE_LIVE = "pre-live"
    LIVE = "live"
    COMPLETED = "completed"
    ARCHIVED = "archived"


class LifecycleStep(Struct, frozen=True):
    """A stage, and the time at which the stage began."""

    stage: LifecycleStage
    entered_at: datetime


class Lifecycle(Struct, frozen=True):
    """The stages of a toggle so far, oldest first; never empty."""

    history: tuple[LifecycleStep, ...]

    @property
    def stage(self) -> LifecycleStage:
        """The current stage."""
        return self.history[-1].stage

    @property
    def entered_at(self) -> datetime:
        """The time at which the current stage began."""
        return self.history[-1].entered_at


def lifecycle_of(snapshot: Snapshot, usage: UsageSummary, toggle: Toggle) -> Lifecycle:
    """Derive the stages of a toggle so far.

    Stages are not stored. The first report from a kind of environment begins a stage. Other stages
    begin when the toggle is marked as stale or archived. A stage is skipped if a later stage began
    earlier, for example if production reports before development.
    """
    before_live, live = _first_reports(snapshot, usage, toggle)
    began = (
        (LifecycleStage.PRE_LIVE, before_live),
        (LifecycleStage.LIVE, live),
        (LifecycleStage.COMPLETED, toggle.stale_at),
        (LifecycleStage.ARCHIVED, toggle.archived_at),
    )
    steps: list[LifecycleStep] = []
    for stage, at in reversed(began):
        if at is not None and (not steps or at <= steps[-1].entered_at):
            # An imported toggle may be marked as stale before its creation.
            steps.append(LifecycleStep(stage, max(at, toggle.created_at)))
    steps.append(LifecycleStep(LifecycleStage.INITIAL, toggle.created_at))
    return Lifecycle(tuple(reversed(steps)))


def _first_reports(
    snapshot: Snapshot, usage: UsageSummary, toggle: Toggle
) -> tuple[datetime | None, datetime | None]:
    """Return the times of the first reports outside production and in production."""
    elsewhere: list[datetime] = []
    production: list[datetime] = []
    for name in usage.environments(toggle.name):
        seen = usage.of(toggle.name, name)
        # Reports refer to toggles by name. A report from before the toggle existed is therefore
        # about a deleted toggle or an unknown name.
        if seen is None or seen.last_seen_at < toggle.created_at:
            continue
        environment = snapshot.environments.get(name)
        is_production = environment is not None and environment.type is EnvironmentType.PRODUCTION
        (production if is_production else elsewhere).append(
            max(seen.first_seen_at, toggle.created_at)
        )
    return _earliest(elsewhere), _earliest(production)


def _earliest(times: Iterable[datetime]) -> datetime | None:
    return min(times, default=None)
