"""The filter of toggles: its conditions, their combinations, and its limits."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from graph.ids import encode_id
from store import Store
from store.model import Actor, ActorKind
from store.operations.inputs import StrategySpec
from store.values import Tag, Variant
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import TOGGLES, toggle_names

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG_AGO = timedelta(days=4000)


async def fill(store: Store) -> None:
    """Create toggles that differ in the fields of filters, one of them archived."""
    installed = Installation(store)
    await installed.rich_toggle("a-rich")
    await installed.toggle("b-plain", description="100 % of _all_ users", type="experiment")
    await installed.toggle(
        "C-upper",
        stale=True,
        enabled=True,
        tags=(Tag("simple", "shop"),),
        strategies=(StrategySpec(name="byWeather"),),
    )
    await installed.toggle("d-strategy-variants", type="kill-switch")
    await installed.toggle("z-archived", tags=(Tag("simple", "shop"),))
    await installed.archive("z-archived")
    await put_what_no_form_can(installed)
    await installed.use("shop", "a-rich", ago=timedelta(hours=1))
    await installed.use("till", "a-rich", "b-plain", ago=timedelta(hours=3))
    await installed.aggregate()


async def put_what_no_form_can(installed: Installation) -> None:
    """Make some toggles old. Give a toggle another creator, and variants in a strategy."""
    toggles = installed.store.snapshot.toggles
    variants = toggles["d-strategy-variants"]
    configured = variants.environments["default"]
    strategy = structs.replace(configured.strategies[0], variants=(Variant("v", 1000),))
    changed = structs.replace(
        variants,
        environments={"default": structs.replace(configured, strategies=(strategy,))},
        created_by=Actor("ada", ActorKind.TOKEN),
    )
    for item in (toggles["a-rich"], toggles["C-upper"], changed):
        await installed.put(structs.replace(item, created_at=item.created_at - LONG_AGO))


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(furnished_database, fill)


async def refusal(gateway: Gateway, filter: Any) -> str:
    answer = (await gateway.post(TOGGLES, {"filter": filter})).json()
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    return error["message"]


EVERYTHING = ["C-upper", "a-rich", "b-plain", "d-strategy-variants"]
CASES: list[tuple[Any, list[str]]] = [
    (None, EVERYTHING),
    ({}, EVERYTHING),
    ({"search": None, "names": None, "or": None, "not": None}, EVERYTHING),
    ({"search": ""}, EVERYTHING),
    ({"search": "c-UP"}, ["C-upper"]),
    ({"search": "what A-RICH is"}, ["a-rich"]),
    ({"search": "SHOP"}, ["C-upper", "a-rich"]),
    ({"search": "100 %"}, ["b-plain"]),
    ({"search": "_all_"}, ["b-plain"]),
    ({"search": "%"}, ["b-plain"]),
    ({"search": "_"}, ["b-plain"]),
    ({"names": ["a-rich", "nope"]}, ["a-rich"]),
    ({"names": []}, []),
    ({"namePrefix": "b-"}, ["b-plain"]),
    ({"namePrefix": "c-"}, []),
    ({"namePrefix": "%"}, []),
    ({"projects": ["default"]}, EVERYTHING),
    ({"projects": ["nope"]}, []),
    ({"types": ["experiment", "kill-switch"]}, ["b-plain", "d-strategy-variants"]),
    ({"tags": [{"value": "shop"}]}, ["C-upper", "a-rich"]),
    ({"tags": [{"type": "team", "value": "blue"}]}, ["a-rich"]),
    ({"allTags": [{"value": "shop"}, {"type": "team", "value": "blue"}]}, ["a-rich"]),
    ({"allTags": []}, EVERYTHING),
    ({"enabledIn": ["production"]}, ["a-rich"]),
    ({"enabledIn": ["production", "default"]}, ["C-upper", "a-rich"]),
    ({"disabledIn": ["default"]}, ["a-rich", "b-plain", "d-strategy-variants"]),
    ({"disabledIn": ["default", "production"]}, EVERYTHING),
    ({"disabledIn": ["nope"]}, []),
    ({"enabledIn": ["nope"]}, []),
    ({"strategies": ["byWeather", "userWithId"]}, ["C-upper", "a-rich"]),
    ({"segments": ["U2VnbWVudDox"]}, ["a-rich"]),
    ({"segmentNames": ["beta testers", "nope"]}, ["a-rich"]),
    ({"segmentNames": ["nope"]}, []),
    ({"segments": ["U2VnbWVudDox"], "segmentNames": ["nope"]}, []),
    # A toggle that is marked as stale is not potentially stale. Kill switches are never potentially
    # stale.
    ({"staleness": ["STALE"]}, ["C-upper"]),
    ({"staleness": ["POTENTIALLY_STALE"]}, ["a-rich"]),
    ({"staleness": ["ACTIVE"]}, ["b-plain", "d-strategy-variants"]),
    ({"applications": ["shop"]}, ["a-rich"]),
    ({"applications": ["till", "nope"]}, ["a-rich", "b-plain"]),
    ({"lastSeenAt": {}}, ["a-rich", "b-plain"]),
    # Variants of strategies are also found.
    ({"hasVariants": True}, ["a-rich", "d-strategy-variants"]),
    ({"hasVariants": False}, ["C-upper", "b-plain"]),
    ({"createdBy": ["flagstaff"]}, ["C-upper", "a-rich", "b-plain"]),
    ({"createdBy": ["ada"]}, ["d-strategy-variants"]),
    ({"createdBy": ["nobody"]}, []),
    ({"createdAt": {"from": "2000-01-01T00:00:00Z"}}, EVERYTHING),
    ({"createdAt": {"to": "2000-01-01T00:00:00Z"}}, []),
    ({"archived": True}, ["z-archived"]),
    ({"archived": None, "tags": [{"value": "shop"}]}, ["C-upper", "a-rich", "z-archived"]),
    ({"archived": False, "tags": [{"value": "shop"}]}, ["C-upper", "a-rich"]),
    ({"or": [{"names": ["a-rich"]}, {"search": "upper"}]}, ["C-upper", "a-rich"]),
    ({"or": []}, []),
    ({"not": {"tags": [{"value": "shop"}]}}, ["b-plain", "d-strategy-variants"]),
    ({"types": ["release"], "not": {"or": [{"namePrefix": "a"}]}}, ["C-upper"]),
]
NESTED_CASES: list[tuple[Any, list[str]]] = [
    ({"archived": True, "or": [{"search": "z"}]}, ["z-archived"]),
    ({"archived": True, "not": {"search": "z"}}, []),
    (
        {"archived": None, "not": {"namePrefix": "a"}},
        ["C-upper", "b-plain", "d-strategy-variants", "z-archived"],
    ),
    ({"archived": None, "not": {"archived": False}}, ["z-archived"]),
    (
        {"archived": None, "or": [{"archived": True}, {"names": ["b-plain"]}]},
        ["b-plain", "z-archived"],
    ),
]


async def test_each_condition_lets_through_what_it_says(shared_gateway: Gateway) -> None:
    for filter, expected in CASES:
        assert await toggle_names(shared_gateway, filter) == expected, filter


async def test_filters_inside_of_filters_say_nothing_about_the_archive_unless_told_to(
    shared_gateway: Gateway,
) -> None:
    for filter, expected in NESTED_CASES:
        assert await toggle_names(shared_gateway, filter) == expected, filter


async def test_an_archive_condition_in_the_text_of_a_query_counts_like_one_in_variables(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        "{ toggles(filter: { archived: null, not: { archived: false } }) { nodes { name } } }"
    )

    assert data["toggles"]["nodes"] == [{"name": "z-archived"}]


async def test_toggles_are_found_by_when_they_were_last_seen(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run('{ toggle(name: "a-rich") { lastSeenAt } }')
    at = data["toggle"]["lastSeenAt"]

    assert await toggle_names(shared_gateway, {"lastSeenAt": {"from": at}}) == ["a-rich"]
    assert await toggle_names(shared_gateway, {"lastSeenAt": {"to": at}}) == ["b-plain"]


# ------------------------------------------------------------------ limits


def nested(depth: int) -> Any:
    return {} if depth == 1 else {"not": nested(depth - 1)}


async def test_filters_nest_five_levels_and_no_deeper(shared_gateway: Gateway) -> None:
    assert await toggle_names(shared_gateway, nested(5)) == EVERYTHING

    assert (
        await refusal(shared_gateway, nested(6))
        == "The filter nests `or` and `not` more than 5 levels deep."
    )


async def test_filters_nest_no_more_than_fifty_filters(shared_gateway: Gateway) -> None:
    assert await toggle_names(shared_gateway, {"or": [{}] * 49}) == EVERYTHING

    assert (
        await refusal(shared_gateway, {"or": [{}] * 50})
        == "The filter contains more than 50 nested filters."
    )


async def test_lists_in_filters_hold_five_hundred_entries_at_most(shared_gateway: Gateway) -> None:
    for field in ("names", "projects", "types", "enabledIn", "applications"):
        assert await toggle_names(shared_gateway, {field: ["x"] * 500}) == []

        assert await refusal(shared_gateway, {field: ["x"] * 501}) == (
            f"The list '{field}' has 501 entries; at most 500 are allowed."
        )


async def test_what_is_no_id_of_a_segment_is_refused(shared_gateway: Gateway) -> None:
    for id in ("", "x", "1", "VG9nZ2xlOjE=", "U2VnbWVudDphYmM=", "U2VnbWVudDowMQ=="):
        assert (
            await refusal(shared_gateway, {"segments": [id]}) == f"'{id}' is not the ID of Segment."
        )


async def test_the_number_in_the_id_of_a_segment_has_a_limit(shared_gateway: Gateway) -> None:
    id = encode_id("Segment", "9" * 5_000)

    assert "is not the ID of Segment." in await refusal(shared_gateway, {"segments": [id]})


async def test_a_search_has_a_limit(shared_gateway: Gateway) -> None:
    assert await refusal(shared_gateway, {"search": "x" * 501}) == (
        "The search text has 501 characters; at most 500 are allowed."
    )
