"""Each page of an admin frontend is one query. The query returns the right values within its
budget.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from graphql import GraphQLSchema, OperationType, build_schema, parse, validate
from msgspec import Struct

from graph.engine.run.pacing import PacedExecutor
from graph.schema import schema
from store import Store
from tests.filling import Size, fill, schedule
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.pages import PAGES, value_at
from tests.operations import Operation, operations
from tests.statements import counted_statements
from tests.steps import counted_steps

FEW = Size(toggles=3, applications=3, reference_data=3)
MANY = Size(toggles=300, applications=30, reference_data=10, change_sets=9)
SCHEMA = Path(__file__).parents[2] / "schema.graphql"


class Gateways(Struct, frozen=True):
    """Two installations on one kind of database, which the tests of this module only read."""

    few: Gateway
    many: Gateway


@pytest.fixture(scope="module")
def filled_urls(
    database: str,
    new_database: Callable[[str, Path], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[str]:
    """One database with few objects of each kind, and one database with many objects."""
    urls: list[str] = []
    for size in (FEW, MANY):
        url = new_database(database, tmp_path_factory.mktemp("filled"))
        asyncio.run(fill(url, size))
        asyncio.run(schedule(url))
        urls.append(url)
    return urls


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateways(filled_urls: list[str]) -> AsyncIterator[Gateways]:
    """The GraphQL edges over the small and the large database."""
    async with AsyncExitStack() as stack:
        opened: list[Gateway] = []
        for url in filled_urls:
            store = await Store.open(url)
            stack.push_async_callback(store.close)
            opened.append(await stack.enter_async_context(gateway_over(store)))
        yield Gateways(*opened)


def test_every_page_query_is_run_here():
    queries = [
        operation.name
        for operation in operations().values()
        if operation.type is OperationType.QUERY
    ]

    assert sorted(PAGES) == sorted(queries)


@pytest.fixture(scope="module")
def printed_schema() -> GraphQLSchema:
    """The printed schema, parsed as by a client."""
    return build_schema(SCHEMA.read_text())


@pytest.mark.parametrize("operation", operations().values(), ids=lambda operation: operation.name)
def test_operations_are_valid_against_the_printed_schema(
    operation: Operation, printed_schema: GraphQLSchema
):
    assert validate(printed_schema, parse(operation.text)) == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.every_row
@pytest.mark.parametrize("name", PAGES)
async def test_pages_show_what_there_is_within_their_budget(gateways: Gateways, name: str):
    page = PAGES[name]
    gateways.few.store.event_documents.clear()

    with counted_statements() as statements:
        data = await gateways.few.run(operations()[name].text, page.variables)

    assert {path: value_at(data, path) for path in page.shows} == page.shows
    assert len(statements) == page.statements <= page.budget


@pytest.mark.sample(2)
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.every_row
@pytest.mark.parametrize("name", PAGES)
async def test_pages_cost_as_many_statements_for_many_rows_as_for_few(
    gateways: Gateways, name: str
):
    page = PAGES[name]
    gateways.many.store.event_documents.clear()

    with counted_statements() as statements:
        await gateways.many.run(operations()[name].text, page.variables)

    assert len(statements) == page.statements


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"ImportExportPage"}))  # it shows the time
async def test_what_is_compiled_of_pages_shows_what_resolvers_would(
    gateways: Gateways, name: str, monkeypatch: pytest.MonkeyPatch
):
    text, variables = operations()[name].text, PAGES[name].variables

    compiled = await gateways.few.run(text, variables)
    monkeypatch.setattr(schema, "execution_context_class", PacedExecutor)
    usual = await gateways.few.run(text, variables)

    assert compiled == usual


@pytest.mark.asyncio(loop_scope="module")
async def test_the_list_of_toggles_takes_a_fraction_of_the_steps_of_its_resolvers(
    gateways: Gateways, never_giving_way: None, monkeypatch: pytest.MonkeyPatch
):
    compiled = await steps_of_toggle_list(gateways.many)
    monkeypatch.setattr(schema, "execution_context_class", PacedExecutor)
    usual = await steps_of_toggle_list(gateways.many)

    assert compiled < usual / 2


async def steps_of_toggle_list(gateway: Gateway) -> int:
    """Return the number of steps to answer the toggle list, after the document has been cached."""
    text, variables = operations()["ToggleListPage"].text, PAGES["ToggleListPage"].variables
    await gateway.run(text, variables)
    with counted_steps() as steps:
        await gateway.run(text, variables)
    return steps.count


@pytest.mark.asyncio(loop_scope="module")
async def test_pages_of_an_empty_installation_cost_no_more(shared_gateway: Gateway):
    reading = {name: page for name, page in PAGES.items() if page.statements}

    for name, page in reading.items():
        with counted_statements() as statements:
            await shared_gateway.run(operations()[name].text, page.variables)
        assert len(statements) <= page.statements, name
