"""After each operation, loading the database gives exactly the configuration in memory."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from store import Store
from store.model import SYSTEM, ApiTokenType, ToggleStrategy
from store.operations.applications import delete_application, update_application
from store.operations.context_fields import (
    create_context_field,
    delete_context_field,
    update_context_field,
)
from store.operations.copying import copy_configuration
from store.operations.dependencies import set_dependencies
from store.operations.environments import (
    create_environment,
    delete_environment,
    update_environment,
)
from store.operations.fields import (
    ContextFieldFields,
    EnvironmentFields,
    ProjectFields,
    SegmentFields,
    StrategyFields,
    TagTypeFields,
    ToggleFields,
    ToggleTypeFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project, delete_project, update_project
from store.operations.segments import create_segment, delete_segment, update_segment
from store.operations.strategies import create_strategy, delete_strategy, update_strategy
from store.operations.tag_types import create_tag_type, delete_tag_type, update_tag_type
from store.operations.tags import change_tags
from store.operations.toggle_environments import (
    add_toggle_strategy,
    configure_toggle,
    remove_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.operations.toggle_types import update_toggle_type
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    delete_toggle,
    revive_toggle,
    update_toggle,
)
from store.operations.tokens import create_token, revoke_token, update_token
from store.unit_of_work import UnitOfWork
from store.usage.applications import application_by_name
from store.usage.instances import ALL_INSTANCES, count_all_instances
from store.values import (
    Constraint,
    Dependency,
    LegalValue,
    StrategyParameter,
    Tag,
    Variant,
    VariantOverride,
    VariantPayload,
)
from tests.store.stored import assert_same_configuration, read_again
from tests.store.usage.reporting import registration_report, usage_report

Change = Callable[[UnitOfWork], Awaitable[Any]]

A_DAY = timedelta(days=1)
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


async def swap_names(work: UnitOfWork) -> None:
    await update_segment(work, 1, name="for a moment")
    await update_segment(work, 2, name="beta")
    await update_segment(work, 1, name="other")


def token_called(work: UnitOfWork, name: str) -> str:
    return next(token.id for token in work.snapshot.tokens.values() if token.name == name)


CHANGES: list[Change] = [
    lambda work: create_segment(
        work,
        name="Größe, 😀",
        fields=SegmentFields(constraints=(Constraint("age", "NUM_GTE", ("18",)),)),
    ),
    lambda work: update_segment(
        work,
        1,
        SegmentFields(description="Größe\n😀", constraints=FULL.constraints or ()),
        name="beta",
    ),
    lambda work: create_segment(work, name="other"),
    swap_names,
    lambda work: create_tag_type(
        work, name="squad", fields=TagTypeFields(icon="😀", color="#00ff7f")
    ),
    lambda work: update_tag_type(work, "squad", TagTypeFields(description="Größe", icon=None)),
    lambda work: create_project(
        work, name="payments", fields=ProjectFields(description="Größe\n😀")
    ),
    lambda work: update_project(work, "payments", ProjectFields(title="😀")),
    lambda work: create_context_field(
        work,
        name="tenant",
        fields=ContextFieldFields(legal_values=(LegalValue("Größe", "😀"), LegalValue("two"))),
    ),
    lambda work: update_context_field(
        work, "tenant", ContextFieldFields(stickiness=True, sort_order=2)
    ),
    lambda work: update_context_field(
        work, "userId", ContextFieldFields(legal_values=(LegalValue("7"),))
    ),
    lambda work: update_toggle_type(work, "release", ToggleTypeFields(lifetime_days=None)),
    lambda work: create_strategy(
        work,
        name="mine",
        fields=StrategyFields(
            description=None,
            parameters=(
                StrategyParameter("n", "number", "N"),
                StrategyParameter("bare", "list"),
                StrategyParameter("null", "list", None, required=False),
            ),
        ),
    ),
    lambda work: update_strategy(
        work, "mine", StrategyFields(title="Mine", parameters=(), deprecated=True)
    ),
    lambda work: create_toggle(
        work,
        name="a",
        fields=ToggleFields(description="Größe\n😀"),
        tags=[Tag("simple", "x"), Tag("simple", "größe")],
        strategies=[FULL, StrategySpec(name="default")],
        variants=VARIANTS,
        enabled=True,
    ),
    lambda work: create_toggle(
        work,
        name="A",
        fields=ToggleFields(type="odd type", project="odd project"),
        strategies=[ODD],
        variants=None,
        allow_unknown=True,
    ),
    lambda work: update_toggle(
        work, "a", ToggleFields(type="experiment", impression_data=True), stale=True
    ),
    lambda work: update_toggle(work, "a", stale=False),
    lambda work: update_project(work, "odd project", ProjectFields(title="Odd")),
    lambda work: set_dependencies(work, "a", [Dependency("A", enabled=False, variants=("x", "y"))]),
    lambda work: set_dependencies(work, "a", [Dependency("A")]),
    lambda work: change_tags(work, "a", add=[Tag("squad", "😀")], remove=[Tag("simple", "x")]),
    lambda work: change_tags(work, "a", remove=[Tag("squad", "😀")]),
    lambda work: delete_tag_type(work, "squad"),
    lambda work: create_environment(work, name="production", copy_from="default"),
    lambda work: update_environment(
        work, "production", EnvironmentFields(enabled=False, sort_order=3)
    ),
    lambda work: set_enabled(work, "a", environment="production", enabled=False),
    lambda work: configure_toggle(work, "a", strategies=[StrategySpec(name="default"), FULL]),
    lambda work: configure_toggle(work, "a", variants=[], strategies=[ODD], allow_unknown=True),
    lambda work: add_toggle_strategy(work, "a", strategy=FULL, position=0),
    lambda work: update_toggle_strategy(work, **key_of(in_default(work, "a")[0]), position=1),
    lambda work: update_toggle_strategy(
        work, **key_of(in_default(work, "a")[1]), segments=(), constraints=(), title="x"
    ),
    lambda work: copy_configuration(work, "a", source="production", target="default"),
    lambda work: copy_configuration(
        work, "a", source="default", target="production", to_toggle="A", enabled=True
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
        expires_at=work.now + A_DAY,
    ),
    lambda work: create_token(work, name="ops", type=ApiTokenType.ADMIN, secret="*:*.hush-hush"),
    lambda work: update_token(work, token_called(work, "ops"), expires_at=work.now + A_DAY),
    lambda work: revoke_token(work, token_called(work, "Größe 😀")),
    lambda work: delete_environment(work, "production"),
    lambda work: delete_segment(work, 2),
    lambda work: delete_segment(work, 1),
    lambda work: delete_context_field(work, "tenant"),
    lambda work: delete_project(work, "payments"),
]


async def test_every_change_is_read_again_as_it_was(store: Store, other_store: Store):
    for change in CHANGES:
        revision = store.snapshot.revision

        async with store.write(SYSTEM) as work:
            await change(work)
        await other_store.refresh()

        assert store.snapshot.revision == revision + 1
        assert_same_configuration(other_store.snapshot, store.snapshot)
    assert_same_configuration(await read_again(store), store.snapshot)


async def test_what_is_said_of_an_application_is_read_again_until_it_is_forgotten(store: Store):
    await store.journal.add(registration_report())
    await store.journal.add(usage_report())
    await store.aggregate_now()

    async with store.write(SYSTEM) as work:
        described = await update_application(
            work, "shop", description="Größe\n😀", url="https://shop.example", icon="😀"
        )
    async with store.read() as session:
        read = await application_by_name(session, "shop")
    async with store.write(SYSTEM) as work:
        await delete_application(work, "shop")

    assert read == described
    assert store.usage.names() == set()
    async with store.read() as session:
        assert await application_by_name(session, "shop") is None
        assert await count_all_instances(session, ALL_INSTANCES) == 0
