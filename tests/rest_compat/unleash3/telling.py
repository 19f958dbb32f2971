"""What answers and events of the 3.x admin API tell, in a form that is easy to compare."""

from typing import Any

import httpx

from rest_compat.http.bodies import label
from store import Store
from tests.store.operations.doing import last_event


def flaws(answer: httpx.Response) -> list[tuple[str, str]]:
    """Place and rule of each flaw that a refusal of a body tells, its sentences being there."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert (body["isJoi"], body["name"]) == (True, "ValidationError")
    assert all(it["message"] for it in body["details"])
    return [(label(tuple(it["path"])), it["type"]) for it in body["details"]]


async def told(store: Store) -> tuple[str, Any]:
    """Type and data of the newest event as REST tells them."""
    event = await last_event(store)
    return event.wire_type, event.wire_data
