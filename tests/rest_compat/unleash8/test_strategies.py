"""The strategies of a toggle in today's admin API."""

from typing import Any

import httpx
import pytest

from store import Store
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash8.conftest import (
    FEATURES,
    add_strategy,
    create_feature,
    create_segment,
    problems,
    refusal,
)

CONSTRAINT = {"contextName": "userId", "operator": "IN", "values": ["1", "2"]}
BLUE = {"name": "blue", "weight": 1000, "weightType": "variable", "stickiness": "userId"}


async def toggles(store: Store) -> None:
    """A segment and several toggles.

    The toggle `x` has a strategy only in staging. Other toggles have one strategy, two strategies,
    or a strategy with a value in every field.
    """
    admin = admin_of(store)
    await create_segment(admin, "first users", CONSTRAINT)
    for name in ("x", "one", "two", "full"):
        await create_feature(admin, name)
    await add_strategy(admin, "x", "staging", name="default")
    await add_strategy(admin, "one", name="default")
    for name in ("one", "two", "new"):
        await admin.post("/api/admin/strategies", json={"name": name, "parameters": []})
    await add_strategy(admin, "two", name="one")
    await add_strategy(admin, "two", name="two")
    await add_strategy(
        admin,
        "full",
        name="flexibleRollout",
        title="First",
        parameters={"rollout": "50"},
        constraints=[{"contextName": "a", "operator": "IN", "values": ["b"]}],
        segments=[1],
        variants=[BLUE | {"name": "green"}],
    )


pytestmark = begins_with(toggles)


def strategies_of(feature: str) -> str:
    """The path of a toggle's strategies."""
    return f"{FEATURES}/{feature}/environments/default/strategies"


async def names_of(admin: httpx.AsyncClient, feature: str) -> list[str]:
    """Return the names of a toggle's strategies, and check their sort orders."""
    strategies = (await admin.get(strategies_of(feature))).json()
    assert [strategy["sortOrder"] for strategy in strategies] == list(range(len(strategies)))
    return [strategy["name"] for strategy in strategies]


async def test_a_strategy_is_shown_as_it_was_sent(admin: httpx.AsyncClient) -> None:
    sent = {
        "name": "flexibleRollout",
        "title": "Half of them",
        "disabled": True,
        "parameters": {"rollout": "50", "stickiness": "default", "groupId": "x"},
        "constraints": [
            CONSTRAINT | {"inverted": True},
            {"contextName": "age", "operator": "NUM_GT", "value": "5", "values": []},
            {"contextName": "a", "operator": "STR_CONTAINS", "values": ["b"]}
            | {"caseInsensitive": True},
        ],
        "segments": [1],
        "variants": [
            BLUE | {"payload": {"type": "json", "value": "{}"}},
        ],
    }

    answer = await admin.post(strategies_of("x"), json=sent)

    assert answer.status_code == 200
    added = answer.json()
    assert added == sent | {"id": added["id"], "featureName": "x", "sortOrder": 0}
    assert (await admin.get(f"{strategies_of('x')}/{added['id']}")).json() == added
    assert (await admin.get(strategies_of("x"))).json() == [added]


async def test_a_strategy_needs_nothing_but_a_name(admin: httpx.AsyncClient) -> None:
    added = await add_strategy(admin, "x", name="default")

    assert added == {
        "id": added["id"],
        "name": "default",
        "title": None,
        "disabled": False,
        "featureName": "x",
        "sortOrder": 0,
        "parameters": {},
        "constraints": [],
        "segments": [],
        "variants": [],
    }


