"""gql, the GraphQL client for Python, against a running server."""

from collections.abc import Iterator

import pytest
from gql import Client, gql
from gql.client import SyncClientSession
from gql.transport.httpx import HTTPXTransport

from tests.clients.administration import CREATE
from tests.operations import operations
from tests.server import ADMIN_TOKEN, Server

pytestmark = pytest.mark.slow

TOGGLE = "gql.switched"


@pytest.fixture(scope="session")
def session(server: Server) -> Iterator[SyncClientSession]:
    """A session that has read the schema by introspection and validates against it."""
    payload = server.graphql(CREATE, input={"name": TOGGLE})["toggleCreate"]
    assert payload["errors"] == []
    transport = HTTPXTransport(f"{server.url}/graphql", headers={"Authorization": ADMIN_TOKEN})
    with Client(transport=transport, fetch_schema_from_transport=True) as session:
        yield session


def test_the_list_page_and_a_switch(session: SyncClientSession):
    page = gql(operations()["ToggleListPage"].text)
    page.variable_values = {"filter": {"names": [TOGGLE]}}
    switch = gql(operations()["SwitchToggle"].text)
    (listed,) = session.execute(page)["toggles"]["nodes"]
    (before,) = listed["environments"]

    refused = {"name": TOGGLE, "enabled": True, "expectedRevision": before["revision"] + 1}
    switch.variable_values = {"input": refused}
    refusal = session.execute(switch)["toggleSetEnabled"]
    switch.variable_values = {"input": {**refused, "expectedRevision": before["revision"]}}
    accepted = session.execute(switch)["toggleSetEnabled"]

    assert before["enabled"] is False
    assert refusal["toggleEnvironment"] is None
    assert [error["code"] for error in refusal["errors"]] == ["REVISION_CONFLICT"]
    assert refusal["errors"][0]["actualRevision"] == before["revision"]
    assert accepted["errors"] == []
    assert accepted["toggleEnvironment"]["id"] == before["id"]
    (listed,) = session.execute(page)["toggles"]["nodes"]
    assert listed["environments"] == [accepted["toggleEnvironment"]]


def test_every_page_is_valid_against_the_introspected_schema(session: SyncClientSession):
    for operation in operations().values():
        session.client.validate(gql(operation.text))

    assert session.client.schema is not None
