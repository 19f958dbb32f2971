"""The frontend API and OFREP return what the client specification requires, file by file."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from rest_compat.http.asgi import AsgiApp, Receive, Scope, Send
from store import Snapshot, Store
from store.evaluation.payloads import snapshot_of
from store.events import EventType
from store.model import DEFAULT_ENVIRONMENT, SYSTEM, ApiTokenType, Segment, Toggle
from store.operations.environments import create_environment
from store.operations.tokens import create_token
from store.values import Constraint
from tests.rest_compat.conftest import SECRETS, app_over, client_of
from tests.rest_compat.stores import Stores
from tests.specification.reading import Specification, fetch_specifications

pytestmark = pytest.mark.npm

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def stand_ins(snapshot: Snapshot) -> Iterator[Segment | Toggle]:
    """Yield replacements for missing objects to which the payload refers.

    The replacements are a segment that never matches, and an archived toggle.
    """
    nobody = (Constraint("userId", "IN"),)
    for toggle in snapshot.toggles.values():
        for strategy in toggle.in_environment(DEFAULT_ENVIRONMENT).strategies:
            for number in set(strategy.segments) - set(snapshot.segments):
                name = f"missing {number}"
                yield Segment(id=number, name=name, constraints=nobody, created_at=_NOW)
        for name in {dependency.toggle for dependency in toggle.dependencies} - set(
            snapshot.toggles
        ):
            yield Toggle(id=name, name=name, archived_at=_NOW, created_at=_NOW, updated_at=_NOW)


class WithoutAddress:
    """An app that does not know the addresses of clients. An address would be a default value of
    contexts.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "client": None}, receive, send)


async def serve(store: Store, specification: Specification) -> dict[str, str]:
    """Serve the payload in every environment that contexts name.

    The payload is written directly to the store, because requests with its names would be refused.
    Return a token for each environment, because the token determines the environment.
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
    tokens = {DEFAULT_ENVIRONMENT: SECRETS[ApiTokenType.FRONTEND, DEFAULT_ENVIRONMENT]}
    questions = [*specification.tests, *specification.variant_tests]
    for name in {environment_of(question) for question in questions} - tokens.keys():
        async with store.write(SYSTEM) as work:
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
    async def answer_to(question: Mapping[str, Any]) -> Any:
        answer = await client.post(
            "/api/frontend",
            json={"context": question["context"]},
            headers={"authorization": tokens[environment_of(question)]},
        )
        assert answer.status_code == 200, answer.text
        toggles = {item["name"]: item for item in answer.json()["toggles"]}
        return toggles.get(question["toggleName"])

    problems = [
        item["description"]
        for item in specification.tests
        if (await answer_to(item) is not None) != item["expectedResult"]
    ]
    for test in specification.variant_tests:
        toggle, expected = await answer_to(test), test["expectedResult"]
        variant = toggle["variant"] if toggle else {"name": "disabled", "enabled": False}
        same = all(variant.get(key) == expected.get(key) for key in ("name", "enabled", "payload"))
        if not same or (toggle is not None) != expected["feature_enabled"]:
            problems.append(test["description"])
    return problems


async def problems_over_ofrep(
    client: httpx.AsyncClient, specification: Specification, tokens: Mapping[str, str]
) -> list[str]:
    """Return the descriptions of the cases in which OFREP returns an unexpected answer."""

    async def flag_for(question: Mapping[str, Any]) -> Any:
        fields = {key: item for key, item in question["context"].items() if key != "properties"}
        answer = await client.post(
            "/ofrep/v1/evaluate/flags",
            json={"context": {**fields, **question["context"].get("properties", {})}},
            headers={"authorization": tokens[environment_of(question)]},
        )
        assert answer.status_code == 200, answer.text
        flags = {item["key"]: item for item in answer.json()["flags"]}
        return flags.get(question["toggleName"])

    problems: list[str] = []
    for test in specification.tests:
        flag = await flag_for(test)
        if (flag is not None and flag["metadata"]["enabled"]) != test["expectedResult"]:
            problems.append(test["description"])
    for test in specification.variant_tests:
        flag, expected = await flag_for(test), test["expectedResult"]
        if not is_as_expected(flag, expected):
            problems.append(test["description"])
    return problems


def is_as_expected(flag: Mapping[str, Any] | None, expected: Mapping[str, Any]) -> bool:
    """Whether an OFREP flag, or None, matches the specification's variant."""
    enabled = flag is not None and flag["metadata"]["enabled"]
    if enabled != expected["feature_enabled"]:
        return False
    if flag is None:
        return not expected["enabled"]
    return shows_variant(flag, expected) if expected["enabled"] else isinstance(flag["value"], bool)


def shows_variant(flag: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Whether a flag of OFREP has the expected variant, with the value of its payload."""
    payload = expected.get("payload")
    if payload is None:
        value: Any = expected["name"]
    elif payload["type"] in ("number", "json"):
        value = json.loads(payload["value"])
    else:
        value = payload["value"]
    return (flag["variant"], flag["value"]) == (expected["name"], value)


@pytest.mark.thorough
async def test_every_answer_over_ofrep_is_that_of_the_specification(
    stores: Stores, tmp_path: Path
) -> None:
    problems: list[str] = []

    for specification in fetch_specifications(tmp_path):
        async with stores.lent() as store:
            tokens = await serve(store, specification)
            problems += await problems_over_ofrep(client_of(app_over(store)), specification, tokens)

    assert problems == []


async def test_every_answer_over_http_is_that_of_the_specification(
    stores: Stores, tmp_path: Path
) -> None:
    problems: list[str] = []

    for specification in fetch_specifications(tmp_path):
        async with stores.lent() as store:
            tokens = await serve(store, specification)
            client = client_of(WithoutAddress(app_over(store)))
            problems += await problems_of(client, specification, tokens)

    # A browser without a session gets a temporary one, so it has a bucket.
    assert problems == ["Feature.A4 should be disabled when no user on context"]
