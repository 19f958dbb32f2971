"""Copying configurations between environments and toggles."""

from typing import Any

import pytest
from msgspec import structs

from store import Store
from store.errors import RevisionConflictError
from store.events import EventType
from store.operations.copying import copy_configuration
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Constraint, Variant
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused
from tests.store.stored import read_again

SPECS = [
    StrategySpec(
        name="flexibleRollout",
        title="Half",
        disabled=True,
        parameters={"rollout": "50", "stickiness": "default", "groupId": "g"},
        constraints=(Constraint("age", "NUM_GTE", ("18",)),),
        segments=(1,),
        variants=(Variant("own", 1000),),
    ),
    StrategySpec(name="odd", parameters={"n": 1}, constraints=None),
]


async def furnish(store: Store) -> None:
    """Create the environments staging and production, and the toggles `a` and `b`.

    The toggle `a` is on in staging and has a value in every field there.
    """
    for name in ("staging", "production"):
        await carry_out(store, create_environment, name=name)
    await carry_out(store, create_segment, name="s")
    for name in "ab":
        await carry_out(store, create_toggle, name=name)
    await carry_out(
        store,
        configure_toggle,
        "a",
        environment="staging",
        enabled=True,
        strategies=SPECS,
        variants=[Variant("red", 500.5), Variant("blue", 499.5)],
        allow_unknown=True,
    )


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the objects of `furnish`."""
    return filled(beginning, furnish)


async def test_a_configuration_is_copied_to_another_environment(store: Store):
    before = store.snapshot.toggles["a"]

    after = await carry_out(store, copy_configuration, "a", source="staging", target="production")

    event = await last_event(store)
    source, copy = after.environments["staging"], after.environments["production"]
    assert (await read_again(store)).toggles == store.snapshot.toggles
    assert source is before.environments["staging"]
    assert (copy.enabled, copy.variants) == (False, source.variants)
    for original, copied in zip(source.strategies, copy.strategies, strict=True):
        assert copied.id != original.id
        assert copied == structs.replace(original, id=copied.id, environment="production")
    assert after.revision == copy.revision == store.snapshot.revision
    assert copy.updated_at == after.updated_at == event.created_at
    assert (event.type, event.environment) == (EventType.TOGGLE_CONFIGURED, "production")
    assert event.summary == ("Copied the configuration of toggle 'a' from staging to production.")
    assert (event.before, event.after) == (document(before), document(after))


async def test_whether_it_is_on_is_copied_on_request(store: Store):
    after = await carry_out(
        store, copy_configuration, "a", source="staging", target="production", enabled=True
    )
    off = await carry_out(
        store, copy_configuration, "a", source="default", target="staging", enabled=True
    )

    assert after.environments["production"].enabled
    assert not off.environments["staging"].enabled


async def test_what_the_target_was_configured_to_do_is_replaced(store: Store):
    before = store.snapshot.toggles["a"].environments["default"]

    after = await carry_out(store, copy_configuration, "a", source="default", target="staging")

    copy = after.environments["staging"]
    assert [strategy.name for strategy in copy.strategies] == [
        strategy.name for strategy in before.strategies
    ]
    assert (copy.enabled, copy.variants) == (True, before.variants)


async def test_a_strategy_keeps_its_id_if_its_position_has_the_name(store: Store):
    await carry_out(store, copy_configuration, "a", source="staging", target="production")
    first, _ = store.snapshot.toggles["a"].environments["production"].strategies
    await carry_out(
        store,
        configure_toggle,
        "a",
        environment="staging",
        strategies=[StrategySpec(name="flexibleRollout"), StrategySpec(name="default")],
    )

    after = await carry_out(store, copy_configuration, "a", source="staging", target="production")

    assert after.environments["production"].strategies[0].id == first.id


async def test_a_configuration_is_copied_to_another_toggle(store: Store):
    before = store.snapshot.toggles["b"]

    after = await carry_out(
        store, copy_configuration, "a", source="staging", target="staging", to_toggle="b"
    )

    event = await last_event(store)
    assert after.name == "b"
    assert {strategy.toggle_id for strategy in after.environments["staging"].strategies} == {
        after.id
    }
    assert event.toggle_name == "b"
    assert event.summary == (
        "Copied the configuration of 'a' to toggle 'b' from staging to staging."
    )
    assert (event.before, event.after) == (document(before), document(after))


async def test_what_was_never_configured_leaves_nothing_to_do(store: Store):
    after = await carry_out(
        store, copy_configuration, "a", source="production", target="staging", enabled=True
    )

    copy = after.environments["staging"]
    assert (copy.enabled, copy.strategies, copy.variants or ()) == (False, (), ())


async def test_copying_the_same_again_is_no_event(store: Store):
    await carry_out(store, copy_configuration, "a", source="staging", target="production")
    before, events = store.snapshot, len(await log(store))

    after = await carry_out(store, copy_configuration, "a", source="staging", target="production")

    assert after is before.toggles["a"]
    assert len(await log(store)) == events


async def test_every_error_is_reported_at_once(store: Store):
    problems = await error_paths(
        store, copy_configuration, "a", source="no", target="neither", expected_revision=5
    )

    assert problems == [
        ("NOT_FOUND", ("from",)),
        ("NOT_FOUND", ("to",)),
        ("REVISION_CONFLICT", ("expectedRevision",)),
    ]


@pytest.mark.parametrize("to_toggle", [None, "a"])
async def test_a_configuration_is_not_copied_onto_itself(store: Store, to_toggle: str | None):
    problems = await error_paths(
        store,
        copy_configuration,
        "a",
        source="default",
        target="default",
        to_toggle=to_toggle,
    )

    assert problems == [("copy-target", ("to",))]


async def test_a_copy_onto_another_revision_conflicts(store: Store):
    target = store.snapshot.toggles["a"].environments["staging"]

    [error] = await refused(
        store,
        copy_configuration,
        "a",
        source="default",
        target="staging",
        expected_revision=target.revision - 1,
    )

    assert isinstance(error, RevisionConflictError)
    assert error.current is target


async def test_an_archived_toggle_is_copied_from_but_not_to(store: Store):
    await carry_out(store, archive_toggle, "a")
    options: dict[str, Any] = {"source": "staging", "target": "production"}

    itself = await error_paths(store, copy_configuration, "a", **options)
    there = await error_paths(store, copy_configuration, "b", to_toggle="a", **options)
    after = await carry_out(store, copy_configuration, "a", to_toggle="b", **options)

    assert itself == [("WRONG_STATE", ("name",))]
    assert there == [("WRONG_STATE", ("toToggle",))]
    assert len(after.environments["production"].strategies) == 2


async def test_unknown_toggles_are_not_found(store: Store):
    options: dict[str, Any] = {"source": "staging", "target": "production"}

    origin = await error_paths(store, copy_configuration, "no", **options)
    destination = await error_paths(store, copy_configuration, "a", to_toggle="no", **options)

    assert origin == [("NOT_FOUND", ("name",))]
    assert destination == [("NOT_FOUND", ("toToggle",))]
