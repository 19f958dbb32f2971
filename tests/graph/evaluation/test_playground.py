"""The playground evaluates many toggles at once, and limits the size of its input."""

import asyncio
from typing import Any

import pytest

from store import Store, pacing
from store.evaluation.context import MAX_FIELDS, MAX_VALUE_LENGTH
from store.operations.inputs import StrategySpec
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.evaluations import EVALUATION, HALF, properties, refused
from tests.graph.gateway import Gateway
from tests.graph.installation import VARIANTS, Installation
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAY = """
query Play(
  $contexts: [ContextInput!]!, $environments: [String!]! = ["default"], $filter: ToggleFilter
  $first: Int, $after: String, $last: Int, $before: String
) {
  playground(
    contexts: $contexts, environments: $environments, filter: $filter
    first: $first, after: $after, last: $last, before: $before
  ) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { toggle { name } } }
    nodes {
      toggle { name }
      evaluations { enabled reason environment { name } context { userId currentTime } }
    }
  }
}
"""


MANY = [f"t{number}" for number in range(20)]


async def fill(store: Store) -> None:
    """Create toggles to evaluate; many of them use all features of evaluation."""
    installation = Installation(store)
    userlist = StrategySpec(name="userWithId", parameters={"userIds": "ada"})
    await installation.toggle("one", enabled=True, strategies=(userlist,))
    await installation.toggles("a", "b", "c", "x")
    await installation.toggles(*MANY, enabled=True, strategies=(HALF,), variants=VARIANTS)


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(furnished_database, fill)


async def test_each_environment_is_evaluated_with_each_context_at_the_same_time(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        PLAY,
        {
            "contexts": [{"userId": "ada"}, {"userId": "eve"}],
            "environments": ["default", "production"],
            "filter": {"names": ["one"]},
        },
    )

    (result,) = data["playground"]["nodes"]
    assert [
        (evaluation["environment"]["name"], evaluation["context"]["userId"], evaluation["reason"])
        for evaluation in result["evaluations"]
    ] == [
        ("default", "ada", "STRATEGY_MATCHED"),
        ("default", "eve", "NO_STRATEGY_MATCHED"),
        ("production", "ada", "DISABLED"),
        ("production", "eve", "DISABLED"),
    ]
    assert len({evaluation["context"]["currentTime"] for evaluation in result["evaluations"]}) == 1


async def test_pages_of_the_playground_follow_each_other(shared_gateway: Gateway) -> None:
    arguments = {"contexts": [{}], "filter": {"names": ["a", "b", "c"]}}

    start = (await shared_gateway.run(PLAY, {**arguments, "first": 2}))["playground"]
    after = start["pageInfo"]["endCursor"]
    end = (await shared_gateway.run(PLAY, {**arguments, "first": 2, "after": after}))["playground"]
    back = (await shared_gateway.run(PLAY, {**arguments, "last": 1, "before": after}))["playground"]

    def names(page: Any) -> list[str]:
        return [node["toggle"]["name"] for node in page["nodes"]]

    assert (names(start), names(end), names(back)) == (["a", "b"], ["c"], ["a"])
    assert (start["totalCount"], start["pageInfo"]["hasNextPage"]) == (3, True)
    assert (end["pageInfo"]["hasPreviousPage"], end["pageInfo"]["hasNextPage"]) == (True, False)
    assert [edge["cursor"] for edge in start["edges"]][1] == after


async def test_a_page_reads_no_database_however_many_toggles_it_has(
    shared_gateway: Gateway,
) -> None:
    document = (
        "query Play($contexts: [ContextInput!]!, $names: [String!]) "
        "{ playground(contexts: $contexts, filter: { names: $names }) { "
        f"nodes {{ evaluations {{ {EVALUATION} }} }} }} }}"
    )
    contexts = [{"userId": str(item)} for item in range(3)]

    with counted_statements() as statements:
        data = await shared_gateway.run(document, {"contexts": contexts, "names": MANY})

    assert len(data["playground"]["nodes"]) == len(MANY)
    assert statements == []


