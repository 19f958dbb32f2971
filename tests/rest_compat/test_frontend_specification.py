"""Browsers are told what the client specification wants, file by file."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.wire import AsgiApp, Receive, Scope, Send
from store import Snapshot, Store
from store.events import EventType
from store.model import DEFAULT_ENVIRONMENT, SYSTEM, ApiTokenType, Segment, Toggle
from store.operations.environments import create_environment
from store.operations.tokens import create_token
from store.values import Constraint
from tests.rest_compat.conftest import elsewhere
from tests.specification.reading import Specification, fetch_specifications
from tests.store.evaluation.payloads import NOW, snapshot_of

pytestmark = pytest.mark.npm


def stand_ins(snapshot: Snapshot) -> Iterator[Segment | Toggle]:
    """What the payload names and lacks, which cannot be stored: a segment that matches nobody and
    an archived toggle stand for it."""
    nobody = (Constraint("userId", "IN"),)
    for toggle in snapshot.toggles.values():
        for strategy in toggle.in_environment(DEFAULT_ENVIRONMENT).strategies:
            for number in set(strategy.segments) - set(snapshot.segments):
                name = f"missing {number}"
                yield Segment(id=number, name=name, constraints=nobody, created_at=NOW)
        for name in {it.toggle for it in toggle.dependencies} - set(snapshot.toggles):
            yield Toggle(id=name, name=name, archived_at=NOW, created_at=NOW, updated_at=NOW)


class WithoutAddress:
    """An app that is not told the address of its clients, which it would fill in."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "client": None}, receive, send)


async def serve(store: Store, specification: Specification) -> dict[str, str]:
    """Serve the payload, whose names no form would take, in every environment that contexts name.

    The tokens for them, by environment: a context's own is never listened to.
    """
    snapshot = snapshot_of(specification.payload)
    async with store.write(SYSTEM) as work:
        for subject in (
            *stand_ins(snapshot),
            *snapshot.segments.values(),
            *snapshot.toggles.values(),
        ):
            work.put(subject)
        toggle = next(iter(snapshot.toggles.values()))
        work.record(EventType.TOGGLE_CREATED, subject=toggle, after=toggle, summary="Filled.")
    tokens: dict[str, str] = {}
    questions = [*specification.tests, *specification.variant_tests]
    for name in {DEFAULT_ENVIRONMENT, *(environment_of(it) for it in questions)}:
        async with store.write(SYSTEM) as work:
            if name not in work.snapshot.environments:
                await create_environment(work, name=name, copy_from=DEFAULT_ENVIRONMENT)
            _, tokens[name] = await create_token(
                work, name=name, type=ApiTokenType.FRONTEND, environment=name
            )
    return tokens


def environment_of(question: Mapping[str, Any]) -> str:
    return question["context"].get("environment") or DEFAULT_ENVIRONMENT


async def problems_of(
    client: httpx.AsyncClient, specification: Specification, tokens: Mapping[str, str]
) -> list[str]:
    async def told(question: Mapping[str, Any]) -> Any:
        answer = await client.post(
            "/api/frontend",
            json={"context": question["context"]},
            headers={"authorization": tokens[environment_of(question)]},
        )
        assert answer.status_code == 200, answer.text
        toggles = {it["name"]: it for it in answer.json()["toggles"]}
        return toggles.get(question["toggleName"])

    problems = [
        it["description"]
        for it in specification.tests
        if (await told(it) is not None) != it["expectedResult"]
    ]
    for test in specification.variant_tests:
        toggle, expected = await told(test), test["expectedResult"]
        variant = toggle["variant"] if toggle else {"name": "disabled", "enabled": False}
        same = all(variant.get(key) == expected.get(key) for key in ("name", "enabled", "payload"))
        if not same or (toggle is not None) != expected["feature_enabled"]:
            problems.append(test["description"])
    return problems


async def test_every_answer_over_http_is_that_of_the_specification(
    database_file: Path, tmp_path: Path
) -> None:
    problems: list[str] = []

    for number, specification in enumerate(fetch_specifications(tmp_path)):
        file = shutil.copy(database_file, tmp_path / f"{number}.db")
        store = await Store.open(f"sqlite:///{file}")
        try:
            tokens = await serve(store, specification)
            transport = httpx.ASGITransport(
                WithoutAddress(rest_app(store, RestConfig(), elsewhere))
            )
            async with httpx.AsyncClient(transport=transport, base_url="http://x.test") as client:
                problems += await problems_of(client, specification, tokens)
        finally:
            await store.close()

    # To a browser without a session one is lent, so that this one falls into a bucket after all.
    assert problems == ["Feature.A4 should be disabled when no user on context"]
