"""Pages of lists: arguments and cursors are checked, and each item is returned exactly once."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import msgspec
import pytest
from graphql import GraphQLError, GraphQLObjectType, is_required_argument
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.paging import (
    KeyNumber,
    KeyString,
    KeyTime,
    KeyTimeOrNone,
    Ordering,
    PageArguments,
    connect_list,
    read_cursor,
    window_of,
    write_cursor,
)
from graph.schema import schema
from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

BY_TIME = Ordering("things AT ASC", tuple[KeyTimeOrNone, KeyString])
BY_NUMBER = Ordering("things NUMBER ASC", tuple[KeyNumber])
TIME = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)


def encoded(document: Any) -> str:
    return urlsafe_b64encode(msgspec.json.encode(document)).rstrip(b"=").decode()


def refusal(arguments: PageArguments, ordering: Ordering = BY_NUMBER) -> str:
    with pytest.raises(GraphQLError) as caught:
        window_of(arguments, ordering)
    assert caught.value.extensions == {"code": "BAD_USER_INPUT"}
    return caught.value.message


# ------------------------------------------------------------------ arguments


def test_fifty_items_are_returned_unless_more_or_fewer_are_requested() -> None:
    assert window_of(PageArguments(), BY_NUMBER).limit == 50
    assert window_of(PageArguments(first=0), BY_NUMBER).limit == 0
    assert window_of(PageArguments(last=500), BY_NUMBER).limit == 500


@pytest.mark.parametrize("number", [-1, 501])
@pytest.mark.parametrize("argument", ["first", "last"])
def test_a_page_size_out_of_range_is_refused_with_the_limit(argument: str, number: int) -> None:
    given = PageArguments(first=number) if argument == "first" else PageArguments(last=number)

    assert refusal(given) == f"The argument '{argument}' is {number}; it must be from 0 to 500."


def test_first_together_with_last_is_refused() -> None:
    assert refusal(PageArguments(first=1, last=1)) == (
        "The arguments 'first' and 'last' cannot be combined."
    )


# ------------------------------------------------------------------ cursors


@given(
    st.datetimes(timezones=st.just(UTC)) | st.none(),
    st.text(st.characters(exclude_characters="\0", codec="utf-8")),
)
@settings(max_examples=50)
def test_a_cursor_holds_its_key_exactly(at: datetime | None, name: str) -> None:
    assert read_cursor(BY_TIME, write_cursor(BY_TIME, (at, name))) == (at, name)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "näh",
        "!!!!",
        write_cursor(BY_NUMBER, (7,)) + "=",
        " " + write_cursor(BY_NUMBER, (7,)),
        encoded(None),
        encoded(7),
        encoded((1, BY_NUMBER.name)),
        encoded((1, BY_NUMBER.name, ["7"])),
        encoded((1, BY_NUMBER.name, [7, 8])),
        encoded((1, BY_NUMBER.name, [7.0])),
        encoded((1, BY_NUMBER.name, [None])),
        encoded((1, BY_NUMBER.name, [2**63])),
        urlsafe_b64encode(b'[1,"things NUMBER ASC",[7 ]]').decode().rstrip("="),
        urlsafe_b64encode(b"[" * 30_000).decode(),
        urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_what_is_no_cursor_is_refused_by_name(cursor: str) -> None:
    assert refusal(PageArguments(after=cursor)) == (
        f"'{cursor[:100]}' is not a cursor of this list."
    )


@pytest.mark.parametrize(
    "key",
    [
        ("2026-01-31T12:00:00", "a"),
        ("2026-01-31", "a"),
        (1, "a"),
        (TIME.astimezone(timezone(timedelta(hours=2))), "a"),
        (TIME, "nul\0"),
        (TIME, None),
    ],
)
def test_keys_that_were_never_written_are_refused(key: Any) -> None:
    refusal(PageArguments(before=encoded((1, BY_TIME.name, key))), BY_TIME)


def test_a_cursor_of_another_list_order_or_version_is_refused() -> None:
    of_another = write_cursor(Ordering("things NUMBER DESC", tuple[KeyNumber]), (7,))
    of_the_future = encoded((2, BY_NUMBER.name, (7,)))

    for cursor in (of_another, of_the_future):
        assert refusal(PageArguments(after=cursor)) == (
            f"The cursor '{cursor}' belongs to another list or to another order of this list."
        )


def test_the_time_in_a_cursor_needs_an_offset() -> None:
    by_time = Ordering("things AT DESC", tuple[KeyTime])

    refusal(PageArguments(after=encoded((1, by_time.name, ("2026-01-31T12:00:00",)))), by_time)


# ------------------------------------------------------------------ lists


@given(st.sets(st.integers(0, 60)), st.integers(1, 9), st.booleans())
@settings(max_examples=50)
def test_walking_through_a_list_sees_every_item_once(
    numbers: set[int], size: int, backwards: bool
) -> None:
    items, seen = sorted(numbers), list[int]()
    arguments = PageArguments(last=size) if backwards else PageArguments(first=size)

    while True:
        page = connect_list(items, arguments, BY_NUMBER, lambda item: (item,))
        seen = [*page.nodes, *seen] if backwards else [*seen, *page.nodes]
        assert page.total_count == len(items)
        more = page.page_info.has_previous_page if backwards else page.page_info.has_next_page
        assert more is (seen != items)
        if not more:
            break
        if backwards:
            arguments = PageArguments(last=size, before=page.page_info.start_cursor)
        else:
            arguments = PageArguments(first=size, after=page.page_info.end_cursor)

    assert seen == items


def test_a_page_between_two_cursors_holds_what_lies_between() -> None:
    def cursor(number: int) -> str:
        return write_cursor(BY_NUMBER, (number,))

    page = connect_list(
        range(10),
        PageArguments(after=cursor(2), before=cursor(6)),
        BY_NUMBER,
        lambda item: (item,),
    )

    assert list(page.nodes) == [3, 4, 5]
    assert page.page_info.has_next_page
    assert page.page_info.has_previous_page
    assert [edge.cursor for edge in page.edges] == [cursor(3), cursor(4), cursor(5)]


def test_a_cursor_outlives_its_item() -> None:
    after_four = write_cursor(BY_NUMBER, (4,))

    page = connect_list(
        [1, 2, 6, 7], PageArguments(after=after_four), BY_NUMBER, lambda item: (item,)
    )

    assert list(page.nodes) == [6, 7]


# ------------------------------------------------------------------ over GraphQL

ORDER_FIELDS = (
    "NAME",
    "TYPE",
    "PROJECT",
    "CREATED_AT",
    "UPDATED_AT",
    "LAST_SEEN_AT",
    "EXPIRES_AT",
)
WALK = """
query Walk(
  $filter: ToggleFilter, $orderBy: ToggleOrder
  $first: Int, $after: String, $last: Int, $before: String
) {
  toggles(
    filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before
  ) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { name } }
    nodes { name }
  }
}
"""


async def fill(store: Store) -> None:
    """Create seven toggles of three types, and report usage of two of the toggles."""
    installation = Installation(store)
    types = ["release", "kill-switch", "experiment"]
    for number in range(7):
        await installation.toggle(f"t{number}", type=types[number % 3])
    for number in (1, 4):
        await installation.use("shop", f"t{number}", ago=timedelta(minutes=number))
    await installation.aggregate()


@pytest.fixture(scope="session")
def prepared_database(prepared_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(prepared_database, fill)


on_the_shared_loop = pytest.mark.asyncio(loop_scope="module")


@on_the_shared_loop
async def test_toggles_are_walked_through_in_any_order_both_ways(shared_gateway: Gateway) -> None:
    for field, (direction, walked) in product(
        ORDER_FIELDS, (("ASC", walked_forwards), ("DESC", walked_backwards))
    ):
        order = {"field": field, "direction": direction}
        whole = [node["name"] for node in (await walk(shared_gateway, {"orderBy": order}))["nodes"]]
        assert sorted(whole) == [f"t{number}" for number in range(7)]
        assert await walked(shared_gateway, order, 3) == whole, order


async def walked_forwards(gateway: Gateway, order: Any, size: int) -> list[str]:
    names, cursor, more = list[str](), None, True
    while more:
        page = await walk(gateway, {"orderBy": order, "first": size, "after": cursor})
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        assert page["totalCount"] == 7
        names += [node["name"] for node in page["nodes"]]
        assert len(names) <= 7
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return names


async def walked_backwards(gateway: Gateway, order: Any, size: int) -> list[str]:
    names, cursor, more = list[str](), None, True
    while more:
        page = await walk(gateway, {"orderBy": order, "last": size, "before": cursor})
        names = [node["name"] for node in page["nodes"]] + names
        assert len(names) <= 7
        cursor, more = page["pageInfo"]["startCursor"], page["pageInfo"]["hasPreviousPage"]
    return names


@on_the_shared_loop
async def test_a_cursor_of_another_order_is_refused_over_graphql(shared_gateway: Gateway) -> None:
    page = await walk(shared_gateway, {"orderBy": {"field": "NAME"}})
    variables = {"orderBy": {"field": "TYPE"}, "after": page["pageInfo"]["endCursor"]}

    answer = (await shared_gateway.post(WALK, variables)).json()

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@on_the_shared_loop
async def test_a_page_too_large_is_refused_and_not_cut(shared_gateway: Gateway) -> None:
    answer = (await shared_gateway.post(WALK, {"first": 501})).json()

    assert answer["errors"][0]["message"] == (
        "The argument 'first' is 501; it must be from 0 to 500."
    )


def lists_of(type: GraphQLObjectType) -> list[str]:
    """The names of a type's paged fields that have no other required argument."""
    return [
        name
        for name, field in type.fields.items()
        if {"first", "after", "last", "before"} <= field.args.keys()
        and not any(is_required_argument(argument) for argument in field.args.values())
    ]


