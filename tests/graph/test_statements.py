"""Lists, even nested lists, need the same number of SQL statements for any number of rows."""

from collections.abc import Sequence

import pytest

from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.operations import operations
from tests.statements import counted_statements

BELOW_APPLICATIONS = """{
  applications { nodes {
    instances(first: 1) { totalCount nodes { id application { name } } }
    usages(first: 2, unknown: false) { totalCount nodes { toggleName application { name } } }
  } }
}"""


FEW, MORE = ("000", "001"), ("002", "003", "004", "005")


async def fill(store: Store) -> None:
    await add(Installation(store), FEW)


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with few objects of each kind."""
    return filled(furnished_database, fill)


async def add(installation: Installation, numbers: Sequence[str]) -> None:
    """Create a live toggle, an archived toggle and an application for each number, and report
    usage.
    """
    archived = [f"old{number}" for number in numbers]
    await installation.rich_toggles(*(f"t{number}" for number in numbers), *archived)
    await installation.archive(*archived)
    for number in numbers:
        used = [f"{kind}{other}" for kind in ("t", "old") for other in numbers]
        await installation.register(f"app{number}", "default", "byWeather", instance_id="one")
        await installation.use(f"app{number}", *used, "t000", instance_id="one")
    await installation.aggregate()


async def test_pages_below_a_list_cost_one_statement_each(gateway: Gateway) -> None:
    counts: list[int] = []

    for numbers in ((), MORE):
        await add(Installation(gateway.store), numbers)
        with counted_statements() as statements:
            await gateway.run(BELOW_APPLICATIONS)
        counts.append(len(statements))

    # The statements read the applications, two pages, two counts, and the applications of the
    # nodes.
    assert counts == [6, 6]


async def test_a_switch_costs_one_statement_for_each_row_it_writes(gateway: Gateway) -> None:
    counts: list[int] = []

    for numbers, name in (((), "t000"), (MORE, "t002")):
        await add(Installation(gateway.store), numbers)
        switch = {"name": name, "environment": "development", "enabled": True}
        with counted_statements() as statements:
            await gateway.run(operations()["SwitchToggle"].text, {"input": switch})
        counts.append(len(statements))

    # The statements write the revision, the environment's served revision, the toggle, its
    # configuration, and the event. On PostgreSQL, one statement writes everything except the
    # revision.
    each = 2 if gateway.store.dialect == "postgresql" else 5
    assert counts == [each, each]


async def test_nodes_cost_one_statement_per_type(gateway: Gateway) -> None:
    found = await gateway.run(
        "{ events { nodes { id } } applications { nodes { id instances { nodes { id } } } } }"
    )
    ids = [item["id"] for item in found["events"]["nodes"]]
    for application in found["applications"]["nodes"]:
        ids += [application["id"], application["instances"]["nodes"][0]["id"]]

    with counted_statements() as statements:
        data = await gateway.run(
            "query Again($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}
        )

    assert [node["id"] for node in data["nodes"]] == ids
    assert len(statements) == 3
