"""Switching and configuring a toggle in one environment."""

from typing import Any

import pytest

from store import Store
from store.errors import RevisionConflictError
from store.events import EventType
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Constraint, Variant
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused

HALF = StrategySpec(
    name="flexibleRollout", parameters={"rollout": "50", "stickiness": "default", "groupId": "g"}
)
EVERYBODY = StrategySpec(name="default")
VARIANTS = [Variant("red", 500), Variant("blue", 500)]


async def furnish(store: Store) -> None:
    """Create the environment development, and the toggle `a`, which is off in default."""
    await carry_out(store, create_environment, name="development")
    await carry_out(store, create_toggle, name="a")


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the objects of `furnish`."""
    return filled(beginning, furnish)


async def test_a_toggle_is_switched_in_one_environment_only(store: Store):
    before = store.snapshot.toggles["a"]

    after = await carry_out(store, set_enabled, "a", environment="development", enabled=True)

    event = await last_event(store)
    configured = after.environments["development"]
    assert configured.enabled
    assert configured.revision == after.revision == store.snapshot.revision
    assert configured.updated_at == after.updated_at == event.created_at
    assert after.environments["default"] is before.environments["default"]
    assert event.type is EventType.TOGGLE_ENABLED
    assert event.summary == "Switched toggle 'a' on in development."
    assert (event.environment, event.toggle_name) == ("development", "a")
    assert (event.before, event.after) == (document(before), document(after))


async def test_a_toggle_is_switched_off(store: Store):
    await carry_out(store, set_enabled, "a", enabled=True)

    after = await carry_out(store, set_enabled, "a", enabled=False)

    event = await last_event(store)
    assert not after.environments["default"].enabled
    assert event.type is EventType.TOGGLE_DISABLED
    assert event.summary == "Switched toggle 'a' off in default."


@pytest.mark.parametrize("environment", ["default", "development"])
async def test_switching_off_what_is_off_is_no_event(store: Store, environment: str):
    before, events = store.snapshot, len(await log(store))

    after = await carry_out(store, set_enabled, "a", environment=environment, enabled=False)

    assert after is before.toggles["a"]
    assert store.snapshot is before
    assert len(await log(store)) == events


async def test_switching_is_always_recorded_on_request(store: Store):
    before = store.snapshot.toggles["a"]

    after = await carry_out(store, set_enabled, "a", enabled=False, record_always=True)

    event = await last_event(store)
    assert after is before
    assert event.type is EventType.TOGGLE_DISABLED
    assert (event.before, event.after) == (document(before), document(before))


async def test_an_unconfigured_environment_is_at_revision_0(store: Store):
    sparse = store.snapshot.toggles["a"].in_environment("development")

    [error] = await refused(
        store, set_enabled, "a", environment="development", enabled=True, expected_revision=5
    )
    await carry_out(
        store, set_enabled, "a", environment="development", enabled=True, expected_revision=0
    )

    assert isinstance(error, RevisionConflictError)
    assert (error.expected, error.actual, error.current) == (5, 0, sparse)
    assert store.snapshot.toggles["a"].environments["development"].enabled


async def test_the_revision_compared_is_that_of_the_environment(store: Store):
    known = store.snapshot.toggles["a"].environments["default"].revision
    await carry_out(store, set_enabled, "a", environment="development", enabled=True)

    after = await carry_out(store, set_enabled, "a", enabled=True, expected_revision=known)
    [error] = await refused(store, set_enabled, "a", enabled=False, expected_revision=known)

    assert isinstance(error, RevisionConflictError)
    assert error.current is after.environments["default"]
    assert error.path == ("expectedRevision",)


@pytest.mark.parametrize(
    ("operation", "options"),
    [(set_enabled, {"enabled": True}), (configure_toggle, {"variants": VARIANTS})],
)
async def test_unknown_toggles_and_environments_are_not_found(
    store: Store, operation: Any, options: dict[str, Any]
):
    assert await error_paths(store, operation, "no", **options) == [("NOT_FOUND", ("name",))]
    assert await error_paths(store, operation, "a", environment="no", **options) == [
        ("NOT_FOUND", ("environment",))
    ]


async def test_an_archived_toggle_cannot_be_configured(store: Store):
    await carry_out(store, archive_toggle, "a")

    problems = await error_paths(store, configure_toggle, "a", strategies=[])

    assert problems == [("WRONG_STATE", ("name",))]


async def test_a_configuration_is_replaced_in_one_go(store: Store):
    before = store.snapshot.toggles["a"]

    after = await carry_out(
        store,
        configure_toggle,
        "a",
        environment="development",
        enabled=True,
        strategies=[HALF, EVERYBODY],
        variants=VARIANTS,
    )

    event = await last_event(store)
    configured = after.environments["development"]
    assert configured.enabled
    assert [(strategy.name, strategy.sort_order) for strategy in configured.strategies] == [
        ("flexibleRollout", 0),
        ("default", 1),
    ]
    assert configured.variants == tuple(VARIANTS)
    assert after.environments["default"] is before.environments["default"]
    assert event.type is EventType.TOGGLE_CONFIGURED
    assert event.summary == "Configured toggle 'a' in development."
    assert (event.before, event.after) == (document(before), document(after))


@pytest.mark.parametrize(
    ("options", "type"),
    [
        ({"enabled": True}, EventType.TOGGLE_ENABLED),
        ({"enabled": True, "strategies": [EVERYBODY]}, EventType.TOGGLE_ENABLED),
        ({"variants": VARIANTS}, EventType.TOGGLE_VARIANTS_UPDATED),
        ({"enabled": False, "variants": VARIANTS}, EventType.TOGGLE_VARIANTS_UPDATED),
        ({"strategies": [HALF]}, EventType.TOGGLE_CONFIGURED),
        ({"enabled": True, "variants": VARIANTS}, EventType.TOGGLE_CONFIGURED),
    ],
)
async def test_the_event_says_what_changed(store: Store, options: dict[str, Any], type: EventType):
    await carry_out(store, configure_toggle, "a", **options)

    assert (await last_event(store)).type is type


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"enabled": False},
        {"strategies": [EVERYBODY], "variants": []},
        {"strategies": [StrategySpec(name="default", parameters={}, constraints=())]},
    ],
)
async def test_a_configuration_that_is_there_already_is_no_event(
    store: Store, options: dict[str, Any]
):
    before, events = store.snapshot, len(await log(store))

    after = await carry_out(store, configure_toggle, "a", **options)

    assert after is before.toggles["a"]
    assert store.snapshot is before
    assert len(await log(store)) == events


async def test_what_rest_wrote_is_not_rewritten_when_it_means_the_same(store: Store):
    spelt_out = StrategySpec(
        name="default",
        parameters={},
        constraints=(Constraint("a", "IN", values=("b",), inverted=False),),
        variants=(),
    )
    before = await carry_out(
        store, configure_toggle, "a", strategies=[spelt_out], variants=None, allow_unknown=True
    )

    after = await carry_out(
        store,
        configure_toggle,
        "a",
        strategies=[StrategySpec(name="default", constraints=(Constraint("a", "IN", ("b",)),))],
        variants=[],
    )

    assert after is before


async def test_rest_rewrites_to_the_letter(store: Store):
    await carry_out(
        store,
        configure_toggle,
        "a",
        strategies=[StrategySpec(name="default", parameters={"n": 1})],
        allow_unknown=True,
    )

    after = await carry_out(
        store,
        configure_toggle,
        "a",
        strategies=[StrategySpec(name="default", parameters={"n": True})],
        allow_unknown=True,
    )

    assert after.environments["default"].strategies[0].parameters == {"n": True}
    assert (await last_event(store)).after == document(after)


async def test_strategies_keep_their_ids_if_position_and_name_stay(store: Store):
    first = await carry_out(store, configure_toggle, "a", strategies=[HALF, EVERYBODY, EVERYBODY])
    changed = StrategySpec(name="flexibleRollout", parameters={"rollout": "60"})

    second = await carry_out(
        store, configure_toggle, "a", strategies=[changed, EVERYBODY, HALF, EVERYBODY]
    )

    old, new = (item.environments["default"].strategies for item in (first, second))
    assert new[0].id == old[0].id
    assert new[0].parameters == {"rollout": "60"}
    assert new[1] is old[1]
    assert new[2].id not in {item.id for item in old}
    assert [item.sort_order for item in new] == [0, 1, 2, 3]


async def test_fewer_strategies_leave_the_rest_out(store: Store):
    await carry_out(store, configure_toggle, "a", strategies=[HALF, EVERYBODY])

    after = await carry_out(store, configure_toggle, "a", strategies=[])

    assert after.environments["default"].strategies == ()


async def test_every_error_of_a_configuration_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        configure_toggle,
        "a",
        environment="no",
        strategies=[StrategySpec(name="no", segments=(1,))],
        variants=[Variant("v", 1), Variant("v", -1)],
        expected_revision=99,
    )

    assert problems == [
        ("REVISION_CONFLICT", ("expectedRevision",)),
        ("NOT_FOUND", ("environment",)),
        ("NOT_FOUND", ("strategies", "0", "name")),
        ("NOT_FOUND", ("strategies", "0", "segments", "0")),
        ("variants-unique", ("variants", "1", "name")),
        ("weight-range", ("variants", "1", "weight")),
    ]


async def test_a_list_of_strategies_is_bound(store: Store):
    problems = await error_paths(store, configure_toggle, "a", strategies=[EVERYBODY] * 501)

    assert problems == [("LIMIT_EXCEEDED", ("strategies",))]