async def test_a_strategy_is_served_to_sdks(
    admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    await add_strategy(admin, "x", name="default", constraints=[CONSTRAINT])
    await admin.post(f"{FEATURES}/x/environments/default/on")

    *_, feature = (await client.get("/api/client/features")).json()["features"]

    assert feature["name"] == "x"
    assert feature["enabled"] is True
    assert feature["strategies"] == [
        {"name": "default", "constraints": [CONSTRAINT], "parameters": {}, "variants": []}
    ]


@pytest.mark.parametrize(
    ("sort_order", "names"),
    [
        (None, ["one", "two", "new"]),
        (0, ["new", "one", "two"]),
        (1, ["one", "new", "two"]),
        (9999, ["one", "two", "new"]),
        (-1, ["new", "one", "two"]),
        ("1", ["one", "new", "two"]),
    ],
)
async def test_the_sort_order_is_the_position_among_the_others(
    admin: httpx.AsyncClient, sort_order: Any, names: list[str]
) -> None:
    await add_strategy(admin, "two", name="new", sortOrder=sort_order)

    assert await names_of(admin, "two") == names


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({"title": "Other"}, {"title": "Other"}),
        ({"title": ""}, {"title": None}),
        ({"disabled": True}, {"disabled": True}),
        ({"disabled": 1}, {"disabled": True}),
        ({"disabled": ""}, {}),
        ({"parameters": {"rollout": 7}}, {"parameters": {"rollout": "7"}}),
        ({"segments": []}, {"segments": []}),
        ({"constraints": [CONSTRAINT]}, {"constraints": [CONSTRAINT]}),
        ({"variants": [BLUE]}, {"variants": [BLUE]}),
        ({"title": None, "disabled": None, "sortOrder": None}, {}),
        (
            {"name": "flexibleRollout"},
            {"parameters": {"rollout": "100", "stickiness": "default", "groupId": "full"}},
        ),
        (
            {"name": "remoteAddress", "parameters": {"IPs": "10.0.0.1"}},
            {"name": "remoteAddress", "parameters": {"IPs": "10.0.0.1"}},
        ),
    ],
)
async def test_a_change_keeps_the_title_the_segments_and_whether_it_is_disabled(
    admin: httpx.AsyncClient, sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    path = strategies_of("full")
    (before,) = (await admin.get(path)).json()

    answer = await admin.put(f"{path}/{before['id']}", json=sent)

    assert answer.status_code == 200
    expected = before | {"parameters": {}, "constraints": [], "variants": []} | changed
    assert answer.json() == expected
    assert (await admin.get(path)).json() == [expected]


async def test_a_change_can_move_a_strategy(admin: httpx.AsyncClient) -> None:
    path = strategies_of("two")
    _, two = (await admin.get(path)).json()

    await admin.put(f"{path}/{two['id']}", json={"sortOrder": 0})

    assert await names_of(admin, "two") == ["two", "one"]


async def test_a_strategy_becomes_only_a_defined_one(
    admin: httpx.AsyncClient, store: Store
) -> None:
    (strategy,) = (await admin.get(strategies_of("one"))).json()
    before = store.snapshot

    for name in ("nosuch", "", None):
        answer = await admin.put(f"{strategies_of('one')}/{strategy['id']}", json={"name": name})

        assert problems(answer, 400) == {"/body/name": f"No strategy is named '{name or ''}'."}
    assert store.snapshot is before


async def test_a_strategy_is_removed(admin: httpx.AsyncClient) -> None:
    path = strategies_of("two")
    one, two = (await admin.get(path)).json()

    answer = await admin.delete(f"{path}/{one['id']}")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (await admin.get(path)).json() == [two | {"sortOrder": 0}]


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    (
        {"constraints": [{"operator": 1}], "parameters": [], "segments": ["one"]},
        {
            "/body/constraints/0/contextName": "The key 'contextName' is missing.",
            "/body/constraints/0/operator": "The value must be a string, not the number 1.",
            "/body/parameters": "The value must be an object, not a list.",
            "/body/segments/0": "The value must be a number, not the string 'one'.",
        },
    ),
    (
        {"parameters": None, "constraints": None, "segments": None, "variants": None},
        {
            "/body/parameters": "The value must be an object, not null.",
            "/body/constraints": "The value must be a list, not null.",
            "/body/segments": "The value must be a list, not null.",
            "/body/variants": "The value must be a list, not null.",
        },
    ),
    (
        {"parameters": {"a": ["x"], "b": {}}},
        {
            "/body/parameters/a": "The value must be a string, not a list.",
            "/body/parameters/b": "The value must be a string, not an object.",
        },
    ),
    (
        {"variants": [{"name": "blue", "weight": 1}]},
        {
            "/body/variants/0/weightType": "The key 'weightType' is missing.",
            "/body/variants/0/stickiness": "The key 'stickiness' is missing.",
        },
    ),
    (
        {"segments": [1] * 501},
        {"/body/segments": "The value must have at most 500 entries, not 501."},
    ),
    (
        {"parameters": {"a/b~c": "\x07"}},
        {
            "/body/parameters/a~1b~0c": (
                "The parameter '<U+0007>' holds the character U+0007, which is not allowed here."
            )
        },
    ),
    (
        {"variants": [BLUE | {"weight": 1001}]},
        {"/body/variants/0/weight": "The value must be at most 1000, not the number 1001."},
    ),
]


