"""A page costs as many statements for many rows as for few."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.pages import BUDGETS

# Seen by the task that counts and those it starts, not by what the store does meanwhile.
_counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted = _counted.get()
        if counted is not None and not statement.startswith(("BEGIN", "PRAGMA")):
            counted.append(statement)

    token = _counted.set(statements)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        _counted.reset(token)


async def fill(installation: Installation, start: int, end: int) -> None:
    """So many toggles, half of them archived, each used by an application of its own."""
    numbers = [f"{number:03}" for number in range(start, end)]
    for number in numbers:
        await installation.rich_toggle(f"t{number}")
        await installation.rich_toggle(f"old{number}")
        await installation.archive(f"old{number}")
        await installation.register(f"app{number}", "default", "byWeather", instance_id="one")
    for number in numbers:
        used = [f"{kind}{other}" for kind in ("t", "old") for other in numbers[:5]]
        await installation.use(f"app{number}", *used, "t000", f"old{number}", instance_id="one")
    await installation.fold()


async def test_pages_keep_their_budgets_of_statements(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await installation.surroundings()
    counts: list[dict[str, int]] = []

    for start, end in ((0, 3), (3, 60)):
        await fill(installation, start, end)
        counts.append({})
        for name, (document, _) in BUDGETS.items():
            with counted_statements() as statements:
                await gateway.run(document)
            counts[-1][name] = len(statements)

    few, many = counts
    assert few == many
    assert many == {name: budget for name, (_, budget) in BUDGETS.items()}


async def test_nodes_cost_one_statement_per_type(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await installation.surroundings()
    await fill(installation, 0, 5)
    found = await gateway.run(
        "{ events { nodes { id } } applications { nodes { id instances { nodes { id } } } } }"
    )
    ids = [it["id"] for it in found["events"]["nodes"]]
    for application in found["applications"]["nodes"]:
        ids += [application["id"], application["instances"]["nodes"][0]["id"]]

    with counted_statements() as statements:
        data = await gateway.run(
            "query Again($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}
        )

    assert [node["id"] for node in data["nodes"]] == ids
    assert len(statements) == 3


async def test_an_empty_store_costs_no_more(gateway: Gateway) -> None:
    for document, budget in BUDGETS.values():
        with counted_statements() as statements:
            await gateway.run(document)
        assert len(statements) <= budget
