"""Cached data for decisions is used only with the snapshot from which it was made."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from store.evaluation import Context, deciders, evaluate
from store.evaluation.payloads import snapshot_of
from store.evaluation.toggles import compiled_toggle
from store.model import DEFAULT_ENVIRONMENT, Segment, Toggle
from store.snapshot import Draft, Snapshot
from store.values import Constraint, Dependency

ANNA = Context(current_time=datetime(2026, 1, 1, tzinfo=UTC), user_id="anna")
NOBODY = (Constraint("userId", "IN", ("nobody",)),)
SEGMENTED: dict[str, Any] = {
    "features": [
        {
            "name": "one",
            "enabled": True,
            "strategies": [{"name": "default", "segments": [1]}],
        }
    ],
    "segments": [{"id": 1, "constraints": []}],
}
DEPENDENT: dict[str, Any] = {
    "features": [
        {"name": "parent", "enabled": True},
        {"name": "one", "enabled": True, "dependencies": [{"feature": "parent"}]},
    ]
}


def enabled(snapshot: Snapshot) -> bool:
    return evaluate(snapshot, snapshot.toggles["one"], DEFAULT_ENVIRONMENT, ANNA).enabled


def changed(snapshot: Snapshot, subject: Toggle | Segment) -> Snapshot:
    draft = Draft(snapshot, snapshot.revision + 1)
    draft.put(subject)
    return draft.snapshot()


def test_a_changed_segment_changes_the_decisions_of_its_snapshot_only() -> None:
    before = snapshot_of(SEGMENTED)
    assert enabled(before)

    after = changed(before, replace(before.segments[1], constraints=NOBODY))

    assert not enabled(after)
    assert enabled(before)


def test_a_changed_toggle_changes_the_decisions_of_those_that_depend_on_it() -> None:
    before = snapshot_of(DEPENDENT)
    assert enabled(before)

    after = changed(before, replace(before.toggles["parent"], archived_at=ANNA.current_time))

    assert not enabled(after)
    assert enabled(before)


def test_a_toggle_that_comes_to_depend_on_others_meets_no_condition() -> None:
    before = snapshot_of(DEPENDENT)
    assert enabled(before)

    after = changed(before, replace(before.toggles["parent"], dependencies=(Dependency("x"),)))

    assert not enabled(after)


def test_a_draft_decides_by_what_was_put_into_it_last() -> None:
    draft = Draft(snapshot_of(SEGMENTED), 2)
    assert enabled(draft)

    draft.put(replace(draft.segments[1], constraints=NOBODY))
    assert not enabled(draft)

    draft.put(replace(draft.segments[1], constraints=()))
    assert enabled(draft)


def test_functions_are_made_once_for_a_snapshot() -> None:
    snapshot = snapshot_of(SEGMENTED)

    first = deciders(snapshot, DEFAULT_ENVIRONMENT)["one"]

    assert deciders(snapshot, DEFAULT_ENVIRONMENT)["one"] is first


def test_an_environment_where_a_toggle_never_was_decides_for_itself() -> None:
    snapshot = snapshot_of(SEGMENTED)

    decision = evaluate(snapshot, snapshot.toggles["one"], "elsewhere", ANNA)

    assert not decision.enabled
    assert enabled(snapshot)


def test_a_toggle_caches_functions_only_for_environments_that_it_is_configured_in() -> None:
    toggle = snapshot_of(SEGMENTED).toggles["one"]

    def is_cached(environment: str) -> bool:
        made = [compiled_toggle(toggle, environment, {}) for _ in range(2)]
        return made[0] is made[1]

    assert is_cached(DEFAULT_ENVIRONMENT)
    assert not is_cached("elsewhere")