@pytest.mark.parametrize(("body", "expected"), WRONG)
async def test_what_is_wrong_with_a_strategy_is_reported(
    admin: httpx.AsyncClient, store: Store, body: dict[str, Any], expected: dict[str, str]
) -> None:
    path = strategies_of("one")
    (there,) = (await admin.get(path)).json()
    before = store.snapshot

    added = await admin.post(path, json={"name": "default", **body})
    changed = await admin.put(f"{path}/{there['id']}", json=body)

    assert problems(added, 400) == expected
    assert problems(changed, 400) == expected
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (None, "The value must be a string, not null."),
        ("", "No strategy is named ''."),
        ("nosuch", "No strategy is named 'nosuch'."),
        ("a b", "No strategy is named 'a b'."),
    ],
)
async def test_a_strategy_needs_the_name_of_a_defined_one(
    admin: httpx.AsyncClient, name: str | None, message: str
) -> None:
    answer = await admin.post(strategies_of("x"), json={"name": name})

    assert problems(answer, 400) == {"/body/name": message}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_a_strategy_is_found_only_where_it_is(admin: httpx.AsyncClient, method: str) -> None:
    (of_another,) = (await admin.get(strategies_of("one"))).json()
    (in_staging,) = (await admin.get(f"{FEATURES}/x/environments/staging/strategies")).json()

    for id in (of_another["id"], in_staging["id"]):
        answer = await admin.request(method, f"{strategies_of('x')}/{id}", json={})

        message = f"Toggle 'x' has no strategy '{id}' in default."
        assert refusal(answer, 404, "NotFoundError") == message


async def test_an_unknown_segment_is_404(admin: httpx.AsyncClient, store: Store) -> None:
    path = strategies_of("one")
    (there,) = (await admin.get(path)).json()
    before = store.snapshot
    body = {"name": "default", "segments": [12345678901234567]}

    for answer in (
        await admin.post(path, json=body),
        await admin.put(f"{path}/{there['id']}", json=body),
    ):
        message = refusal(answer, 404, "NotFoundError")
        assert message == "No segment has the ID '12345678901234567'."
    assert store.snapshot is before


async def test_segments_may_be_strings_and_count_once(admin: httpx.AsyncClient) -> None:
    added = await add_strategy(admin, "x", name="default", segments=["1", 1])

    assert added["segments"] == [1]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_toggle_without_a_strategy_in_use_is_switched_off(
    admin: httpx.AsyncClient, store: Store, method: str
) -> None:
    path = strategies_of("two")
    one, two = (await admin.get(path)).json()
    await admin.post(f"{FEATURES}/two/environments/default/on")
    body = {"name": "one", "disabled": True}

    await admin.request(method, f"{path}/{one['id']}", json=body)
    with_another = store.snapshot.toggles["two"].in_environment("default").enabled
    await admin.request(method, f"{path}/{two['id']}", json=body)

    assert with_another
    assert not store.snapshot.toggles["two"].in_environment("default").enabled
