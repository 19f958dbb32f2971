"""The OpenAPI document is built once, by the first request."""

from typing import Any

import httpx
import pytest

from flagstaff.openapi import serving
from flagstaff.pages.app import pages


async def test_the_first_request_builds_the_document_and_later_ones_repeat_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[dict[str, Any]] = []
    monkeypatch.setattr(serving, "build_document", lambda: built.append({}) or {"openapi": "3.1.0"})
    serving._encode_document.cache_clear()
    before = len(built)
    transport = httpx.ASGITransport(pages())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answers = [await client.get("/openapi.json") for _ in range(3)]
        etag = answers[0].headers["etag"]
        again = [
            await client.get("/openapi.json", headers={"If-None-Match": tags})
            for tags in (etag, f'"other", W/{etag}', "*")
        ]
        other = await client.get("/openapi.json", headers={"If-None-Match": '"other"'})
    serving._encode_document.cache_clear()

    assert (before, len(built)) == (0, 1)
    assert {answer.content for answer in answers} == {b'{"openapi":"3.1.0"}'}
    assert {(answer.status_code, answer.content) for answer in again} == {(304, b"")}
    assert other.status_code == 200
