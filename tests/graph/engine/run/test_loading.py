"""The server loads a field once for all items of a list, and completes all items at once."""

from typing import Any

import pytest

from graph.engine.run.executor import CompilingExecutor
from store.event_documents import EventDocumentsCache
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.statements import counted_statements

EVENTS = """{ events(first: 20) { nodes {
  number before after changes { path } changeSet { comment } toggle { name }
} } }"""


@pytest.fixture(autouse=True)
async def toggles(installation: Installation) -> None:
    await installation.toggles("a", "b")


async def test_no_field_of_an_item_is_executed_alone(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed: list[str] = []
    execute_field = CompilingExecutor.execute_field

    def note(self: Any, parent_type: Any, source: Any, details: Any, *rest: Any) -> Any:
        executed.append(details[0].node.name.value)
        return execute_field(self, parent_type, source, details, *rest)

    monkeypatch.setattr(CompilingExecutor, "execute_field", note)
    with counted_statements() as statements:
        data = await gateway.run(EVENTS)

    assert executed == ["events", "nodes"]
    assert len(statements) == 2  # one for the events, and one for their documents
    created = [node for node in data["events"]["nodes"] if node["toggle"]]
    assert created[0]["after"]["name"] in ("a", "b")
    assert created[0]["changes"]


async def test_a_load_that_fails_is_reported_by_each_field(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> Any:
        raise OSError("no disk")

    monkeypatch.setattr(EventDocumentsCache, "load", fail)
    answer = (await gateway.post("{ events(first: 2) { nodes { number before after } } }")).json()

    nodes = answer["data"]["events"]["nodes"]
    assert [(node["before"], node["after"]) for node in nodes] == [(None, None)] * 2
    assert [error["path"][2:] for error in answer["errors"]] == [
        *([0, "before"], [0, "after"], [1, "before"], [1, "after"])
    ]
