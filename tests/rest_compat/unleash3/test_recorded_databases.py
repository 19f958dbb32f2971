"""Applications that move from a recorded Unleash database keep their tokens, and see no change."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from rest_compat.app import RestConfig, rest_app
from store import Store
from store.events import IMPORTED_REVISION
from store.events_log import EventFilter, count_events
from store.model import SYSTEM
from store.transfer.server_imports import begin_import
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.transfer.unleash.server_copy import copy_server
from store.transfer.unleash.server_database import read_server_database
from store.transfer.unleash.server_tokens import import_tokens
from store.usage.applications import count_applications
from tests.postgresql import Cluster
from tests.rest_compat.conftest import FEATURES, client_of, elsewhere
from tests.rest_compat.unleash3.test_state_evaluations import differences
from tests.unleash_servers.installation import contexts
from tests.unleash_servers.recording import restore_database
from tests.unleash_servers.servers import ADMIN

pytestmark = pytest.mark.postgres

DATA = Path(__file__).parents[2] / "data"
EVENTS = 200
# These toggles are not archived.
LIVE = 54
CONTEXTS = 200
_IN_EVERY_RUN = "unleash-8.2.0"
RECORDED = sorted(
    path.name.removesuffix("-server-database.json") for path in DATA.glob("*-server-database.json")
)


def _payloads(version: str) -> dict[str, Any]:
    return json.loads((DATA / f"{version}-server-payloads.json").read_text("utf-8"))


async def _move(store: Store, database_url: str, version: str) -> None:
    """Import the recorded database of a version."""
    await restore_database(database_url, (DATA / f"{version}-server-database.json").read_bytes())
    content = await read_server_database(database_url)
    begun = await begin_import(store, content.source, content.last_event)
    async with store.write(SYSTEM) as work:
        await import_unleash(work, unleash_document_of(content.state))
    async with store.write(SYSTEM) as work:
        await import_tokens(work, content.tokens)
    await copy_server(store, begun, database_url, None, {})


@pytest.mark.parametrize(
    "version",
    [
        version if version == _IN_EVERY_RUN else pytest.param(version, marks=pytest.mark.thorough)
        for version in RECORDED
    ],
)
async def test_a_recorded_installation_moves_with_its_tokens_and_history(
    cluster: Cluster, tmp_path: Path, version: str
) -> None:
    recorded = _payloads(version)
    cases = [{"context": context} for context in contexts(CONTEXTS)]
    store = await Store.open(f"sqlite:///{tmp_path / 'flagstaff.db'}", background=False)
    try:
        await _move(store, await asyncio.to_thread(cluster.new_database), version)

        app = rest_app(store, RestConfig(), elsewhere)
        for environment, payload in recorded["payloads"].items():
            client = client_of(app, recorded["tokens"][environment])
            answer = await client.get(FEATURES, headers={"unleash-client-spec": "4.3.0"})
            assert len(answer.json()["features"]) == LIVE
            expected = _evaluated(payload, cases)
            assert differences(answer.text, expected) == []
        admin = client_of(app, ADMIN)
        history = (await admin.get("/api/admin/events/checkout.new-flow")).json()["events"]
        assert (history[-1]["type"], history[-1]["id"]) == _first_event(version)
        async with store.read() as session:
            assert await count_events(session, EventFilter(revisions=[IMPORTED_REVISION])) == EVENTS
            assert await count_applications(session) >= 1
    finally:
        await store.close()


def _first_event(version: str) -> tuple[str, int]:
    """Return the type and the ID of the first recorded event of a toggle."""
    database = json.loads((DATA / f"{version}-server-database.json").read_text("utf-8"))
    found = [
        event for event in database["events"]["rows"] if "checkout.new-flow" in json.dumps(event)
    ]
    return found[0]["type"], found[0]["id"]


def _evaluated(payload: Any, cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers of the official engine for the recorded payload."""
    names = [feature["name"] for feature in payload["features"]]
    unknown = [case | {"results": dict.fromkeys(names)} for case in cases]
    answers = {
        (id(context), name): answer
        for context, name, _, answer in differences(json.dumps(payload), unknown)
    }
    return [
        case | {"results": {name: answers[(id(case["context"]), name)] for name in names}}
        for case in cases
    ]
