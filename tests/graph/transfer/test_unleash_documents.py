"""The exports of Unleash servers are imported like state documents."""

from typing import Any

import pytest

from store.transfer.reading import parse_content
from tests.graph.gateway import Gateway
from tests.steps import steps_at_a_time, steps_to
from tests.store.transfer.unleash.documents import AGE, state

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAYLOAD = """
  changeSet { id comment }
  changes { type subjectName }
  warnings { message path leftOut }
  warningCount
"""
STRATEGY = {"name": "default", "parameters": {}}
STATE = {
    "version": 4,
    "features": [{"name": "a", "type": "release", "project": "default"}],
    "environments": [{"name": "staging", "type": "test"}],
    "featureEnvironments": [state("a", "staging")],
    "featureStrategies": [
        {
            "id": "s",
            "featureName": "a",
            "environment": "staging",
            "strategyName": "default",
            "parameters": {},
            "colour": "red",
        }
    ],
}
BATCH = {
    "features": [{"name": "b", "type": "release", "project": "default"}],
    "featureEnvironments": [state("b", "production", name="b")],
    "featureStrategies": [{**STRATEGY, "featureName": "b", "segments": [7]}],
    "contextFields": [],
    "segments": [{"id": 7, "name": "adults"}],
    "dependencies": [],
}
SEGMENTS = {"document": [{"name": "adults", "constraints": [AGE]}]}


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """Only SQLite, because the tests of this module do not depend on the database."""
    return sqlite_url


async def take_in(gateway: Gateway, document: Any, **options: Any) -> Any:
    payload = await gateway.change(
        "stateImport", {"source": {"document": document}, **options}, PAYLOAD
    )
    assert payload["errors"] == []
    return payload


async def test_a_state_export_is_imported_with_its_warnings(own_gateway: Gateway) -> None:
    tried = await take_in(own_gateway, STATE, dryRun=True)
    payload = await take_in(own_gateway, STATE, comment="From the old server.")

    assert tried["changeSet"] is None
    assert payload["changeSet"]["comment"] == "From the old server."
    assert {change["subjectName"] for change in payload["changes"]} == {"a", "staging"}
    assert payload["warnings"] == tried["warnings"]
    (warning,) = payload["warnings"]
    assert warning == {
        "message": "The key is unknown and has no effect.",
        "path": ["source", "document", "featureStrategies", "0", "colour"],
        "leftOut": False,
    }
    assert payload["warningCount"] == 1
    assert own_gateway.store.snapshot.toggles["a"].in_environment("staging").enabled


async def test_a_batch_export_is_imported_with_segments_into_another_environment(
    own_gateway: Gateway,
) -> None:
    await take_in(own_gateway, BATCH, segments=SEGMENTS, environment="development")

    snapshot = own_gateway.store.snapshot
    (strategy,) = snapshot.toggles["b"].in_environment("development").strategies
    assert [snapshot.segments[key].name for key in strategy.segments] == ["adults"]
    assert "production" not in snapshot.toggles["b"].environments


@pytest.mark.parametrize(
    ("document", "options", "path", "message"),
    [
        (BATCH, {"segments": SEGMENTS, "mode": "REPLACE_ALL"}, ["mode"], "batch exports"),
        (STATE, {"project": "default"}, ["project"], "state exports"),
        (STATE, {"environment": "default"}, ["environment"], "state exports"),
        (STATE, {"segments": SEGMENTS}, ["segments"], "this document is none"),
        (STATE, {"comment": "x" * 10_001}, ["comment"], "10,000"),
        (STATE, {"expectedRevision": 12_345}, ["expectedRevision"], "has changed"),
        (BATCH, {"segments": {"content": "{}"}}, ["segments", "content"], "no segments"),
        (BATCH, {}, ["source", "document", "segments", "0"], "without its constraints"),
        ({"version": 9, "features": []}, {}, ["source", "document", "version"], "is unknown"),
        ({"toggles": []}, {}, ["source", "document"], "neither Flagstaff's own"),
    ],
)
async def test_what_does_not_fit_the_document_is_refused(
    shared_gateway: Gateway, document: Any, options: Any, path: list[str], message: str
) -> None:
    error = await shared_gateway.refusal(
        "stateImport", {"source": {"document": document}, **options}
    )

    assert error["path"] == path
    assert message in error["message"]


async def test_modes_decide_what_becomes_of_what_is_there(own_gateway: Gateway) -> None:
    await take_in(own_gateway, STATE)
    changed = {**STATE, "features": [{**STATE["features"][0], "description": "new"}]}
    other = {**STATE, "features": [], "featureEnvironments": [], "featureStrategies": []}

    kept = await take_in(own_gateway, changed, mode="KEEP_EXISTING", dryRun=True)
    merged = await take_in(own_gateway, changed, dryRun=True)
    replaced = await take_in(own_gateway, other, mode="REPLACE_ALL", dryRun=True)

    assert kept["changes"] == []
    assert [change["type"] for change in merged["changes"]] == ["TOGGLE_UPDATED"]
    assert ("TOGGLE_DELETED", "a") in {
        (change["type"], change["subjectName"]) for change in replaced["changes"]
    }


async def test_others_are_served_while_a_long_text_is_read(shared_gateway: Gateway) -> None:
    text = "- a\n" * 60_000

    async with steps_at_a_time() as turns:
        await shared_gateway.refusals("stateImport", {"source": {"content": text}})

    assert max(turns) < steps_to(lambda: parse_content(text)) / 10
