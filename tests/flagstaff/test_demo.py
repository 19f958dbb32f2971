"""The example installation: believable, and complete enough to show everything."""

import asyncio

import pytest

from flagstaff.demo import fill_with_demo
from flagstaff.demo.applications import APPLICATIONS
from store import Store
from store.metrics.applications import ApplicationFilter, list_applications, list_instances
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.paging import Window
from store.values import OPERATORS


@pytest.fixture
async def filled(store: Store) -> Store:
    """A store with the example installation."""
    await fill_with_demo(store)
    return store


async def test_all_types_strategies_and_operators_are_in_use(filled: Store) -> None:
    toggles = filled.snapshot.toggles.values()
    strategies = [
        strategy
        for toggle in toggles
        for environment in toggle.environments.values()
        for strategy in environment.strategies
    ]

    assert len(toggles) >= 40
    assert {toggle.type for toggle in toggles} == set(filled.snapshot.toggle_types)
    assert {strategy.name for strategy in strategies} == set(filled.snapshot.strategies)
    operators = {
        constraint.operator for strategy in strategies for constraint in strategy.constraints or ()
    }
    assert operators == OPERATORS


async def test_every_state_of_a_toggle_is_there(filled: Store) -> None:
    live, archived = filled.snapshot.live_toggles, filled.snapshot.archived_toggles
    variants = [
        variant for toggle in live for variant in toggle.in_environment("production").variants or ()
    ]

    assert len(archived) >= 3
    assert any(toggle.stale for toggle in live)
    assert {toggle.in_environment("production").enabled for toggle in live} == {True, False}
    assert {"default", "development", "production"} == set(filled.snapshot.environments)
    assert {variant.payload.type for variant in variants if variant.payload} == {
        "string",
        "number",
        "json",
        "csv",
    }
    assert {variant.weight_type for variant in variants} == {"fix", "variable"}
    assert any(variant.overrides for variant in variants)
    assert any(toggle.tags for toggle in live)


async def test_weights_add_up(filled: Store) -> None:
    for toggle in filled.snapshot.toggles.values():
        for environment in toggle.environments.values():
            weights = [variant.weight for variant in environment.variants or ()]
            assert sum(weights) in (0, 1000), toggle.name


async def test_applications_and_their_usage_are_there(filled: Store) -> None:
    async def names_seen() -> set[str]:
        return {name for app in APPLICATIONS for name in filled.usage.names_of(app.name)}

    expected = {name for app in APPLICATIONS for name in app.yes_share}
    for _ in range(100):
        if await names_seen() == expected:
            break
        await asyncio.sleep(0.1)

    async with filled.read() as session:
        applications = await list_applications(
            session, ApplicationFilter(), order="name", descending=False, window=Window(10)
        )
        instances = await list_instances(
            session, "storefront-web", environment=None, seen_since=None, window=Window(10)
        )
    assert await names_seen() == expected
    assert [app.name for app in applications.items] == sorted(app.name for app in APPLICATIONS)
    assert all(app.registered_at for app in applications.items)
    assert all(app.metrics_count > 1000 for app in applications.items)
    assert {instance.environment for instance in instances.items} == {"development", "production"}
    seen = filled.usage.of("checkout-one-page", "production")
    assert seen is not None
    assert (seen.last_seen_at - seen.first_seen_at).total_seconds() > 22 * 3600


async def test_an_installation_in_use_is_left_alone(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="mine")

    said = await fill_with_demo(store)

    assert "left out" in said
    assert list(store.snapshot.toggles) == ["mine"]


async def test_filling_again_changes_nothing(filled: Store) -> None:
    revision = filled.snapshot.revision

    await fill_with_demo(filled)

    assert filled.snapshot.revision == revision
