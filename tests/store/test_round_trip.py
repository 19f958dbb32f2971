"""What operations make of the configuration is read again as it was, after each single change."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.events import EventType
from store.model import SYSTEM, ApiTokenType, Segment, ToggleStrategy
from store.operations.environments import create_environment, update_environment
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy, delete_strategy, update_strategy
from store.operations.toggle_environments import (
    add_toggle_strategy,
    configure_toggle,
    remove_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    delete_toggle,
    revive_toggle,
    update_toggle,
)
from store.operations.tokens import create_token, revoke_token
from store.unit_of_work import UnitOfWork
from store.values import (
    Constraint,
    StrategyParameter,
    Tag,
    Variant,
    VariantOverride,
    VariantPayload,
)
from tests.store.test_write_path import assert_same_configuration

Change = Callable[[UnitOfWork], Awaitable[Any]]

FULL = StrategySpec(
    name="flexibleRollout",
    title="Größe 😀",
    disabled=True,
    parameters={"rollout": "33.3", "stickiness": "userId", "groupId": "g"},
    constraints=(
        Constraint("age", "NUM_GTE", values=("18",)),
        Constraint("city", "STR_CONTAINS", ("O'slo",), inverted=True, case_insensitive=True),
    ),
    segments=(1,),
    variants=(Variant("own", 1000, weight_type="fix"),),
)
ODD = StrategySpec(name="mine", parameters={"n": [1, 1.5, None, {"a": True}]}, constraints=None)
VARIANTS = (
    Variant("a", 333, payload=VariantPayload("json", '{"a": "\\u0000"}')),
    Variant("b", 667, stickiness="random", overrides=(VariantOverride("userId", ("7",)),)),
)


def in_default(work: UnitOfWork, name: str) -> tuple[ToggleStrategy, ...]:
    return work.snapshot.toggles[name].environments["default"].strategies


def key_of(strategy: ToggleStrategy) -> dict[str, Any]:
    return {
        "toggle_id": strategy.toggle_id,
        "environment": strategy.environment,
        "strategy_id": strategy.id,
    }


async def make_segment(work: UnitOfWork) -> None:
    segment = Segment(
        id=work.next_segment_id(), name="beta", created_at=work.now, revision=work.revision
    )
    work.put(segment)
    work.record(EventType.SEGMENT_CREATED, subject=segment, after=segment, summary=".")


CHANGES: list[Change] = [
    make_segment,
    lambda work: create_strategy(
        work, name="mine", description=None, parameters=[StrategyParameter("n", "number", "N")]
    ),
    lambda work: update_strategy(work, "mine", title="Mine", parameters=[], deprecated=True),
    lambda work: create_toggle(
        work,
        name="a",
        description="Größe\n😀",
        tags=[Tag("simple", "x"), Tag("simple", "größe")],
        strategies=[FULL, StrategySpec(name="default")],
        variants=VARIANTS,
        enabled=True,
    ),
    lambda work: create_toggle(
        work,
        name="A",
        type="odd type",
        project="odd project",
        strategies=[ODD],
        variants=None,
        allow_unknown=True,
    ),
    lambda work: update_toggle(work, "a", stale=True, type="experiment", impression_data=True),
    lambda work: create_environment(work, name="production", copy_from="default"),
    lambda work: update_environment(work, "production", enabled=False, sort_order=3),
    lambda work: set_enabled(work, "a", environment="production", enabled=False),
    lambda work: configure_toggle(work, "a", strategies=[StrategySpec(name="default"), FULL]),
    lambda work: configure_toggle(work, "a", variants=[], strategies=[ODD], allow_unknown=True),
    lambda work: add_toggle_strategy(work, "a", strategy=FULL, position=0),
    lambda work: update_toggle_strategy(work, **key_of(in_default(work, "a")[0]), position=1),
    lambda work: update_toggle_strategy(
        work, **key_of(in_default(work, "a")[1]), segments=(), constraints=(), title="x"
    ),
    lambda work: remove_toggle_strategy(work, **key_of(in_default(work, "a")[0])),
    lambda work: archive_toggle(work, "A"),
    lambda work: delete_strategy(work, "mine"),
    lambda work: revive_toggle(work, "A"),
    lambda work: archive_toggle(work, "a"),
    lambda work: delete_toggle(work, "a"),
    lambda work: create_token(
        work,
        name="Größe 😀",
        type=ApiTokenType.CLIENT,
        environment="production",
        projects=["default", "odd project"],
        expires_at=work.now + timedelta(days=1),
    ),
    lambda work: create_token(work, name="ops", type=ApiTokenType.ADMIN, secret="*:*.hush-hush"),
    lambda work: revoke_token(work, next(iter(work.snapshot.tokens))),
]


@pytest.fixture
async def reader(store: Store, prepared_url: str):
    """Another process on the same database."""
    opened = await Store.open(prepared_url)
    yield opened
    await opened.close()


async def test_every_change_is_read_again_as_it_was(store: Store, reader: Store, prepared_url: str):
    for change in CHANGES:
        revision = store.snapshot.revision

        async with store.write(SYSTEM) as work:
            await change(work)
        await reader.refresh()

        assert store.snapshot.revision == revision + 1
        assert_same_configuration(reader, store)
    fresh = await Store.open(prepared_url)
    assert_same_configuration(fresh, store)
    await fresh.close()
