"""The GraphQL edge over a store, called by an HTTP client without a server process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from graph.app import graphql_app
from graph.engine.run.config import GraphConfig
from store import Store
from store.events import Event
from store.events_log import EventFilter, count_events, list_events
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token, hash_secret
from store.paging import Window

SECRETS = {
    "admin": "*:*.admin-secret-of-the-gateway",
    "viewer": "*:*.viewer-secret-of-the-gateway",
    "client": "*:default.client-secret-of-the-gateway",
    "frontend": "*:default.frontend-secret-of-the-gateway",
}
ALL_EVENTS = EventFilter()
ERROR_FIELDS = """
  __typename code message path
  ... on InvalidError { rule }
  ... on NotFoundError { name }
  ... on AlreadyExistsError { archived existing { __typename id } }
  ... on RevisionConflictError {
    expectedRevision actualRevision
    current { __typename id }
    lastEvent { type summary actor { name } }
  }
  ... on InUseError { usedByCount usedBy { __typename id } }
"""


class Gateway:
    """Sends operations with a token of one of the four types, by default `admin`."""

    def __init__(self, store: Store, client: httpx.AsyncClient) -> None:
        self.store = store
        self.client = client

    def headers(self, token: str | None) -> dict[str, str]:
        """The header with the token."""
        return {} if token is None else {"Authorization": SECRETS.get(token, token)}

    async def post(
        self, document: str, variables: Any = None, *, token: str | None = "admin", **fields: Any
    ) -> httpx.Response:
        """Return the unchanged answer to an operation."""
        body = {"query": document, "variables": variables, **fields}
        return await self.client.post("/graphql", json=body, headers=self.headers(token))

    async def run(
        self, document: str, variables: Any = None, *, token: str = "admin", **fields: Any
    ) -> Any:
        """Return the data of an operation that succeeds."""
        response = await self.post(document, variables, token=token, **fields)
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        assert response.status_code == 200
        return answer["data"]

    async def change(self, mutation: str, input: Any, selection: str = "") -> Any:
        """Send one mutation and return its payload."""
        document = change_document(mutation, selection)
        return (await self.run(document, {"input": input}))[mutation]

    async def refusals(self, mutation: str, input: Any) -> list[dict[str, Any]]:
        """Send a mutation that must store nothing, and return its errors."""
        before = self.store.snapshot
        count = await self.number_of_events()
        payload = await self.change(mutation, input)
        assert payload["errors"]
        assert self.store.snapshot is before
        assert await self.number_of_events() == count
        return payload["errors"]

    async def refusal(self, mutation: str, input: Any) -> dict[str, Any]:
        """Send a mutation that must store nothing, and return its only error."""
        (error,) = await self.refusals(mutation, input)
        return error

    async def events(self, filter: EventFilter = ALL_EVENTS) -> list[Event]:
        """Return the events since the start of the test, newest first."""
        async with self.store.read() as session:
            page = await list_events(session, filter, Window(1000))
        return [event for event in page.items if event.actor != SYSTEM]

    async def latest_event(self) -> tuple[str, str | None]:
        """The type and environment of the newest event."""
        async with self.store.read() as session:
            (event,) = (await list_events(session, ALL_EVENTS, Window(1))).items
        return event.type.name, event.environment

    async def number_of_events(self) -> int:
        """Return the number of events in the audit log."""
        async with self.store.read() as session:
            return await count_events(session, ALL_EVENTS)


def change_document(mutation: str, selection: str = "") -> str:
    """A document with one mutation, whose input type has the mutation's name."""
    input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
    return (
        f"mutation Change($input: {input_type}!) {{ {mutation}(input: $input) "
        f"{{ {selection} errors {{ {ERROR_FIELDS} }} }} }}"
    )


async def add_tokens(store: Store) -> None:
    """Put one token of each type into a store, with the secrets that a gateway sends."""
    async with store.write(SYSTEM) as work:
        for type in ApiTokenType:
            secret = SECRETS[type.value]
            await create_token(work, name=f"a {type.value}", type=type, secret=secret)


@asynccontextmanager
async def gateway_over(store: Store, **config: Any) -> AsyncIterator[Gateway]:
    """A gateway over a store. If the store has no tokens of the gateway, they are added.

    Unless `config` says otherwise, operations have a minute, because machines may be busy.
    """
    if hash_secret(SECRETS["admin"]) not in store.snapshot.tokens_by_hash:
        await add_tokens(store)
    transport = httpx.ASGITransport(
        graphql_app(store, GraphConfig(**{"operation_timeout_s": 60, **config}))
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://flagstaff") as client:
        yield Gateway(store, client)
