"""The lifecycle of toggles: the stages between creation and archive, told from what is known."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from store.metrics.usage import UsageSummary
from store.model import EnvironmentType, Toggle
from store.snapshot import Snapshot


class LifecycleStage(StrEnum):
    """The stages in their order."""

    INITIAL = "initial"
    PRE_LIVE = "pre-live"
    LIVE = "live"
    COMPLETED = "completed"
    ARCHIVED = "archived"


class LifecycleStep(Struct, frozen=True):
    """A stage, and when it began."""

    stage: LifecycleStage
    entered_at: datetime


class Lifecycle(Struct, frozen=True):
    """The stages that a toggle has gone through, oldest first; there is always the first one."""

    history: tuple[LifecycleStep, ...]

    @property
    def stage(self) -> LifecycleStage:
        """The present stage."""
        return self.history[-1].stage

    @property
    def entered_at(self) -> datetime:
        """When the present stage began."""
        return self.history[-1].entered_at


def lifecycle_of(snapshot: Snapshot, usage: UsageSummary, toggle: Toggle) -> Lifecycle:
    """The stages of a toggle so far.

    Nothing is stored for this: a stage began with the first report, with the mark or with the
    archiving that it is named for. A stage is passed over when a later one began before it, such as
    a first report from development after production.
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
            # What a document brought along may claim to have been marked before it was created.
            steps.append(LifecycleStep(stage, max(at, toggle.created_at)))
    steps.append(LifecycleStep(LifecycleStage.INITIAL, toggle.created_at))
    return Lifecycle(tuple(reversed(steps)))


def _first_reports(
    snapshot: Snapshot, usage: UsageSummary, toggle: Toggle
) -> tuple[datetime | None, datetime | None]:
    """When a toggle was first reported from elsewhere than production, and when from there."""
    elsewhere: list[datetime] = []
    production: list[datetime] = []
    for name in usage.environments(toggle.name):
        seen = usage.of(toggle.name, name)
        # Reports go by name: these were of an earlier toggle, or of none.
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