async def test_other_requests_get_their_turn_between_evaluations(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "SLICE_S", 0)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    await shared_gateway.run(PLAY, {"contexts": [{}] * 90, "filter": {"names": ["one"]}})
    waiting.cancel()

    assert turns >= 90


async def test_the_cost_is_that_of_all_evaluations(shared_gateway: Gateway) -> None:
    contexts = [{}] * 51

    response = await shared_gateway.post(
        PLAY, {"contexts": contexts, "environments": ["default", "default"]}
    )

    (error,) = response.json()["errors"]
    assert response.status_code == 422
    assert error["extensions"]["code"] == "COST_LIMIT"
    assert error["extensions"]["actual"] == 50 * 51 * 2


@pytest.mark.parametrize(
    ("context", "message"),
    [
        (
            {"properties": properties(**{f"p{item}": "" for item in range(MAX_FIELDS + 1)})},
            "contexts[0].properties: A context may have at most 1,000 properties, not 1,001.",
        ),
        (
            {"properties": [*properties(a="1"), *properties(a="1")]},
            "contexts[0].properties[1].name: The property 'a' is given twice.",
        ),
        (
            {"properties": properties(userId="1")},
            (
                "contexts[0].properties[0].name: The property 'userId' is not allowed: "
                "use the field of the context."
            ),
        ),
        (
            {"properties": properties(environment="x")},
            (
                "contexts[0].properties[0].name: The property 'environment' is not allowed: "
                "use the environment of the evaluation."
            ),
        ),
        (
            {"properties": properties(a="x" * (MAX_VALUE_LENGTH + 1))},
            (
                "contexts[0].properties[0].value: The value of 'a' has 10,001 characters; "
                "at most 10,000 are allowed."
            ),
        ),
        (
            {"properties": properties(**{"n" * (MAX_VALUE_LENGTH + 1): ""})},
            (
                f"contexts[0].properties[0].name: The name '{'n' * 59}…' is too long: "
                "at most 10,000 characters are allowed."
            ),
        ),
        (
            {"remoteAddress": "x" * (MAX_VALUE_LENGTH + 1)},
            (
                "contexts[0].remoteAddress: The value of remoteAddress has 10,001 characters; "
                "at most 10,000 are allowed."
            ),
        ),
        (
            {
                "userId": "x" * 10_000,
                "properties": properties(**{f"p{item}": "x" * 9_998 for item in range(9)}, q=""),
            },
            (
                "contexts[0]: The names and values of the context's fields have 100,007 "
                "characters in total; at most 100,000 are allowed."
            ),
        ),
    ],
    ids=[
        "too many",
        "twice",
        "standard",
        "environment",
        "long value",
        "long name",
        "long field",
        "all together",
    ],
)
async def test_contexts_that_cannot_be_read_are_refused(
    shared_gateway: Gateway, context: Any, message: str
) -> None:
    assert await refused(shared_gateway, PLAY, contexts=[context]) == message


async def test_the_request_of_the_playground_is_checked(shared_gateway: Gateway) -> None:
    assert await refused(shared_gateway, PLAY, contexts=[{}], environments=["default", "moon"]) == (
        "environments[1]: No environment is named 'moon'."
    )
    assert await refused(shared_gateway, PLAY, contexts=[]) == (
        "The list 'contexts' is empty; it must have at least one entry."
    )
    assert await refused(shared_gateway, PLAY, contexts=[{}], environments=[]) == (
        "The list 'environments' is empty; it must have at least one entry."
    )
    assert await refused(shared_gateway, PLAY, contexts=[{}] * 501, first=0) == (
        "The list 'contexts' has 501 entries; at most 500 are allowed."
    )


async def test_viewers_may_play(shared_gateway: Gateway) -> None:
    variables = {"contexts": [{}], "filter": {"names": ["one"]}}

    data = await shared_gateway.run(PLAY, variables, token="viewer")

    assert data["playground"]["totalCount"] == 1
