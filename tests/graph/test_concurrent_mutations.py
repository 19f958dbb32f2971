"""Concurrent changes, within one request and from several requests."""

import asyncio

import pytest

from graph.ids import encode_id
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database of each kind, which decides the order of changes."""
    return shared_url_on_each


@pytest.mark.parametrize("mutation", ["toggleUpdate", "toggleArchive"])
async def test_a_revision_conflict_shows_the_toggle_and_its_last_change(
    shared_gateway: Gateway, own_toggle: str, mutation: str
) -> None:
    known = shared_gateway.store.snapshot.toggles[own_toggle]
    faster = {"name": own_toggle, "description": "Somebody was faster."}
    await shared_gateway.change("toggleUpdate", faster)

    error = await shared_gateway.refusal(
        mutation, {"name": own_toggle, "expectedRevision": known.revision}
    )

    assert error.pop("message")
    assert error == {
        "__typename": "RevisionConflictError",
        "code": "REVISION_CONFLICT",
        "path": ["expectedRevision"],
        "expectedRevision": known.revision,
        "actualRevision": known.revision + 1,
        "current": {"__typename": "Toggle", "id": encode_id("Toggle", known.id)},
        "lastEvent": {
            "type": "TOGGLE_UPDATED",
            "summary": f"Changed the description of toggle '{own_toggle}'.",
            "actor": {"name": "a admin"},
        },
    }


async def test_the_expected_revision_lets_the_change_pass(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    known = shared_gateway.store.snapshot.toggles[own_toggle].revision

    payload = await shared_gateway.change(
        "toggleUpdate", {"name": own_toggle, "stale": True, "expectedRevision": known}
    )

    assert payload["errors"] == []


async def test_later_fields_of_one_request_see_earlier_changes(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """
        mutation {
          first: toggleCreate(input: { name: "early" }) { toggle { enabled } }
          second: toggleSetEnabled(input: { name: "early", enabled: true }) {
            toggleEnvironment { enabled toggle { enabled } }
          }
        }
        """
    )

    assert data["first"]["toggle"]["enabled"] is False
    assert data["second"]["toggleEnvironment"] == {"enabled": True, "toggle": {"enabled": True}}


async def test_of_20_concurrent_creates_of_one_name_one_wins(shared_gateway: Gateway) -> None:
    requested = {"name": "wanted"}

    payloads = await asyncio.gather(
        *(shared_gateway.change("toggleCreate", requested, "toggle { name }") for _ in range(20))
    )

    winners = [payload for payload in payloads if not payload["errors"]]
    codes = [error["code"] for payload in payloads for error in payload["errors"]]
    events = [item for item in await shared_gateway.events() if item.toggle_name == "wanted"]
    assert len(winners) == 1
    assert codes == ["ALREADY_EXISTS"] * 19
    assert [event.type.name for event in events] == ["TOGGLE_CREATED"]
