"""Objects of an operation are freed when it ends, without a garbage collection."""

import gc
from collections import Counter
from typing import Any

import orjson
import pytest
from starlette.types import ASGIApp

from graph.app import graphql_app
from graph.engine.run.config import GraphConfig
from store import Store
from tests.graph.gateway import SECRETS
from tests.graph.installation import Installation

# The background tasks of the store create some garbage meanwhile, regardless of the operations.
REPEATED = 60
OPERATIONS = {
    "a plain field": "{ __typename }",
    "a compiled list": "{ toggles(first: 5) { nodes { name type { name } tags { value } } } }",
    "loaders": "{ toggles(first: 5) { nodes { events(first: 1) { nodes { type } } } } }",
    "a fault": "{ toggles(first: -1) { nodes { name } } }",
    "a mutation": """mutation {
      toggleUpdate(input: {name: "base", description: "new"}) { toggle { name } } }""",
    "a refusal": 'mutation { toggleCreate(input: {name: "base"}) { errors { message } } }',
    "evaluations": """{ playground(contexts: [{userId: "1"}]) { nodes {
      toggle { name } evaluations { enabled } } } }""",
}


async def run(app: ASGIApp, document: str) -> bytes:
    """Return the answer to an operation, without an HTTP client, which would create garbage."""
    body, answer = orjson.dumps({"query": document}), bytearray()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        answer.extend(message.get("body", b""))

    headers = [
        (b"authorization", SECRETS["admin"].encode()),
        (b"content-type", b"application/json"),
    ]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b""}
    await app({**scope, "headers": headers, "client": ("127.0.0.1", 1)}, receive, send)
    return bytes(answer)


@pytest.fixture
async def app(store: Store) -> ASGIApp:
    installation = Installation(store)
    await installation.reference_data()
    for name in ("base", "other"):
        await installation.toggle(name, enabled=True)
    return graphql_app(store, GraphConfig())


@pytest.mark.sample(3)
@pytest.mark.parametrize("document", OPERATIONS.values(), ids=OPERATIONS.keys())
async def test_an_operation_leaves_no_cyclic_garbage(app: ASGIApp, document: str) -> None:
    for _ in range(3):  # after this, documents are cached
        assert b"data" in await run(app, document)
    gc.collect()
    gc.disable()
    try:
        for _ in range(REPEATED):
            await run(app, document)
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
    finally:
        gc.set_debug(0)
        gc.enable()
    modules = (type(item).__module__.partition(".")[0] for item in gc.garbage)
    # SQLAlchemy's statements are cyclic, so only garbage of the packages below is counted.
    found = Counter(
        module for module in modules if module in ("graph", "graphql", "strawberry", "store")
    )
    gc.garbage.clear()

    assert sum(found.values()) < REPEATED, found
