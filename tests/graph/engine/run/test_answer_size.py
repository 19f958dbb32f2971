"""The server measures an answer while building it, and aborts answers that are too large."""

import asyncio
from contextlib import aclosing
from typing import Any

import orjson
import pytest

from graph.app import create_operations
from graph.engine.run.config import GraphConfig
from graph.engine.run.executor import CompilingExecutor
from graph.engine.run.operations import Operations
from graph.engine.run.request import GraphQLRequest
from graph.engine.run.streaming import Streams
from store import Store, pacing
from store.identity import Principal
from store.model import ANONYMOUS, SYSTEM, ApiTokenType
from store.operations.fields import ToggleFields
from store.operations.toggles import create_toggle
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway, gateway_over

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANY = 200
PLAIN = "{ toggles(first: 200) { nodes { name stale description type { name } revision } } }"
# Selecting an environment by name calls a resolver.
RESOLVED = "{ toggles(first: 200) { nodes { name environment { enabled toggle { name } } } } }"
EXPORT = "{ stateExport { content } }"
CREATE = """mutation { toggleCreate(input: { name: "by-mutation", description: "%s" }) {
  toggle { description } errors { message } } }"""


@pytest.fixture(scope="module")
def prepared_database(prepared_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with many toggles, whose descriptions contain escapes and multi-byte characters."""
    return filled(prepared_database, _fill)


async def _fill(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        for number in range(MANY):
            text = 'ü"' * 300 if number % 2 else "plain"
            await create_toggle(
                work, name=f"toggle-{number:03}", fields=ToggleFields(description=text)
            )


@pytest.mark.parametrize("document", [PLAIN, RESOLVED, "{ __typename }"])
async def test_what_is_counted_is_about_what_is_sent(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch, document: str
) -> None:
    contexts: list[Any] = []
    run = Operations.run

    async def note(operations: Operations, context: Any, *rest: Any) -> Any:
        contexts.append(context)
        return await run(operations, context, *rest)

    monkeypatch.setattr(Operations, "run", note)

    sent = len((await shared_gateway.post(document)).content)

    assert contexts[0].answer.bytes == pytest.approx(sent, rel=0.03, abs=20)


@pytest.mark.parametrize("document", [PLAIN, RESOLVED])
async def test_a_query_is_given_up_once_its_answer_is_too_large(
    shared_store: Store, monkeypatch: pytest.MonkeyPatch, document: str
) -> None:
    monkeypatch.setattr(pacing, "SLICE_S", 0)
    complete, completed = CompilingExecutor.complete_list_item_value, 0

    def count(*arguments: Any) -> bool:
        nonlocal completed
        completed += 1
        return complete(*arguments)

    monkeypatch.setattr(CompilingExecutor, "complete_list_item_value", count)
    async with gateway_over(shared_store, max_answer_bytes=3_000) as gateway:
        refused = await gateway.post(document)
        small = await gateway.post("{ toggles(first: 2) { nodes { name } } }")

    (error,) = refused.json()["errors"]
    assert refused.status_code == 422
    assert "data" not in refused.json()
    assert 3_000 < error["extensions"].pop("actual") < 6_000
    assert error["extensions"] == {"code": "COST_LIMIT", "limit": "answer", "maximum": 3_000}
    assert completed < MANY / 2
    assert small.status_code == 200


async def test_an_export_may_be_as_large_as_an_import(shared_store: Store) -> None:
    async with gateway_over(shared_store, max_answer_bytes=3_000) as gateway:
        exported = await gateway.post(EXPORT)
    async with gateway_over(
        shared_store, max_answer_bytes=3_000, max_admin_body_bytes=4_000
    ) as gateway:
        refused = await gateway.post(EXPORT)

    assert len(exported.content) > 3_000
    assert exported.status_code == 200
    assert refused.json()["errors"][0]["extensions"]["maximum"] == 4_000


async def test_a_mutation_reports_what_it_has_changed(shared_store: Store) -> None:
    async with gateway_over(shared_store, max_answer_bytes=1_000) as gateway:
        data = await gateway.run(CREATE % ("x" * 2_000))

    assert data["toggleCreate"]["toggle"] == {"description": "x" * 2_000}


async def test_a_result_of_a_subscription_that_is_too_large_is_an_error(
    shared_store: Store,
) -> None:
    config = GraphConfig(max_answer_bytes=1_000)
    operations = create_operations(shared_store, config)
    principal = Principal(ANONYMOUS, ApiTokenType.ADMIN, None, "default", ())
    request = GraphQLRequest("subscription { toggleChanged { toggle { name description } } }")
    document = await operations.document_for(principal, request)
    results = await Streams(operations, config).open(principal, request, document)
    seen: list[Any] = []
    async with aclosing(results), asyncio.timeout(120):
        for name, length in (("large", 2_000), ("small", 20)):
            coming = asyncio.ensure_future(anext(results))
            await asyncio.sleep(0.05)
            async with shared_store.write(SYSTEM) as work:
                await create_toggle(work, name=name, fields=ToggleFields(description="x" * length))
            seen.append(orjson.loads(await coming))

    assert seen[0]["data"] is None
    assert seen[0]["errors"][0]["extensions"]["limit"] == "answer"
    assert seen[1]["data"]["toggleChanged"]["toggle"]["name"] == "small"
