"""The playground evaluates many toggles at once, and bounds what it is asked."""

import asyncio
from typing import Any

import pytest

from graph.inputs.evaluation import MAX_CHARACTERS, MAX_PROPERTIES
from store.operations.inputs import StrategySpec
from tests.graph.evaluations import EVALUATION, HALF, properties, refused
from tests.graph.gateway import Gateway
from tests.graph.installation import VARIANTS, Installation
from tests.statements import counted_statements

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


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: evaluation reads no database."""
    return sqlite_url


@pytest.fixture
async def installation(gateway: Gateway) -> Installation:
    installation = Installation(gateway.store)
    await installation.surroundings()
    return installation


async def test_each_environment_is_played_with_each_context_at_one_moment(
    gateway: Gateway, installation: Installation
) -> None:
    userlist = StrategySpec(name="userWithId", parameters={"userIds": "ada"})
    await installation.toggle("one", enabled=True, strategies=(userlist,))

    data = await gateway.run(
        PLAY,
        {
            "contexts": [{"userId": "ada"}, {"userId": "eve"}],
            "environments": ["default", "production"],
        },
    )

    (result,) = data["playground"]["nodes"]
    assert [
        (it["environment"]["name"], it["context"]["userId"], it["reason"])
        for it in result["evaluations"]
    ] == [
        ("default", "ada", "STRATEGY_MATCHED"),
        ("default", "eve", "NO_STRATEGY_MATCHED"),
        ("production", "ada", "DISABLED"),
        ("production", "eve", "DISABLED"),
    ]
    assert len({it["context"]["currentTime"] for it in result["evaluations"]}) == 1


async def test_pages_of_the_playground_follow_each_other(
    gateway: Gateway, installation: Installation
) -> None:
    for name in ("a", "b", "c", "x"):
        await installation.toggle(name)
    asked = {"contexts": [{}], "filter": {"names": ["a", "b", "c"]}}

    start = (await gateway.run(PLAY, {**asked, "first": 2}))["playground"]
    after = start["pageInfo"]["endCursor"]
    end = (await gateway.run(PLAY, {**asked, "first": 2, "after": after}))["playground"]
    back = (await gateway.run(PLAY, {**asked, "last": 1, "before": after}))["playground"]

    def names(page: Any) -> list[str]:
        return [it["toggle"]["name"] for it in page["nodes"]]

    assert (names(start), names(end), names(back)) == (["a", "b"], ["c"], ["a"])
    assert (start["totalCount"], start["pageInfo"]["hasNextPage"]) == (3, True)
    assert (end["pageInfo"]["hasPreviousPage"], end["pageInfo"]["hasNextPage"]) == (True, False)
    assert [it["cursor"] for it in start["edges"]][1] == after


async def test_a_page_reads_no_database_however_many_toggles_it_has(
    gateway: Gateway, installation: Installation
) -> None:
    for number in range(30):
        await installation.toggle(f"t{number}", enabled=True, strategies=(HALF,), variants=VARIANTS)
    document = (
        "query Play($contexts: [ContextInput!]!) { playground(contexts: $contexts) { "
        f"nodes {{ evaluations {{ {EVALUATION} }} }} }} }}"
    )

    with counted_statements() as statements:
        data = await gateway.run(document, {"contexts": [{"userId": str(it)} for it in range(9)]})

    assert len(data["playground"]["nodes"]) == 30
    assert statements == []


async def test_other_requests_get_their_turn_between_evaluations(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("one", enabled=True)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    await gateway.run(PLAY, {"contexts": [{}] * 90})
    waiting.cancel()

    assert turns >= 90


async def test_the_cost_is_that_of_all_evaluations(gateway: Gateway) -> None:
    contexts = [{}] * 51

    response = await gateway.post(
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
            {"properties": properties(**{f"p{it}": "" for it in range(MAX_PROPERTIES + 1)})},
            "contexts[0].properties: A context has at most 1,000 properties, not 1,001.",
        ),
        (
            {"properties": [*properties(a="1"), *properties(a="1")]},
            "contexts[0].properties[1].name: The property 'a' is given twice.",
        ),
        (
            {"properties": properties(userId="1")},
            (
                "contexts[0].properties[0].name: The field 'userId' is no property: "
                "it has a place of its own in the context."
            ),
        ),
        (
            {"properties": properties(environment="x")},
            (
                "contexts[0].properties[0].name: The field 'environment' is no property: "
                "it is the environment evaluated in."
            ),
        ),
        (
            {"properties": properties(a="x" * (MAX_CHARACTERS + 1))},
            (
                "contexts[0].properties[0].value: The value of 'a' has 10,001 characters; "
                "at most 10,000 are read."
            ),
        ),
        (
            {"properties": properties(**{"n" * (MAX_CHARACTERS + 1): ""})},
            (
                f"contexts[0].properties[0].name: The name '{'n' * 59}…' is too long: "
                "10,000 characters are the most."
            ),
        ),
        (
            {"remoteAddress": "x" * (MAX_CHARACTERS + 1)},
            (
                "contexts[0].remoteAddress: The value of remoteAddress has 10,001 characters; "
                "at most 10,000 are read."
            ),
        ),
    ],
    ids=["too many", "twice", "standard", "environment", "long value", "long name", "long field"],
)
async def test_contexts_that_cannot_be_read_are_refused(
    gateway: Gateway, context: Any, message: str
) -> None:
    assert await refused(gateway, PLAY, contexts=[context]) == message


async def test_what_is_asked_of_the_playground_is_checked(gateway: Gateway) -> None:
    assert await refused(gateway, PLAY, contexts=[{}], environments=["default", "moon"]) == (
        "environments[1]: No environment is named 'moon'."
    )
    assert await refused(gateway, PLAY, contexts=[]) == (
        "The list contexts is empty; it needs one entry at least."
    )
    assert await refused(gateway, PLAY, contexts=[{}], environments=[]) == (
        "The list environments is empty; it needs one entry at least."
    )
    assert await refused(gateway, PLAY, contexts=[{}] * 501, first=0) == (
        "The list contexts has 501 entries; 500 is the most."
    )


async def test_viewers_may_play(gateway: Gateway, installation: Installation) -> None:
    await installation.toggle("one")

    data = await gateway.run(PLAY, {"contexts": [{}]}, token="viewer")

    assert data["playground"]["totalCount"] == 1
