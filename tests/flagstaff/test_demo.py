"""The example installation is plausible, and it shows all features."""

from datetime import timedelta
from pathlib import Path

import pytest

from flagstaff.demo import create_demo, fill_with_demo
from flagstaff.demo.applications import APPLICATIONS
from flagstaff.demo.history import HISTORY, ROLLOUT, SCHEDULED
from flagstaff.demo.installation import PRODUCTION
from store import Store
from store.change_sets import ChangeSetFilter, list_change_sets
from store.constraints.operators import OPERATORS
from store.events import ChangeSetState
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.paging import Window
from store.usage.applications import ApplicationFilter, list_applications
from store.usage.instances import ALL_INSTANCES, list_instances
from store.usage.issues import find_issues
from store.webhooks.deliveries import list_deliveries_of
from tests.store.conftest import Filled


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the example installation."""
    return filled(beginning, fill_with_demo)


@pytest.mark.slow
@pytest.mark.sample(1)
async def test_all_types_strategies_and_kinds_of_operators_are_in_use(store: Store) -> None:
    toggles = store.snapshot.toggles.values()
    strategies = [
        strategy
        for toggle in toggles
        for environment in toggle.environments.values()
        for strategy in environment.strategies
    ]

    assert len(toggles) >= 40
    assert {toggle.type for toggle in toggles} == set(store.snapshot.toggle_types)
    assert {strategy.name for strategy in strategies} == set(store.snapshot.strategies)
    operators = {
        constraint.operator for strategy in strategies for constraint in strategy.constraints or ()
    }
    kinds = {(row.format, row.single, row.whole) for row in OPERATORS.values()}
    used = [OPERATORS[name] for name in operators]
    assert {(row.format, row.single, row.whole) for row in used} == kinds


async def test_every_state_of_a_toggle_is_there(store: Store) -> None:
    live, archived = store.snapshot.live_toggles, store.snapshot.archived_toggles
    variants = [
        variant for toggle in live for variant in toggle.in_environment("production").variants or ()
    ]

    assert len(archived) >= 3
    assert any(toggle.stale for toggle in live)
    assert {toggle.in_environment("production").enabled for toggle in live} == {True, False}
    assert {"default", "development", "production"} == set(store.snapshot.environments)
    assert {variant.payload.type for variant in variants if variant.payload} == {
        "string",
        "number",
        "json",
        "csv",
    }
    assert {variant.weight_type for variant in variants} == {"fix", "variable"}
    assert any(variant.overrides for variant in variants)
    assert any(toggle.tags for toggle in live)
    configurations = [toggle.in_environment("production") for toggle in live]
    strategies = [strategy for item in configurations for strategy in item.strategies]
    assert any(strategy.disabled for strategy in strategies)


def test_applications_get_between_no_and_all_answers_yes() -> None:
    shares = [share for app in APPLICATIONS for share in app.yes_share.values()]

    assert (min(shares), max(shares)) == (0.0, 1.0)


async def test_weights_add_up(store: Store) -> None:
    for toggle in store.snapshot.toggles.values():
        for environment in toggle.environments.values():
            weights = [variant.weight for variant in environment.variants or ()]
            assert sum(weights) in (0, 1000), toggle.name


async def test_applications_and_their_usage_are_there(store: Store) -> None:
    async with store.read() as session:
        applications = await list_applications(
            session, ApplicationFilter(), order="name", descending=False, window=Window(10)
        )
        pages = await list_instances(session, ["storefront-web"], ALL_INSTANCES, Window(10))
    instances = pages["storefront-web"].items
    names_seen = {name for app in APPLICATIONS for name in store.usage.names_of(app.name)}
    assert names_seen == {name for app in APPLICATIONS for name in app.yes_share}
    assert [app.name for app in applications.items] == sorted(app.name for app in APPLICATIONS)
    assert all(app.registered_at for app in applications.items)
    assert all(app.metrics_count > 1000 for app in applications.items)
    assert {instance.environment for instance in instances} == {"development", "production"}
    seen = store.usage.of("checkout-one-page", "production")
    assert seen is not None
    assert (seen.last_seen_at - seen.first_seen_at).total_seconds() > 22 * 3600


async def test_applications_have_issues_of_every_kind(store: Store) -> None:
    found = [
        find_issues(
            store.snapshot,
            strategies=app.strategies,
            requested=[(name, PRODUCTION) for name in app.yes_share],
            sdk_versions=[app.sdk_version],
        )
        for app in APPLICATIONS
    ]

    assert any(issues.unknown_toggles for issues in found)
    assert any(issues.archived_toggles for issues in found)
    assert any(issues.unknown_strategies for issues in found)
    assert any(issues.missing_strategies for issues in found)
    assert any(issues.outdated_sdks for issues in found)


async def test_the_webhook_was_tested_and_sends_nothing(store: Store) -> None:
    (webhook,) = store.snapshot.webhooks.values()
    id = str(webhook.id)
    async with store.read() as session:
        pages = await list_deliveries_of(session, [id], None, Window(10))

    assert webhook.enabled is False
    assert [(each.is_test, each.status) for each in pages[id].items] == [(True, 200), (True, 404)]


@pytest.mark.thorough
async def test_the_history_of_a_new_database_covers_weeks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'demo.db'}"

    said = await create_demo(url)

    store = await Store.open(url)
    try:
        now = store.clock()
        async with store.read() as connection:
            applied = await list_change_sets(
                connection,
                ChangeSetFilter(states=[ChangeSetState.APPLIED]),
                window=Window(len(HISTORY) + 1),
            )
            scheduled = await list_change_sets(
                connection,
                ChangeSetFilter(states=[ChangeSetState.SCHEDULED]),
                window=Window(10),
            )
        ages = [now - change_set.created_at for change_set in applied.items]
        checkout = store.snapshot.toggles["checkout-one-page"]
        usage = store.usage.of("checkout-one-page", PRODUCTION)
    finally:
        await store.close()
    assert "was created" in said
    assert [change_set.comment for change_set in applied.items] == [
        change_set.comment for change_set in reversed(HISTORY)
    ]
    assert {change_set.created_by.name for change_set in applied.items} == {"mira", "tom"}
    assert ages[0] < timedelta(hours=3) < timedelta(days=24) < ages[-1]
    assert timedelta(days=30) <= now - checkout.created_at < timedelta(days=31)
    assert usage is not None
    assert now - usage.first_seen_at > timedelta(days=20)
    assert [change_set.comment for change_set in scheduled.items] == [
        ROLLOUT.comment,
        SCHEDULED.comment,
    ]


async def test_an_installation_in_use_is_left_alone(prepared_url: str) -> None:
    store = await Store.open(prepared_url)
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="mine")

    said = await fill_with_demo(store)

    await store.close()
    assert "was not created" in said
    assert list(store.snapshot.toggles) == ["mine"]


async def test_filling_again_changes_nothing(store: Store) -> None:
    before = store.snapshot

    await fill_with_demo(store)

    assert store.snapshot is before
