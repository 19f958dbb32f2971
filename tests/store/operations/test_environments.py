"""Creating and changing environments."""

from typing import Any

import pytest

from store import Store
from store.errors import AlreadyExistsError, InUseError, RevisionConflictError
from store.events import EventType
from store.model import SYSTEM, ApiTokenType, EnvironmentType
from store.operations.environments import (
    create_environment,
    delete_environment,
    environment_type_of,
    update_environment,
)
from store.operations.inputs import StrategySpec
from store.operations.toggle_configuration import put_configuration
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token
from store.values import Variant
from tests.statements import counted_statements
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused
from tests.store.stored import read_again


async def test_a_new_environment_is_the_last_one_and_enabled(store: Store):
    await carry_out(store, update_environment, "default", sort_order=7)

    environment = await carry_out(store, create_environment, name="staging")

    event = await last_event(store)
    assert store.snapshot.environments["staging"] == environment
    assert (environment.sort_order, environment.enabled, environment.built_in) == (8, True, False)
    assert environment.revision == environment.served_revision == store.snapshot.revision
    assert event.type is EventType.ENVIRONMENT_CREATED
    assert event.summary == "Created environment 'staging'."
    assert (event.environment, event.before) == ("staging", None)
    assert event.after == document(environment)


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("production", EnvironmentType.PRODUCTION),
        ("PROD", EnvironmentType.PRODUCTION),
        ("development", EnvironmentType.DEVELOPMENT),
        ("staging", EnvironmentType.DEVELOPMENT),
    ],
)
def test_an_environment_is_typed_by_its_name(name: str, type: EnvironmentType):
    assert environment_type_of(name) is type


async def test_a_type_that_is_given_counts(store: Store):
    environment = await carry_out(
        store, create_environment, name="production", type=EnvironmentType.TEST
    )

    assert environment.type is EnvironmentType.TEST


async def test_a_taken_name_is_refused_with_the_environment_that_has_it(store: Store):
    [error] = await refused(store, create_environment, name="default")

    assert isinstance(error, AlreadyExistsError)
    assert error.existing is store.snapshot.environments["default"]
    assert error.path == ("name",)


async def test_every_error_of_an_environment_is_reported_at_once(store: Store):
    problems = await error_paths(store, create_environment, name="a b", copy_from="no")

    assert problems == [("name-pattern", ("name",)), ("NOT_FOUND", ("copyFrom",))]


async def test_a_copy_takes_over_every_configuration(store: Store):
    strategies = [StrategySpec(name="default", title="one"), StrategySpec(name="userWithId")]
    for name in ("live", "archived"):
        await carry_out(
            store,
            create_toggle,
            name=name,
            enabled=True,
            strategies=strategies,
            variants=[Variant("v", 1000)],
        )
    await carry_out(store, archive_toggle, "archived")
    before, events = store.snapshot.toggles, len(await log(store))

    await carry_out(store, create_environment, name="production", copy_from="default")

    stored = (await read_again(store)).toggles
    assert stored == store.snapshot.toggles
    for name in ("live", "archived"):
        source, copy = (stored[name].environments[item] for item in ("default", "production"))
        assert (copy.enabled, copy.variants) == (source.enabled, source.variants)
        assert [strategy.title for strategy in copy.strategies] == ["one", ""]
        assert not {strategy.id for strategy in copy.strategies} & {
            strategy.id for strategy in source.strategies
        }
        assert {strategy.environment for strategy in copy.strategies} == {"production"}
        assert stored[name].revision == copy.revision == store.snapshot.revision
        assert source == before[name].environments["default"]
    created, *copied = (await log(store))[events:]
    assert created.type is EventType.ENVIRONMENT_CREATED
    assert created.summary == "Created environment 'production' as a copy of 'default'."
    assert [(item.type.name, item.toggle_name, item.environment) for item in copied] == [
        ("TOGGLE_CONFIGURED", "live", "production"),
        ("TOGGLE_CONFIGURED", "archived", "production"),
    ]
    for event in copied:
        name = event.toggle_name or ""
        assert event.summary == (
            f"Copied the configuration of toggle '{name}' from default to production."
        )
        assert (event.before, event.after) == (document(before[name]), document(stored[name]))


async def test_a_copy_leaves_alone_what_is_not_configured_there(store: Store):
    await carry_out(store, create_environment, name="empty")
    toggle = await carry_out(store, create_toggle, name="a")

    await carry_out(store, create_environment, name="copy", copy_from="empty")

    assert store.snapshot.toggles["a"] is toggle


@pytest.mark.parametrize(
    "fields",
    [{"type": EnvironmentType.TEST}, {"enabled": False}, {"sort_order": 0}, {"sort_order": 99}],
)
async def test_an_environment_is_changed_in_the_fields_given(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_environment, name="staging")

    after = await carry_out(store, update_environment, "staging", **fields)

    event = await last_event(store)
    assert {field: getattr(after, field) for field in fields} == fields
    assert after.revision == store.snapshot.revision
    assert after.served_revision == before.served_revision
    assert event.type is EventType.ENVIRONMENT_UPDATED
    assert event.summary == "Changed environment 'staging'."
    assert (event.before, event.after) == (document(before), document(after))


