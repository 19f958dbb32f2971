"""The root fields `viewer` and `server`."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from graph.schema import schema_hash
from graph.server import _projects
from store import Store
from store.identity import Principal
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.installation import Installation
from tests.graph.requesting import datetime_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEWER = """{ viewer {
  actor { name kind apiToken { name } } tokenType canWrite
  environment { name } projects { name } expiresAt
} }"""


async def fill(store: Store) -> None:
    """Create an active and an archived toggle. One of two instances reports usage within a day."""
    installed = Installation(store)
    await installed.toggles("a", "b")
    await installed.archive("b")
    await installed.register("shop")
    await installed.use("shop", "a", instance_id="one")
    await installed.use("shop", "a", instance_id="two", ago=timedelta(hours=25))
    await installed.aggregate()


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the statistics of `fill`."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


async def test_the_viewer_is_the_holder_of_the_token(shared_gateway: Gateway) -> None:
    viewer = (await shared_gateway.run(VIEWER, token="viewer"))["viewer"]

    assert viewer == {
        "actor": {"name": "a viewer", "kind": "TOKEN", "apiToken": None},
        "tokenType": "VIEWER",
        "canWrite": False,
        "environment": None,
        "projects": [],
        "expiresAt": None,
    }


async def test_the_viewer_knows_when_the_token_expires(shared_gateway: Gateway) -> None:
    expires_at = shared_gateway.store.clock() + timedelta(hours=1)
    async with shared_gateway.store.write(SYSTEM) as work:
        _, secret = await create_token(
            work, name="soon gone", type=ApiTokenType.VIEWER, expires_at=expires_at
        )

    data = await shared_gateway.run("{ viewer { expiresAt } }", token=secret)

    assert datetime_in(data["viewer"]["expiresAt"]) == expires_at


async def test_the_viewer_shows_those_of_its_projects_that_exist(shared_gateway: Gateway) -> None:
    # Today all tokens that may use GraphQL are for all projects.
    principal = Principal(SYSTEM, ApiTokenType.VIEWER, None, "default", ("default", "gone"))
    snapshot = shared_gateway.store.snapshot
    context: Any = SimpleNamespace(snapshot=snapshot)

    assert _projects(principal, context) == [snapshot.projects["default"]]


async def test_without_authentication_the_viewer_is_anonymous_and_may_write(
    shared_gateway: Gateway,
) -> None:
    async with gateway_over(shared_gateway.store, auth="none") as open_gateway:
        response = await open_gateway.post(VIEWER, token=None)

    assert response.json()["data"]["viewer"] == {
        "actor": {"name": "anonymous", "kind": "ANONYMOUS", "apiToken": None},
        "tokenType": None,
        "canWrite": True,
        "environment": None,
        "projects": [],
        "expiresAt": None,
    }


async def test_the_server_describes_itself_and_its_data(shared_gateway: Gateway) -> None:
    async with gateway_over(
        shared_gateway.store, version="1.2.3", max_admin_body_bytes=20_000
    ) as versioned:
        data = await versioned.run(
            """{ serverInfo {
              version revision schemaHash startedAt
              database { dialect version migration }
              limits {
                maxDepth maxAliases maxTokens maxPageSize maxImportBytes maxNameLength namePattern
              }
              statistics { toggles archivedToggles applications liveInstances events }
            } }"""
        )

    info = data["serverInfo"]
    assert info["version"] == "1.2.3"
    assert info["revision"] == shared_gateway.store.snapshot.revision
    assert info["schemaHash"] == schema_hash()
    assert datetime.fromisoformat(info["startedAt"]) <= shared_gateway.store.clock()
    assert info["database"]["dialect"] == shared_gateway.store.dialect
    assert info["database"]["version"]
    assert info["limits"]["maxPageSize"] == 500
    assert info["limits"]["maxImportBytes"] == 20_000
    assert info["limits"]["maxNameLength"] == 100
    assert re.fullmatch(info["limits"]["namePattern"], "new-checkout")
    statistics = info["statistics"]
    assert statistics.pop("events") > 5
    assert statistics == {
        "toggles": 1,
        "archivedToggles": 1,
        "applications": 1,
        "liveInstances": 2,
    }
