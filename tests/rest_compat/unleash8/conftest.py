"""Fixtures of today's admin API: calls that create data, and readers of its errors."""

from typing import Any

import httpx

PROJECT = "/api/admin/projects/default"
FEATURES = f"{PROJECT}/features"
SEGMENTS = "/api/admin/segments"


async def create_feature(admin: httpx.AsyncClient, name: str, **fields: Any) -> dict[str, Any]:
    """Create a toggle and return the answer."""
    answer = await admin.post(FEATURES, json={"name": name, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def add_strategy(
    admin: httpx.AsyncClient, feature: str, environment: str = "default", **fields: Any
) -> dict[str, Any]:
    """Add a strategy to a toggle and return the answer."""
    answer = await admin.post(
        f"{FEATURES}/{feature}/environments/{environment}/strategies", json=fields
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def create_segment(
    admin: httpx.AsyncClient, name: str, *constraints: dict[str, Any]
) -> dict[str, Any]:
    """Create a segment and return the answer."""
    answer = await admin.post(SEGMENTS, json={"name": name, "constraints": constraints})
    assert answer.status_code == 201, answer.text
    return answer.json()


def problems(answer: httpx.Response, status: int, name: str = "BadDataError") -> dict[str, str]:
    """Check the form of an error's body, and return its messages by path."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"id", "name", "message", "details"}
    assert body["name"] == name
    assert body["message"] == " ".join(detail["message"] for detail in body["details"])
    return {detail.get("path", ""): detail["message"] for detail in body["details"]}


def refusal(answer: httpx.Response, status: int, name: str) -> str:
    """The only message of an error."""
    (message,) = problems(answer, status, name).values()
    return message
