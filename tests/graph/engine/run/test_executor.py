"""Compiled selections return the same values as resolvers, in far fewer steps."""

from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult

from graph.engine.run.completing import MAX_AT_ONCE
from graph.engine.run.executor import CompilingExecutor
from graph.engine.run.fields import contextual, derived, immediate, plain, resolved
from graph.engine.run.limits import AnswerSize
from graph.engine.run.pacing import Pace, PacedExecutor
from graph.ids import encode_id
from graph.schema import schema
from store.model import SYSTEM
from store.operations.dependencies import set_dependencies
from store.operations.inputs import StrategySpec
from store.pacing import Turns
from store.values import Constraint, Dependency
from tests.graph.evaluations import EVALUATION, HALF
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.installation import ROLLOUT, VARIANTS, Installation
from tests.steps import counted_steps

PLAY = f"""
query Play($contexts: [ContextInput!]!, $first: Int) {{
  playground(contexts: $contexts, first: $first) {{ nodes {{
    __typename
    toggle {{ name type {{ name }} project {{ name }} tags {{ value }} }}
    evaluations {{ __typename {EVALUATION} }}
  }} }}
}}
"""


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because these tests return data from memory."""
    return sqlite_url


@pytest.fixture
async def toggles(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await installation.reference_data()
    await installation.toggle("base", enabled=True)
    broken = Constraint("country", "STR_CONTAINS", values=("x",))
    for number in range(10):
        await installation.toggle(
            f"toggle-{number}",
            enabled=True,
            strategies=(HALF, ROLLOUT, StrategySpec(name="default", constraints=(broken,))),
            variants=VARIANTS,
        )
    async with gateway.store.write(SYSTEM) as work:
        for number in range(5):
            await set_dependencies(work, f"toggle-{number}", [Dependency("base")])


def contexts(count: int) -> list[Any]:
    country = [{"name": "country", "value": "de"}]
    # Random values would differ from one run to the next.
    return [
        {"userId": str(number), "properties": country if number % 2 else []}
        for number in range(count)
    ]


async def counted(gateway: Gateway, **variables: Any) -> tuple[Any, int]:
    """The playground's answer, and the number of steps to compute the answer."""
    variables["contexts"] = [
        {**context, "currentTime": "2026-01-01T00:00:00Z"} for context in variables["contexts"]
    ]
    with counted_steps() as steps:
        data = await gateway.run(PLAY, variables)
    return data, steps.count


