"""Record the answers to the example requests of the OpenAPI document. They become examples.

python -m tests.openapi.recording > flagstaff/openapi/answers.json
"""

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from flagstaff.app import compose
from flagstaff.openapi.document import build_document
from flagstaff.settings import Settings
from store import Store
from tests.openapi.requests import Example, examples
from tests.openapi.seed import OLD_TOKENS, STRATEGY_IDS, TOKENS, fill

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
# Longer lists are shortened to this length, because more items would show nothing new.
MAX_ENTRIES = 2

# These operations have explicit examples, because their answers grow with the documentation.
_EXPLICIT = ("getOpenApiDocument", "getEntryPoints")

# Maps patterns of values that differ between runs to replacements.
_VOLATILE = {
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}": "{:08x}-0000-4000-8000-000000000000",
    r"\b[0-9a-f]{64}\b": "{:064x}",
    r'(?<=")[0-9a-f]{32}(?=(?::gzip)?")': "{:032x}",
    r'(?<="ageSeconds": )[0-9.]+': "0.4",
    r'(?<="version": ")[^"]+': "1.0.0",
    r'(?<="secret": ")[^"]+': "default:production.5e8c1a7b3d9f2e4c6a0b8d7f",
}


async def record(store: Store) -> dict[str, dict[str, Any]]:
    """Return the JSON answers by operation and status. Each example must succeed independently."""
    await fill(store)
    recorded: dict[str, dict[str, Any]] = {}
    transport = httpx.ASGITransport(compose(store, Settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for example in in_order(examples(build_document())):
            if example.is_stream or example.id in _EXPLICIT:
                continue
            answer = await send(client, example)
            if not answer.is_success:
                raise RuntimeError(f"{example.id}: {answer.status_code} {answer.text}")
            if answer.headers.get("content-type", "").startswith("application/json"):
                recorded[example.id] = {str(answer.status_code): answer.json()}
    return _steady(_shortened(recorded))


def in_order(requests: Any) -> list[Example]:
    """Return the examples with reads first, so that answers of reads contain the initial data."""
    return sorted(requests, key=lambda example: example.method != "GET")


async def send(client: httpx.AsyncClient, example: Example) -> httpx.Response:
    """Send the request of an example with a token that its operation accepts."""
    headers = dict(example.headers)
    if example.scheme:
        headers["Authorization"] = TOKENS[example.scheme]
    content = None if example.body is None else json.dumps(example.body)
    return await client.request(example.method, example.path, headers=headers, content=content)


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        is_long = all(isinstance(entry, dict) for entry in value)
        return [_shortened(entry) for entry in (value[:MAX_ENTRIES] if is_long else value)]
    if isinstance(value, dict):
        return {key: _shortened(child) for key, child in value.items()}
    return value


def _steady(value: Any) -> Any:
    """Replace values that differ from run to run. Equal strings get equal replacements."""
    kept = (*STRATEGY_IDS.values(), *OLD_TOKENS)
    names: dict[str, str] = {value: value for value in kept}
    text = json.dumps(value)
    for pattern, form in _VOLATILE.items():
        text = re.sub(pattern, _replacement(names, form), text)
    return json.loads(text)


def _replacement(names: dict[str, str], form: str) -> Callable[[re.Match[str]], str]:
    numbers = count(1)
    return lambda found: names.setdefault(found[0], form.format(next(numbers)))


async def record_anew() -> dict[str, dict[str, Any]]:
    """Record the answers with a new database and a stopped clock."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'flagstaff.db'}"
        store = await Store.open(url, clock=lambda: NOW)
        try:
            return await record(store)
        finally:
            await store.close()


if __name__ == "__main__":
    json.dump(asyncio.run(record_anew()), sys.stdout, indent=1, ensure_ascii=False)
    print()
