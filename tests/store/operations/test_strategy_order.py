"""The order of a toggle's strategies."""

from collections.abc import Callable, Sequence

import pytest

from store import Store
from store.events import EventType
from store.operations.inputs import StrategySpec
from store.operations.strategy_order import order_strategies
from store.operations.toggles import archive_toggle, create_toggle
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, error_paths, last_event, refused, summed_up


async def furnish(store: Store) -> None:
    """A toggle with three strategies in `default`, and an archived toggle."""
    specs = [StrategySpec(name="default", title=title) for title in ("one", "two", "three")]
    await carry_out(store, create_toggle, name="a", strategies=specs)
    await carry_out(store, create_toggle, name="gone")
    await carry_out(store, archive_toggle, "gone")


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the objects of `furnish`."""
    return filled(beginning, furnish)


def ids_of(store: Store) -> list[str]:
    return [each.id for each in store.snapshot.toggles["a"].in_environment("default").strategies]


async def test_strategies_get_the_order_of_their_ids(store: Store):
    one, two, three = ids_of(store)

    await carry_out(store, order_strategies, "a", environment="default", ids=[three, one, two])

    ordered = store.snapshot.toggles["a"].in_environment("default").strategies
    assert [(each.title, each.sort_order) for each in ordered] == [
        ("three", 0),
        ("one", 1),
        ("two", 2),
    ]
    event = await last_event(store)
    assert (event.type, event.environment) == (EventType.TOGGLE_STRATEGIES_REORDERED, "default")


async def test_the_same_order_changes_nothing(store: Store):
    before = store.snapshot

    await carry_out(store, order_strategies, "a", environment="default", ids=ids_of(store))

    assert store.snapshot.toggles["a"] is before.toggles["a"]
    assert store.snapshot.revision == before.revision


@pytest.mark.parametrize(
    ("choose", "problems"),
    [
        (lambda ids: ids[1:], [("order-complete", ())]),
        (lambda ids: ids[:0], [("order-complete", ())] * 3),
        (lambda ids: [*ids, ids[0]], [("order-unique", ("3", "id"))]),
        (lambda ids: ["x", *ids], [("NOT_FOUND", ("0", "id"))]),
        (
            lambda ids: ["x", ids[0], ids[0], ids[1]],
            [("NOT_FOUND", ("0", "id")), ("order-unique", ("2", "id")), ("order-complete", ())],
        ),
    ],
)
async def test_an_order_must_list_each_strategy_once(
    store: Store,
    choose: Callable[[list[str]], Sequence[str]],
    problems: list[tuple[str, tuple[str, ...]]],
):
    ids = choose(ids_of(store))

    errors = await refused(store, order_strategies, "a", environment="default", ids=ids)

    assert summed_up(errors) == problems


async def test_an_unknown_id_is_named(store: Store):
    (error,) = await refused(
        store, order_strategies, "a", environment="default", ids=[*ids_of(store), "x"]
    )

    assert error.message == "No toggle strategy is named 'x'."


async def test_only_live_toggles_have_an_order(store: Store):
    for name, code in (("gone", "WRONG_STATE"), ("nobody", "NOT_FOUND")):
        ((found, _),) = await error_paths(
            store, order_strategies, name, environment="default", ids=[]
        )
        assert found == code
