"""Events about changes outside of the environment `default`, in the form of Unleash 8."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest

from rest_compat.unleash3.event_document import EventJson, event_document
from store import Store
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import (
    add_toggle_strategy,
    configure_toggle,
    remove_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.operations.toggles import create_toggle
from store.unit_of_work import UnitOfWork
from store.values import Tag, Variant
from tests.rest_compat.conftest import begins_with
from tests.store.operations.doing import carry_out, last_event

Change: TypeAlias = Callable[[UnitOfWork], Awaitable[Any]]


async def cart(store: Store) -> None:
    """A toggle with a strategy in staging."""
    await carry_out(store, create_toggle, name="cart", tags=[Tag("simple", "red")])
    strategy = StrategySpec(name="userWithId", parameters={"userIds": "7"})
    await carry_out(store, add_toggle_strategy, "cart", environment="staging", strategy=strategy)


pytestmark = begins_with(cart)


def strategies(store: Store) -> list[dict[str, Any]]:
    """Return name, title and ID of the toggle's strategies in staging."""
    configured = store.snapshot.toggles["cart"].in_environment("staging")
    return [
        {"id": strategy.id, "name": strategy.name, "title": strategy.title or None}
        for strategy in configured.strategies
    ]


def brief(document: Any) -> Any:
    """The ID, name and title of a strategy in an event, or None."""
    if document is None:
        return None
    return {key: document[key] for key in ("id", "name", "title")}


async def document_of_change(
    store: Store, change: Callable[..., Any], *arguments: Any, **keys: Any
) -> EventJson:
    await carry_out(store, change, *arguments, environment="staging", **keys)
    document = event_document(await last_event(store))
    assert (document.environment, document.feature_name) == ("staging", "cart")
    assert document.tags == [{"type": "simple", "value": "red"}]
    return document


async def test_a_new_strategy_is_reported_alone(store: Store) -> None:
    document = await document_of_change(
        store, add_toggle_strategy, "cart", strategy=StrategySpec(name="default")
    )

    assert document.type == "feature-strategy-add"
    assert brief(document.data) == strategies(store)[1]
    assert document.pre_data is None
    assert document.data["featureName"] == "cart"


async def test_a_strategy_put_first_is_reported_and_not_those_that_moved(store: Store) -> None:
    document = await document_of_change(
        store, add_toggle_strategy, "cart", strategy=StrategySpec(name="default"), position=0
    )

    assert brief(document.data) == strategies(store)[0]
    assert (document.data["name"], document.pre_data) == ("default", None)


async def test_a_changed_strategy_is_reported_before_and_after(store: Store) -> None:
    (before,) = strategies(store)

    document = await document_of_change(
        store,
        update_toggle_strategy,
        toggle_id=store.snapshot.toggles["cart"].id,
        strategy_id=before["id"],
        title="Some",
    )

    assert document.type == "feature-strategy-update"
    assert brief(document.pre_data) == before
    assert brief(document.data) == before | {"title": "Some"}


async def test_a_strategy_that_is_gone_is_reported_as_it_was(store: Store) -> None:
    (before,) = strategies(store)

    document = await document_of_change(
        store,
        remove_toggle_strategy,
        toggle_id=store.snapshot.toggles["cart"].id,
        strategy_id=before["id"],
    )

    assert document.type == "feature-strategy-remove"
    assert (document.data, brief(document.pre_data)) == ({"name": "cart"}, before)


async def test_another_order_is_reported_by_ids(store: Store) -> None:
    await carry_out(
        store,
        add_toggle_strategy,
        "cart",
        environment="staging",
        strategy=StrategySpec(name="default"),
    )
    first, second = (strategy["id"] for strategy in strategies(store))

    document = await document_of_change(
        store,
        update_toggle_strategy,
        toggle_id=store.snapshot.toggles["cart"].id,
        strategy_id=second,
        position=0,
    )

    assert document.type == "strategy-order-changed"
    assert document.pre_data == {"strategyIds": [first, second]}
    assert document.data == {"strategyIds": [second, first]}


async def test_variants_are_reported_before_and_after(store: Store) -> None:
    document = await document_of_change(
        store, configure_toggle, "cart", variants=[Variant("red", 1000)]
    )

    assert document.type == "feature-environment-variants-updated"
    assert document.pre_data == {"variants": []}
    assert [variant["name"] for variant in document.data["variants"]] == ["red"]


@pytest.mark.parametrize(
    ("enabled", "type"),
    [(True, "feature-environment-enabled"), (False, "feature-environment-disabled")],
)
async def test_a_switch_is_reported_by_its_type(store: Store, enabled: bool, type: str) -> None:
    await carry_out(store, set_enabled, "cart", environment="staging", enabled=not enabled)

    document = await document_of_change(store, set_enabled, "cart", enabled=enabled)

    assert document.type == type
    assert (document.data, document.pre_data) == ({"name": "cart"}, None)


async def test_several_changes_at_once_are_reported_as_the_whole_configuration(
    store: Store,
) -> None:
    document = await document_of_change(
        store, configure_toggle, "cart", enabled=True, variants=[Variant("red", 1000)]
    )

    assert document.type == "feature-configured"
    assert (document.pre_data["enabled"], document.data["enabled"]) == (False, True)
    assert document.data["strategies"] == document.pre_data["strategies"]
