"""Snapshots with toggles and segments, for tests of features bodies."""

from datetime import UTC, datetime
from typing import Any

from msgspec import structs

from store.model import (
    Environment,
    EnvironmentType,
    Segment,
    Toggle,
    ToggleEnvironment,
    ToggleStrategy,
)
from store.snapshot import Configuration, Draft, Snapshot
from store.values import Constraint

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def toggle(name: str, *, segments: tuple[int, ...] = (), project: str = "default") -> Toggle:
    strategy = ToggleStrategy(
        id=f"of {name}",
        toggle_id=name,
        environment="default",
        name="default",
        segments=segments,
        constraints=(Constraint("userId", "IN", ("1",)),),
    )
    configured = ToggleEnvironment(
        toggle_id=name,
        environment="default",
        enabled=True,
        strategies=(strategy,),
        updated_at=NOW,
    )
    return Toggle(
        id=name,
        name=name,
        project=project,
        created_at=NOW,
        updated_at=NOW,
        environments={"default": configured},
    )


def segment(number: int, value: str) -> Segment:
    return Segment(
        id=number,
        name=f"segment-{number}",
        constraints=(Constraint("plan", "IN", (value,)),),
        created_at=NOW,
    )


def snapshot_of(*subjects: Any) -> Snapshot:
    environment = Environment(
        name="default", type=EnvironmentType.TEST, created_at=NOW, served_revision=7
    )
    return changed(Snapshot(6, Configuration()), environment, *subjects)


def changed(snapshot: Snapshot, *subjects: Any) -> Snapshot:
    """Return the next snapshot, with changes that affect the payload of `default`."""
    draft = Draft(snapshot, snapshot.revision + 1)
    for subject in subjects:
        draft.put(subject)
    if any(isinstance(item, Toggle | Segment) for item in subjects):
        environment = draft.environments["default"]
        draft.put(structs.replace(environment, served_revision=draft.revision))
    return draft.snapshot()