async def test_an_update_that_changes_nothing_is_no_event(store: Store):
    before = store.snapshot

    await carry_out(
        store,
        update_environment,
        "default",
        type=EnvironmentType.PRODUCTION,
        enabled=True,
        sort_order=0,
    )

    assert store.snapshot is before


async def test_the_built_in_environment_may_change_its_type_only(store: Store):
    after = await carry_out(store, update_environment, "default", type=EnvironmentType.TEST)

    assert after.type is EnvironmentType.TEST
    assert await error_paths(store, update_environment, "default", enabled=False) == [
        ("BUILT_IN", ("enabled",))
    ]


@pytest.mark.parametrize("sort_order", [-1, 2**31])
async def test_a_sort_order_counts_from_0(store: Store, sort_order: int):
    problems = await error_paths(store, update_environment, "default", sort_order=sort_order)

    assert problems == [("sort-order-range", ("sortOrder",))]


async def test_an_update_of_another_revision_conflicts(store: Store):
    [error] = await refused(
        store, update_environment, "default", sort_order=1, expected_revision=99
    )

    assert isinstance(error, RevisionConflictError)
    assert error.current is store.snapshot.environments["default"]


async def test_a_change_of_what_is_served_is_not_a_change_of_the_environment(store: Store):
    await carry_out(store, create_toggle, name="a")
    known = store.snapshot.environments["default"].revision

    await carry_out(store, set_enabled, "a", enabled=True)

    environment = store.snapshot.environments["default"]
    assert environment.revision == known
    assert environment.served_revision == store.snapshot.revision


@pytest.mark.parametrize("operation", [update_environment, delete_environment])
async def test_an_unknown_environment_is_not_found(store: Store, operation: Any):
    assert await error_paths(store, operation, "no") == [("NOT_FOUND", ("name",))]


async def test_an_environment_is_deleted_with_every_configuration_in_it(store: Store):
    await carry_out(store, create_toggle, name="elsewhere")
    for name in ("live", "archived"):
        await carry_out(store, create_toggle, name=name, enabled=True)
    await carry_out(store, archive_toggle, "archived")
    environment = await carry_out(store, create_environment, name="production")
    for name in ("live", "archived"):
        async with store.write(SYSTEM) as work:
            put_configuration(
                work,
                work.snapshot.toggles[name],
                work.snapshot.toggles[name].in_environment("production"),
            )
            work.record(EventType.STATE_IMPORTED, subject=environment, summary=".")
    before, events = store.snapshot.toggles, len(await log(store))

    deleted = await carry_out(store, delete_environment, "production")

    *taken, gone = (await log(store))[events:]
    after = store.snapshot.toggles
    stored = await read_again(store)
    assert stored.toggles == after
    assert set(stored.environments) == set(store.snapshot.environments) == {"default"}
    assert deleted.name == environment.name
    assert after["elsewhere"] is before["elsewhere"]
    assert [(item.type.name, item.toggle_name, item.environment) for item in taken] == [
        ("TOGGLE_CONFIGURED", "live", "production"),
        ("TOGGLE_CONFIGURED", "archived", "production"),
    ]
    for event in taken:
        name = event.toggle_name or ""
        assert list(after[name].environments) == ["default"]
        assert after[name].revision == store.snapshot.revision
        assert (event.before, event.after) == (document(before[name]), document(after[name]))
    assert taken[0].summary == ("Deleted the configuration of toggle 'live' in production with it.")
    assert gone.type is EventType.ENVIRONMENT_DELETED
    assert gone.summary == "Deleted environment 'production'."
    assert (gone.environment, gone.before, gone.after) == ("production", document(deleted), None)


async def test_the_built_in_environment_cannot_be_deleted(store: Store):
    assert await error_paths(store, delete_environment, "default") == [("BUILT_IN", ("name",))]


async def test_an_environment_that_tokens_read_cannot_be_deleted(store: Store):
    await carry_out(store, create_environment, name="production")
    for name in ("b", "a"):
        await carry_out(
            store,
            create_token,
            name=name,
            type=ApiTokenType.CLIENT,
            environment="production",
        )
    await carry_out(store, create_token, name="ops", type=ApiTokenType.ADMIN)

    [error] = await refused(store, delete_environment, "production")

    assert isinstance(error, InUseError)
    assert ([item.name for item in error.used_by], error.count) == (["a", "b"], 2)
    assert error.message == "Environment 'production' cannot be deleted: 2 API tokens use it."
    assert error.path == ("name",)


async def test_coming_and_going_with_many_toggles_takes_no_more_statements(store: Store):
    counts: list[tuple[int, int]] = []
    for number in (3, 30):
        async with store.write(SYSTEM) as work:
            for index in range(number):
                await create_toggle(work, name=f"t{number}-{index}")
        with counted_statements() as copying:
            await carry_out(store, create_environment, name="copy", copy_from="default")
        with counted_statements() as deleting:
            await carry_out(store, delete_environment, "copy")
        counts.append((len(copying), len(deleting)))

    assert counts[0] == counts[1]


async def test_a_name_that_addresses_cannot_hold_is_refused_in_a_sentence(store: Store):
    (error,) = await refused(store, create_environment, name="..")

    assert error.message == "An environment cannot be named '..'."
