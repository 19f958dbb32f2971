"""What holds for every mutation: who may send it, what it records, whom it reaches, how it is
undone."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import is_leaf_type
from graphql.type import get_named_type

from graph.schema import schema
from rest_compat.app import RestConfig, rest_app
from rest_compat.wire import Receive, Scope, Send
from store import Snapshot, Store
from store.events import document_of
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token
from tests.graph.every_mutation import EXAMPLES, SERVED, Example, prepare, prepared
from tests.graph.gateway import Gateway

TYPES = schema._schema.type_map
MUTATIONS = schema._schema.mutation_type
CHANGE_INPUT: Any = TYPES["ChangeInput"]
BY_NAME = {example.mutation: example for example in EXAMPLES}
# Those that can be part of a change set, and those that make one themselves.
PARTS = [it for it in EXAMPLES if it.mutation in CHANGE_INPUT.fields]
WHOLES = [it for it in EXAMPLES if "CHANGE_SET_APPLIED" in it.events]

every_mutation = pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: it.mutation)
every_part = pytest.mark.parametrize("example", PARTS, ids=lambda it: it.mutation)


@pytest.fixture(scope="module")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prepared installation, to be copied."""
    file = tmp_path_factory.mktemp("every_mutation") / "flagstaff.db"

    async def fill() -> None:
        store = await Store.open(f"sqlite:///{file}")
        await prepare(store)
        await store.close()

    asyncio.run(fill())
    return file


@pytest.fixture
def prepared_url(prepared_file: Path, tmp_path: Path) -> str:
    """SQLite alone: what reaches the database is tested with the operations."""
    return f"sqlite:///{shutil.copy(prepared_file, tmp_path)}"


class Sdks:
    """What SDKs are served, by environment."""

    def __init__(self, store: Store, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(rest_app(store, RestConfig(), _nothing)),
            base_url="http://flagstaff",
        )

    async def served(self) -> dict[str, tuple[str, bytes]]:
        """For each environment the ETag and the body of the answer to an SDK."""
        answers: dict[str, tuple[str, bytes]] = {}
        for environment, secret in self._secrets.items():
            answer = await self._client.get(
                "/api/client/features", headers={"Authorization": secret}
            )
            assert answer.status_code == 200
            answers[environment] = (answer.headers["etag"], answer.content)
        return answers

    async def close(self) -> None:
        await self._client.aclose()


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(f"nothing else is asked for, but {scope['path']} was")


@pytest.fixture
async def sdks(store: Store) -> AsyncIterator[Sdks]:
    """An SDK in each environment."""
    secrets: dict[str, str] = {}
    async with store.write(SYSTEM) as work:
        for name in SERVED:
            _, secrets[name] = await create_token(
                work, name=f"sdk in {name}", type=ApiTokenType.CLIENT, environment=name
            )
    opened = Sdks(store, secrets)
    yield opened
    await opened.close()


def selection_of(mutation: str) -> str:
    """All that the payload of a mutation holds, objects by their type names."""
    assert MUTATIONS is not None
    payload: Any = get_named_type(MUTATIONS.fields[mutation].type)
    return " ".join(
        name if is_leaf_type(get_named_type(field.type)) else f"{name} {{ __typename }}"
        for name, field in payload.fields.items()
        if name != "errors"
    )


async def send(gateway: Gateway, example: Example) -> Any:
    """The payload of an example that succeeds."""
    input = example.input(await prepared(gateway.store))
    payload = await gateway.change(example.mutation, input, selection_of(example.mutation))
    assert payload.pop("errors") == []
    return payload


async def apply_in_change_set(gateway: Gateway, example: Example, **options: Any) -> Any:
    """The payload of a change set of one example."""
    input = example.input(await prepared(gateway.store))
    return await gateway.change(
        "changeSetApply",
        {"changes": [{example.mutation: input}], **options},
        "changeSet { id } changes { index type summary changes { path } warnings { code } }",
    )


def configuration(snapshot: Snapshot) -> Any:
    """All documents without what tells who and when.

    Tags stand free once a toggle has carried them, and an environment in which a toggle was never
    configured is as good as one where it is off and has nothing.
    """
    return {
        name: {
            str(key): _plain(document_of(subject), snapshot)
            for key, subject in getattr(snapshot, name).items()
        }
        for name in (
            "toggles",
            "strategies",
            "segments",
            "environments",
            "projects",
            "toggle_types",
            "context_fields",
            "tag_types",
        )
    }


def _plain(document: Any, snapshot: Snapshot) -> Any:
    bookkeeping = {"revision", "updatedAt", "servedRevision", "variants"}
    if "environments" in document:
        document["environments"] = {
            name: {
                **{key: value for key, value in it.items() if key not in bookkeeping},
                "variants": it.get("variants") or [],
            }
            for name, it in document["environments"].items()
            if it["enabled"] or it["strategies"] or it.get("variants")
        }
    return {key: value for key, value in document.items() if key not in bookkeeping}


