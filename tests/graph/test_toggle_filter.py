"""The filter of toggles: each condition, how they combine, and its limits."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from graph.ids import encode_id
from store.model import Actor, ActorKind
from store.operations.inputs import StrategySpec
from store.values import Tag, Variant
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

TOGGLES = """
query Toggles($filter: ToggleFilter) { toggles(filter: $filter) { totalCount nodes { name } } }
"""


@pytest.fixture
async def installation(gateway: Gateway) -> Installation:
    """Toggles that differ in what filters look at, one of them archived."""
    installed = Installation(gateway.store)
    await installed.surroundings()
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
    return installed


async def names(gateway: Gateway, filter: Any) -> list[str]:
    data = await gateway.run(TOGGLES, {"filter": filter})
    found = [node["name"] for node in data["toggles"]["nodes"]]
    assert data["toggles"]["totalCount"] == len(found)
    return found


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
    ({"staleness": ["STALE"]}, ["C-upper"]),
    ({"hasVariants": True}, ["a-rich"]),
    ({"hasVariants": False}, ["C-upper", "b-plain", "d-strategy-variants"]),
    ({"createdBy": ["flagstaff"]}, EVERYTHING),
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


async def test_each_condition_lets_through_what_it_says(
    installation: Installation, gateway: Gateway
) -> None:
    for filter, expected in CASES:
        assert await names(gateway, filter) == expected, filter


async def test_filters_inside_of_filters_say_nothing_about_the_archive_unless_told_to(
    installation: Installation, gateway: Gateway
) -> None:
    for filter, expected in NESTED_CASES:
        assert await names(gateway, filter) == expected, filter


async def test_an_archive_condition_in_the_text_of_a_query_counts_like_one_in_variables(
    installation: Installation, gateway: Gateway
) -> None:
    data = await gateway.run(
        "{ toggles(filter: { archived: null, not: { archived: false } }) { nodes { name } } }"
    )

    assert data["toggles"]["nodes"] == [{"name": "z-archived"}]


async def test_variants_of_a_strategy_count_as_variants(
    installation: Installation, gateway: Gateway
) -> None:
    stored = gateway.store.snapshot.toggles["d-strategy-variants"]
    configured = stored.environments["default"]
    strategy = structs.replace(configured.strategies[0], variants=(Variant("v", 1000),))
    await installation.put(
        structs.replace(
            stored,
            environments={"default": structs.replace(configured, strategies=(strategy,))},
            created_by=Actor("ada", ActorKind.TOKEN),
        )
    )

    assert await names(gateway, {"hasVariants": True}) == ["a-rich", "d-strategy-variants"]
    assert await names(gateway, {"createdBy": ["ada"]}) == ["d-strategy-variants"]


async def test_staleness_depends_on_the_time_of_the_request(
    installation: Installation, gateway: Gateway
) -> None:
    for name in ("a-rich", "C-upper", "d-strategy-variants"):
        stored = gateway.store.snapshot.toggles[name]
        long_ago = stored.created_at - timedelta(days=4000)
        await installation.put(structs.replace(stored, created_at=long_ago))

    assert await names(gateway, {"staleness": ["POTENTIALLY_STALE"]}) == ["a-rich"]
    assert await names(gateway, {"staleness": ["STALE"]}) == ["C-upper"]
    assert await names(gateway, {"staleness": ["ACTIVE"]}) == ["b-plain", "d-strategy-variants"]


async def test_reports_of_applications_can_be_filtered_by(
    installation: Installation, gateway: Gateway
) -> None:
    at = await installation.use("shop", "a-rich", ago=timedelta(hours=1))
    await installation.use("till", "a-rich", "b-plain", ago=timedelta(hours=3))
    await installation.fold()
    since = {"from": (at - timedelta(hours=1)).isoformat()}

    assert await names(gateway, {"applications": ["shop"]}) == ["a-rich"]
    assert await names(gateway, {"applications": ["till", "nope"]}) == ["a-rich", "b-plain"]
    assert await names(gateway, {"lastSeenAt": since}) == ["a-rich"]
    assert await names(gateway, {"lastSeenAt": {"to": at.isoformat()}}) == ["b-plain"]
    assert await names(gateway, {"lastSeenAt": {}}) == ["a-rich", "b-plain"]


# ------------------------------------------------------------------ orders

ORDERED = """
query Ordered($orderBy: ToggleOrder) { toggles(orderBy: $orderBy) { nodes { name } } }
"""


@pytest.mark.parametrize(
    ("field", "ascending", "descending"),
    [
        ("NAME", "abcd", "dcba"),
        ("TYPE", "bdac", "acdb"),
        ("PROJECT", "abcd", "abcd"),
        ("CREATED_AT", "abcd", "dcba"),
        ("UPDATED_AT", "abcd", "dcba"),
        ("LAST_SEEN_AT", "cabd", "acbd"),
        ("EXPIRES_AT", "acbd", "bacd"),
    ],
)
async def test_toggles_are_sorted_with_names_breaking_ties_and_missing_values_last(
    gateway: Gateway, field: str, ascending: str, descending: str
) -> None:
    installation = Installation(gateway.store)
    for name, type in zip("abcd", ("release", "experiment", "release", "kill-switch"), strict=True):
        await installation.toggle(name, type=type)
    if field == "EXPIRES_AT":
        # An experiment lives as long as a release; this one came earlier than it says in its name.
        stored = gateway.store.snapshot.toggles["b"]
        later = stored.created_at + timedelta(days=1)
        await installation.put(structs.replace(stored, created_at=later))
        for name in "ac":
            same = gateway.store.snapshot.toggles[name]
            await installation.put(structs.replace(same, created_at=stored.created_at))
    await installation.use("shop", "c", ago=timedelta(hours=2))
    await installation.use("shop", "a", ago=timedelta(hours=1))
    await installation.fold()

    orders = dict[str, str]()
    for direction in ("ASC", "DESC"):
        order = {"field": field, "direction": direction}
        nodes = (await gateway.run(ORDERED, {"orderBy": order}))["toggles"]["nodes"]
        orders[direction] = "".join(node["name"] for node in nodes)

    assert orders == {"ASC": ascending, "DESC": descending}


async def test_the_direction_of_an_order_is_ascending_when_left_out(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    for name in ("b", "a"):
        await installation.toggle(name)

    data = await gateway.run("{ toggles(orderBy: { field: CREATED_AT }) { nodes { name } } }")

    assert data["toggles"]["nodes"] == [{"name": "b"}, {"name": "a"}]


# ------------------------------------------------------------------ limits


def nested(depth: int) -> Any:
    return {} if depth == 1 else {"not": nested(depth - 1)}


async def test_filters_nest_five_levels_and_no_deeper(gateway: Gateway) -> None:
    assert await names(gateway, nested(5)) == []

    assert await refusal(gateway, nested(6)) == "The filter nests or and not deeper than 5 levels."


async def test_filters_nest_no_more_than_fifty_filters(gateway: Gateway) -> None:
    assert await names(gateway, {"or": [{}] * 49}) == []

    assert await refusal(gateway, {"or": [{}] * 50}) == "The filter nests more than 50 filters."


async def test_lists_in_filters_hold_five_hundred_entries_at_most(gateway: Gateway) -> None:
    for field in ("names", "projects", "types", "enabledIn", "applications"):
        assert await names(gateway, {field: ["x"] * 500}) == []

        assert await refusal(gateway, {field: ["x"] * 501}) == (
            f"The list {field} has 501 entries; 500 is the most."
        )


async def test_what_is_no_id_of_a_segment_is_refused(gateway: Gateway) -> None:
    for id in ("", "x", "1", "VG9nZ2xlOjE=", "U2VnbWVudDphYmM=", "U2VnbWVudDowMQ=="):
        assert await refusal(gateway, {"segments": [id]}) == f"'{id}' is not the ID of Segment."


async def test_the_number_in_the_id_of_a_segment_has_a_limit(gateway: Gateway) -> None:
    id = encode_id("Segment", "9" * 5_000)

    assert "is not the ID of Segment." in await refusal(gateway, {"segments": [id]})


async def test_a_search_has_a_limit(gateway: Gateway) -> None:
    assert await refusal(gateway, {"search": "x" * 501}) == (
        "The text to search for has 501 characters; 500 is the most."
    )