@pytest.mark.thorough
async def test_the_playground_shows_the_same_and_takes_a_fraction_of_the_steps(
    gateway: Gateway, toggles: None, never_giving_way: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counted(gateway, contexts=contexts(1))

    compiled, few = await counted(gateway, contexts=contexts(8))
    monkeypatch.setattr(schema, "execution_context_class", PacedExecutor)
    usual, many = await counted(gateway, contexts=contexts(8))

    assert compiled == usual
    assert few < many / 3


MIXED = """query Mixed($ids: [ID!]!) { nodes(ids: $ids) {
  __typename id
  ... on Toggle { name type { name } environments { enabled strategies { name } } }
  ... on Environment { name sortOrder } ... on Project { name revision }
  ... on Strategy { name parameters { name } ... on Node { id } }
} }"""


async def test_objects_of_several_types_in_one_list_are_compiled(
    gateway: Gateway, toggles: None, never_giving_way: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = gateway.store.snapshot
    keys = [
        ("Toggle", snapshot.toggles["base"].id),
        ("Environment", "default"),
        ("Project", "default"),
        ("Strategy", "flexibleRollout"),
        ("Toggle", "unknown"),
    ]
    ids = [encode_id(*key) for key in keys] * 10
    executed: list[str] = []
    execute_field = CompilingExecutor.execute_field

    def counted(self: Any, parent_type: Any, source: Any, details: Any, *rest: Any) -> Any:
        executed.append(details[0].node.name.value)
        return execute_field(self, parent_type, source, details, *rest)

    monkeypatch.setattr(CompilingExecutor, "execute_field", counted)
    compiled = (await gateway.post(MIXED, {"ids": ids})).json()
    monkeypatch.setattr(schema, "execution_context_class", PacedExecutor)
    usual = (await gateway.post(MIXED, {"ids": ids})).json()
    monkeypatch.setattr(schema, "execution_context_class", CompilingExecutor)
    faulty = (await gateway.post(MIXED, {"ids": [*ids, "?"]})).json()

    assert executed == ["nodes", "nodes"]
    assert compiled == usual
    assert faulty["data"]["nodes"] == [*usual["data"]["nodes"], None]
    assert [error["path"] for error in faulty["errors"]] == [["nodes", len(ids)]]


async def test_an_answer_that_repeats_long_strings_too_often_is_refused(
    gateway: Gateway, toggles: None
) -> None:
    echo = "evaluations { context { userId a: userId properties { value } } }"
    document = (
        f"query($c: [ContextInput!]!) {{ playground(contexts: $c) {{ nodes {{ {echo} }} }} }}"
    )
    texts = {"userId": "u" * 10_000, "properties": [{"name": "p", "value": "v" * 10_000}]}

    async with gateway_over(gateway.store, max_answer_bytes=1_000_000) as limited:
        refused = await limited.post(document, {"c": [texts] * 4})
        accepted = await limited.post(document, {"c": [texts] * 2})

    (error,) = refused.json()["errors"]
    assert refused.status_code == 422
    # `actual` is the size at which the server aborted the answer.
    assert 1_000_000 < error["extensions"].pop("actual") <= 1_000_000 + 10_002
    assert error["extensions"] == {"code": "COST_LIMIT", "limit": "answer", "maximum": 1_000_000}
    assert accepted.status_code == 200
    assert len(accepted.content) > 11 * 2 * 30_000


# ----------------------------------------------------------- a schema with every kind of failure


@strawberry.type
class Leaf:
    name: str = plain("A name.")
    maybe: str | None = plain("A name, perhaps.")


def _half(root: Any) -> int:
    return 1 // root.number


def _plus(root: Any, info: strawberry.Info, number: int = 1) -> int:
    return info.context.factor * (root.number + number) // number


async def _waiting(root: Any) -> int:
    return root.number


@strawberry.type
class Item:
    number: int = plain("A number.")
    half: int | None = derived(_half, "Fails for zero.")
    twice: int = contextual(lambda root, context: root.number * context.factor, "A product.")
    plus: int | None = immediate(_plus, "A sum of numbers, doubled; fails for zero.")
    leaves: list[Leaf] = plain("What is below.")
    leaf: Leaf | None = plain("One of them.")
    waiting: int = resolved(_waiting, "A number that takes time.")


@strawberry.type
class Query:
    @strawberry.field
    def items(self) -> list[Item]:
        return [ITEMS[0], ITEMS[1], ITEMS[2]]  # type: ignore[list-item]


def _item(number: int, *names: str | None) -> Any:
    leaves = [SimpleNamespace(name=name, maybe=name) for name in names]
    return SimpleNamespace(number=number, leaves=leaves, leaf=leaves[0] if leaves else None)


ITEMS: list[Any] = []


async def answer_of(
    document: str, *items: Any, variables: dict[str, Any] | None = None
) -> ExecutionResult:
    """The result of a schema for three items."""
    ITEMS[:] = items
    made = strawberry.Schema(Query, execution_context_class=CompilingExecutor)
    context = SimpleNamespace(pace=Pace(Turns()), answer=AnswerSize(), factor=2)
    result = await made.execute(document, variables, context_value=context)
    return ExecutionResult(result.data, result.errors)


async def test_fields_of_every_kind_are_shown() -> None:
    document = """query ($no: Boolean = false) { items {
      __typename n: number number twice waiting leaves { ...Parts } leaf { name @include(if: $no) }
    } } fragment Parts on Leaf { name maybe }"""

    result = await answer_of(document, _item(1, "a"), _item(2), _item(3, "b", "c"))

    assert result.errors is None
    assert result.data is not None
    assert result.data["items"][0] == {
        "__typename": "Item",
        "n": 1,
        "number": 1,
        "twice": 2,
        "waiting": 1,
        "leaves": [{"name": "a", "maybe": "a"}],
        "leaf": {},
    }
    assert [item["leaf"] for item in result.data["items"]] == [{}, None, {}]
    assert [len(item["leaves"]) for item in result.data["items"]] == [1, 0, 2]


async def test_fields_with_arguments_are_shown() -> None:
    document = """query ($two: Int = 2, $unset: Int) { items {
      plus  two: plus(number: $two)  three: plus(number: 3)  one: plus(number: $unset)
    } }"""

    result = await answer_of(document, _item(1), _item(2), _item(6))

    assert result.errors is None
    assert result.data is not None
    assert result.data["items"] == [
        {"plus": 4, "two": 3, "three": 2, "one": 4},
        {"plus": 6, "two": 4, "three": 3, "one": 6},
        {"plus": 14, "two": 8, "three": 6, "one": 14},
    ]


async def test_an_error_of_a_field_with_arguments_is_reported_with_its_path() -> None:
    result = await answer_of("{ items { number plus(number: 0) } }", _item(1), _item(2), _item(3))

    assert result.data is not None
    assert [item["plus"] for item in result.data["items"]] == [None, None, None]
    assert [item.path for item in result.errors or ()] == [
        ["items", number, "plus"] for number in range(3)
    ]


async def test_arguments_that_do_not_fit_are_reported_at_each_path() -> None:
    document = "query ($number: Int) { items { number plus(number: $number) } }"

    result = await answer_of(document, _item(1), _item(2), _item(3), variables={"number": None})

    assert [item.path for item in result.errors or ()] == [
        ["items", number, "plus"] for number in range(3)
    ]


async def test_an_error_is_reported_with_its_path_and_leaves_the_rest_alone() -> None:
    result = await answer_of("{ items { number half } }", _item(1), _item(0), _item(2))

    assert result.data == {
        "items": [
            {"number": 1, "half": 1},
            {"number": 0, "half": None},
            {"number": 2, "half": 0},
        ]
    }
    assert [(item.path, item.message) for item in result.errors or ()] == [
        (["items", 1, "half"], "integer division or modulo by zero")
    ]


async def test_what_may_not_be_missing_takes_along_what_it_is_part_of() -> None:
    document = "{ items { leaf { name } leaves { maybe } } }"

    result = await answer_of(document, _item(1, "a"), _item(2, None), _item(3))

    assert result.data is not None
    assert [item["leaf"] for item in result.data["items"]] == [{"name": "a"}, None, None]
    leaves = [item["leaves"] for item in result.data["items"]]
    assert leaves == [[{"maybe": "a"}], [{"maybe": None}], []]
    assert [item.path for item in result.errors or ()] == [["items", 1, "leaf", "name"]]


async def test_long_lists_below_are_shown_whole() -> None:
    names = [str(number) for number in range(2 * MAX_AT_ONCE)]

    result = await answer_of("{ items { leaves { name } } }", _item(1, *names), _item(2), _item(3))

    assert result.data is not None
    assert result.data["items"][0] == {"leaves": [{"name": name} for name in names]}
