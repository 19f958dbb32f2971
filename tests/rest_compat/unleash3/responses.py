"""Responses and events of the 3.x admin API, in a form that is easy to compare."""

from typing import Any

import httpx

from store import Store
from store.errors import format_path
from tests.store.operations.doing import last_event


def violations_in(answer: httpx.Response) -> list[tuple[str, str]]:
    """The path and rule of each violation in a 400. Each message must begin with the path."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert (body["isJoi"], body["name"]) == (True, "ValidationError")
    violations: list[tuple[str, str]] = []
    for detail in body["details"]:
        path = format_path(tuple(map(str, detail["path"])))
        assert detail["message"].startswith(f'"{path}": ' if path else ""), detail
        assert detail["message"].endswith("."), detail
        violations.append((path, detail["type"]))
    return violations


async def newest_event(store: Store) -> tuple[str, Any]:
    """The type and data of the newest event over REST."""
    event = await last_event(store)
    return event.wire_type, event.wire_data
