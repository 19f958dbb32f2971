"""The GraphQL edge over a store, spoken to through HTTP as clients do, without a server process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from graph.http import GraphConfig, graphql_app
from store import Store
from store.events import Event
from store.events_log import EventFilter, list_events
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token
from store.paging import Window

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
    """Sends operations with a token of one of the four types; `admin` unless said otherwise."""

    def __init__(self, store: Store, client: httpx.AsyncClient, secrets: dict[str, str]) -> None:
        self.store = store
        self.client = client
        self.secrets = secrets

    def headers(self, token: str | None) -> dict[str, str]:
        """The header that says who asks."""
        return {} if token is None else {"Authorization": self.secrets.get(token, token)}

    async def post(
        self, document: str, variables: Any = None, *, token: str | None = "admin", **fields: Any
    ) -> httpx.Response:
        """The answer to an operation, as it came."""
        body = {"query": document, "variables": variables, **fields}
        return await self.client.post("/graphql", json=body, headers=self.headers(token))

    async def run(
        self, document: str, variables: Any = None, *, token: str = "admin", **fields: Any
    ) -> Any:
        """The data of an operation that succeeds."""
        response = await self.post(document, variables, token=token, **fields)
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        assert response.status_code == 200
        return answer["data"]

    async def change(self, mutation: str, input: Any, selection: str = "") -> Any:
        """The payload of one mutation; its input type is named after it."""
        input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
        document = (
            f"mutation Change($input: {input_type}!) {{ {mutation}(input: $input) "
            f"{{ {selection} errors {{ {ERROR_FIELDS} }} }} }}"
        )
        return (await self.run(document, {"input": input}))[mutation]

    async def refusals(self, mutation: str, input: Any) -> list[dict[str, Any]]:
        """The errors of a mutation that stores nothing, neither an object nor an event."""
        before = self.store.snapshot
        count = len(await self.events())
        payload = await self.change(mutation, input)
        assert payload["errors"]
        assert self.store.snapshot is before
        assert len(await self.events()) == count
        return payload["errors"]

    async def refusal(self, mutation: str, input: Any) -> dict[str, Any]:
        """The one error of a mutation that stores nothing."""
        (error,) = await self.refusals(mutation, input)
        return error

    async def events(self) -> list[Event]:
        """The audit log, newest first, without what the set-up of the test left in it."""
        async with self.store.read() as session:
            page = await list_events(session, EventFilter(), Window(1000))
        return [event for event in page.items if event.actor != SYSTEM]


@asynccontextmanager
async def gateway_over(store: Store, **config: Any) -> AsyncIterator[Gateway]:
    """A gateway with one token of each type."""
    secrets: dict[str, str] = {}
    async with store.write(SYSTEM) as work:
        for type in ApiTokenType:
            _, secrets[type.value] = await create_token(work, name=f"a {type.value}", type=type)
    transport = httpx.ASGITransport(graphql_app(store, GraphConfig(**config)))
    async with httpx.AsyncClient(transport=transport, base_url="http://flagstaff") as client:
        yield Gateway(store, client, secrets)