def test_every_mutation_has_an_example():
    assert MUTATIONS is not None

    assert sorted(BY_NAME) == sorted(MUTATIONS.fields)
    assert {it.mutation for it in PARTS} == set(CHANGE_INPUT.fields)


@every_mutation
async def test_only_an_admin_token_lets_it_pass(gateway: Gateway, example: Example):
    input = example.input(await prepared(gateway.store))
    input_type = f"{example.mutation[0].upper()}{example.mutation[1:]}Input"
    document = (
        f"mutation M($input: {input_type}!) {{ {example.mutation}(input: $input) "
        "{ errors { message } } }"
    )
    before = gateway.store.snapshot

    refused = {
        token: await gateway.post(document, {"input": input}, token=token)
        for token in (None, "client", "frontend", "viewer")
    }
    unchanged = gateway.store.snapshot is before
    allowed = await gateway.run(document, {"input": input})

    assert {token: it.status_code for token, it in refused.items()} == {
        None: 401,
        "client": 403,
        "frontend": 403,
        "viewer": 200,
    }
    answer = refused["viewer"].json()
    assert answer["data"] is None
    assert [it["extensions"]["code"] for it in answer["errors"]] == ["FORBIDDEN"]
    assert unchanged
    assert allowed == {example.mutation: {"errors": []}}


@every_mutation
async def test_it_leaves_its_events_and_answers_in_full(gateway: Gateway, example: Example):
    before = gateway.store.snapshot.revision

    payload = await send(gateway, example)

    events = (await gateway.events())[::-1]
    assert [event.type.name for event in events] == example.events
    assert {event.revision for event in events} == {before + 1}
    assert all(event.summary.endswith(".") for event in events)
    assert gateway.store.snapshot.revision == before + 1
    assert [name for name, value in payload.items() if not value] == []


@every_mutation
async def test_it_reaches_the_sdks_of_its_environments_and_no_others(
    gateway: Gateway, sdks: Sdks, example: Example
):
    before = await sdks.served()

    await send(gateway, example)

    after = await sdks.served()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == example.serves
    # An ETag changes together with its body, or neither does.
    for name in before:
        old, new = before[name], after[name]
        assert (old[0] == new[0]) is (old[1] == new[1]), name


@every_part
async def test_it_does_the_same_in_a_change_set(gateway: Gateway, sdks: Sdks, example: Example):
    before = await sdks.served()

    payload = await apply_in_change_set(gateway, example)

    after = await sdks.served()
    (change,) = payload["changes"]
    events = (await gateway.events())[::-1]
    assert payload["errors"] == []
    assert [change["type"]] == list(example.events)
    assert [event.type.name for event in events] == [*example.events, "CHANGE_SET_APPLIED"]
    assert len({event.change_set_id for event in events}) == 1
    assert {name for name in before if before[name] != after[name]} == example.serves


@every_part
async def test_a_dry_run_tells_the_same_and_changes_nothing(gateway: Gateway, example: Example):
    before = gateway.store.snapshot

    payload = await apply_in_change_set(gateway, example, dryRun=True)

    (change,) = payload["changes"]
    assert payload["errors"] == []
    assert payload["changeSet"] is None
    assert [change["type"]] == list(example.events)
    assert change["changes"]
    assert gateway.store.snapshot is before
    assert await gateway.events() == []


@every_part
async def test_undoing_a_change_set_brings_the_configuration_back(
    gateway: Gateway, sdks: Sdks, example: Example
):
    before, served = configuration(gateway.store.snapshot), await sdks.served()
    applied = await apply_in_change_set(gateway, example)
    changed = configuration(gateway.store.snapshot)

    undone = await gateway.change("changeSetRevert", {"id": applied["changeSet"]["id"]})

    assert undone["errors"] == []
    assert changed != before
    assert configuration(gateway.store.snapshot) == before
    assert _features(await sdks.served()) == _features(served)


@pytest.mark.parametrize("example", WHOLES, ids=lambda it: it.mutation)
async def test_what_is_a_change_set_of_itself_is_undone_as_well(
    gateway: Gateway, sdks: Sdks, example: Example
):
    before, served = configuration(gateway.store.snapshot), await sdks.served()
    input = example.input(await prepared(gateway.store))
    payload = await gateway.change(example.mutation, input, "changeSet { id }")
    changed = configuration(gateway.store.snapshot)

    undone = await gateway.change("changeSetRevert", {"id": payload["changeSet"]["id"]})

    assert undone["errors"] == []
    assert changed != before
    assert configuration(gateway.store.snapshot) == before
    assert _features(await sdks.served()) == _features(served)


def _features(served: Mapping[str, tuple[str, bytes]]) -> dict[str, str]:
    """The entity tags, which tell of content alone."""
    return {name: etag for name, (etag, _) in served.items()}
