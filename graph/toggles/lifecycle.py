"""Lifecycles: where toggles stand between creation and archive."""

from datetime import datetime

import strawberry

from graph.engine.run.fields import plain
from graph.enums import LifecycleStage
from graph.node import shows
from store import lifecycle


@strawberry.type(description="One stage a toggle has gone through.")
@shows(lifecycle.LifecycleStep)
class LifecycleStep:
    stage: LifecycleStage = plain("The stage.")
    entered_at: datetime = plain("When it began.")


@strawberry.type(description="Where a toggle stands between creation and archive.")
@shows(lifecycle.Lifecycle)
class ToggleLifecycle:
    stage: LifecycleStage = plain("The present stage.")
    entered_at: datetime = plain("When the present stage began.")
    history: list[LifecycleStep] = plain("Every stage so far, oldest first.")