def every_list() -> Iterator[str]:
    """Selections of all paged lists, at the root and in objects. `%s` stands for the arguments."""
    query = schema.graphql.query_type
    assert query is not None
    for name in lists_of(query):
        yield f"{name}(%s) {{ totalCount }}"
    for name, type_name in (
        ("toggles", "Toggle"),
        ("strategies", "Strategy"),
        ("applications", "Application"),
    ):
        of_object = schema.graphql.type_map[type_name]
        assert isinstance(of_object, GraphQLObjectType)
        for inner in lists_of(of_object):
            yield f"{name}(first: 1) {{ nodes {{ {inner}(%s) {{ totalCount }} }} }}"


@on_the_shared_loop
@pytest.mark.parametrize("selection", [*every_list()])
async def test_every_list_checks_its_page_arguments(
    shared_gateway: Gateway, selection: str
) -> None:
    too_large = "The argument '{}' is 501; it must be from 0 to 500."
    for name, value, message in (
        ("first", "501", too_large.format("first")),
        ("last", "501", too_large.format("last")),
        ("after", '"x"', "'x' is not a cursor of this list."),
        ("before", '"x"', "'x' is not a cursor of this list."),
    ):
        document = "{ " + selection % f"{name}: {value}" + " }"

        answer = (await shared_gateway.post(document)).json()

        assert answer["errors"][0]["message"] == message, document


@on_the_shared_loop
async def test_an_empty_list_has_no_cursors(shared_gateway: Gateway) -> None:
    page = await walk(shared_gateway, {"filter": {"archived": True}})

    assert page == {
        "totalCount": 0,
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
        "edges": [],
        "nodes": [],
    }


async def walk(gateway: Gateway, variables: Any) -> Any:
    return (await gateway.run(WALK, variables))["toggles"]
