"""Rollouts include the bucket of their percentage, and no later bucket."""

from datetime import UTC, datetime

import pytest

from store.evaluation import Context, evaluate
from store.evaluation.hashing import prefix_of, rollout_bucket
from store.evaluation.payloads import snapshot_of
from store.evaluation.toggles import compiled_toggle
from store.model import DEFAULT_ENVIRONMENT


@pytest.mark.parametrize("strategy", ["flexibleRollout", "gradualRolloutUserId"])
def test_a_rollout_includes_the_bucket_of_its_percentage(strategy: str) -> None:
    names = [f"user-{number}" for number in range(2_000)]
    users = {rollout_bucket(prefix_of("g"), name.encode()): name for name in names}
    assert users.keys() == set(range(1, 101))

    for bucket, user in users.items():
        context = Context(user_id=user, current_time=datetime(2026, 1, 31, tzinfo=UTC))

        assert not is_enabled(strategy, bucket - 1, context)
        assert is_enabled(strategy, bucket, context)


def is_enabled(strategy: str, percentage: int, context: Context) -> bool:
    parameters = {
        "rollout": str(percentage),
        "percentage": str(percentage),
        "stickiness": "userId",
        "groupId": "g",
    }
    feature = {
        "name": "one",
        "type": "release",
        "enabled": True,
        "strategies": [{"name": strategy, "parameters": parameters}],
    }
    snapshot = snapshot_of({"version": 2, "features": [feature]})
    toggle = snapshot.toggles["one"]
    enabled = evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context).enabled
    # Explanations decide each strategy separately.
    (compiled,) = compiled_toggle(toggle, DEFAULT_ENVIRONMENT, snapshot.segments).strategies
    assert compiled.matches(context) is enabled
    return enabled
