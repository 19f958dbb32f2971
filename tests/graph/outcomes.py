"""The effects of a mutation for admins, for SDKs and in the audit log."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import httpx
import sqlalchemy as sa
from graphql import is_leaf_type
from graphql.type import get_named_type
from msgspec import Struct

from graph.schema import schema
from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import Receive, Scope, Send
from store import Snapshot, Store
from store.aggregates import table_of
from store.events import Event
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token
from store.rows import ApplicationRow
from store.webhooks.deliveries import Outcome
from tests.graph.every_mutation import Example
from tests.graph.gateway import Gateway, change_document, gateway_over
from tests.graph.prepared_store import SERVED, Prepared, prepare
from tests.rewinding import RewoundStore
from tests.store.stored import followed

_APPLICATION = table_of(ApplicationRow)
_SDK_SECRETS = {name: f"*:{name}.secret-of-an-sdk" for name in SERVED}

# For each environment, SDKs get an answer with this ETag and body.
Served: TypeAlias = Mapping[str, tuple[str, bytes]]


class Instant(Struct, frozen=True):
    """The data that admins and SDKs can read at one time.

    `applications` maps names to the fields of applications that users can change.
    """

    snapshot: Snapshot
    served: Served
    applications: Mapping[str, tuple[Any, ...]]


class Sent(Struct, frozen=True):
    """The results of an example that was sent with the wrong tokens, and then by an admin.

    `followed` is the snapshot that another process computes from the events, or None if the events
    do not suffice.
    """

    example: Example
    before: Instant
    refused: Mapping[str | None, httpx.Response]
    still: Snapshot
    payload: Any
    events: list[Event]
    after: Instant
    followed: Snapshot | None


class Undone(Struct, frozen=True):
    """The results of an example as a change set, which was previewed, applied and undone."""

    example: Example
    before: Instant
    tried: Any
    events_of_trial: list[Event]
    still: Snapshot
    made: Any
    events: list[Event]
    between: Instant
    undone: Any
    after: Instant


async def prepare_with_sdks(store: Store) -> None:
    """Fill an empty store with the objects of the examples, and a token for each environment."""
    await prepare(store)
    async with store.write(SYSTEM) as work:
        for name, secret in _SDK_SECRETS.items():
            await create_token(
                work,
                name=f"sdk in {name}",
                type=ApiTokenType.CLIENT,
                environment=name,
                secret=secret,
            )


async def send(rewound: RewoundStore, example: Example, known: Prepared) -> Sent:
    """Send an example to the prepared installation, and restore the installation."""
    async with _taken(rewound) as (gateway, sdks):
        input = example.input(known)
        document = change_document(example.mutation, _selection(example.mutation))
        before = await _look(gateway, sdks)
        refused = {
            token: await gateway.post(document, {"input": input}, token=token)
            for token in (None, "client", "frontend", "viewer")
        }
        still = gateway.store.snapshot
        payload = (await gateway.run(document, {"input": input}))[example.mutation]
        events = await gateway.events()
        after = await _look(gateway, sdks)
        other = await followed(gateway.store, before.snapshot)
    return Sent(example, before, refused, still, payload, events[::-1], after, other)


async def make_and_undo(rewound: RewoundStore, example: Example, known: Prepared) -> Undone:
    """Apply an example as part of a change set in the prepared installation, and undo the change
    set.
    """
    async with _taken(rewound) as (gateway, sdks):
        changes = [{example.mutation: example.input(known)}]
        selection = "changeSet { id } changes { type changes { path } }"
        before = await _look(gateway, sdks)
        tried = await gateway.change(
            "changeSetApply", {"changes": changes, "dryRun": True}, selection
        )
        events_of_trial, still = await gateway.events(), gateway.store.snapshot
        made = await gateway.change("changeSetApply", {"changes": changes}, selection)
        events, between = await gateway.events(), await _look(gateway, sdks)
        undone = await gateway.change("changeSetRevert", {"id": made["changeSet"]["id"]})
        after = await _look(gateway, sdks)
    return Undone(
        example,
        before,
        tried,
        events_of_trial,
        still,
        made,
        events[::-1],
        between,
        undone,
        after,
    )


async def send_and_undo(
    rewound: RewoundStore, example: Example, known: Prepared
) -> tuple[Instant, Instant, Instant]:
    """Send an example that makes a change set, and undo the change set. Return the states before
    and after the example.
    """
    async with _taken(rewound) as (gateway, sdks):
        before = await _look(gateway, sdks)
        sent = await gateway.change(example.mutation, example.input(known), "changeSet { id }")
        between = await _look(gateway, sdks)
        undone = await gateway.change("changeSetRevert", {"id": sent["changeSet"]["id"]})
        assert undone["errors"] == []
        return before, between, await _look(gateway, sdks)


def _selection(mutation: str) -> str:
    """Return a selection for the payload of a mutation. Of objects, it selects the type name."""
    mutations = schema._schema.mutation_type
    assert mutations is not None
    payload: Any = get_named_type(mutations.fields[mutation].type)
    return " ".join(
        name if is_leaf_type(get_named_type(field.type)) else f"{name} {{ __typename }}"
        for name, field in payload.fields.items()
        if name != "errors"
    )


@asynccontextmanager
async def _taken(rewound: RewoundStore) -> AsyncIterator[tuple[Gateway, httpx.AsyncClient]]:
    rewound.store.webhooks.use(_accept)
    transport = httpx.ASGITransport(rest_app(rewound.store, RestConfig(), _nothing))
    async with (
        gateway_over(rewound.store) as gateway,
        httpx.AsyncClient(transport=transport, base_url="http://flagstaff") as sdks,
    ):
        try:
            yield gateway, sdks
        finally:
            await rewound.rewind()


async def _accept(*_: object, limit_s: float) -> Outcome:
    return Outcome(status=204)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(f"nothing else is asked for, but {scope['path']} was")


async def _look(gateway: Gateway, sdks: httpx.AsyncClient) -> Instant:
    served: dict[str, tuple[str, bytes]] = {}
    for environment, secret in _SDK_SECRETS.items():
        answer = await sdks.get("/api/client/features", headers={"Authorization": secret})
        assert answer.status_code == 200
        served[environment] = (answer.headers["etag"], answer.content)
    async with gateway.store.read() as session:
        rows = await session.execute(
            sa.select(*_APPLICATION.c["name", "description", "url", "icon"])
        )
        applications = {name: tuple(fields) for name, *fields in rows}
    return Instant(gateway.store.snapshot, served, applications)
