"""Lists cost as many statements for many rows as for few, below other lists too."""

from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.pages import PAGES
from tests.operations import operations
from tests.statements import counted_statements

BELOW_APPLICATIONS = """{
  applications { nodes {
    instances(first: 1) { totalCount nodes { id application { name } } }
    usages(first: 2, unknown: false) { totalCount nodes { toggleName application { name } } }
  } }
}"""


async def fill(installation: Installation, start: int, end: int) -> None:
    """So many toggles, half of them archived, each used by an application of its own."""
    numbers = [f"{number:03}" for number in range(start, end)]
    for number in numbers:
        await installation.rich_toggle(f"t{number}")
        await installation.rich_toggle(f"old{number}")
        await installation.archive(f"old{number}")
        await installation.register(f"app{number}", "default", "byWeather", instance_id="one")
    for number in numbers:
        used = [f"{kind}{other}" for kind in ("t", "old") for other in numbers[:5]]
        await installation.use(f"app{number}", *used, "t000", f"old{number}", instance_id="one")
    await installation.fold()


async def test_pages_below_a_list_cost_one_statement_each(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await installation.surroundings()
    counts: list[int] = []

    for start, end in ((0, 3), (3, 20)):
        await fill(installation, start, end)
        with counted_statements() as statements:
            await gateway.run(BELOW_APPLICATIONS)
        counts.append(len(statements))

    # The applications, twice a page and its count, and the applications of the nodes.
    assert counts == [6, 6]


async def test_a_switch_costs_one_statement_for_each_row_it_writes(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await installation.surroundings()
    counts: list[int] = []

    for start, end in ((0, 3), (3, 30)):
        await fill(installation, start, end)
        switch = {"name": f"t{start:03}", "environment": "development", "enabled": True}
        with counted_statements() as statements:
            await gateway.run(operations()["SwitchToggle"].text, {"input": switch})
        counts.append(len(statements))

    # The revision, the environment's served one, the toggle, its configuration, and the event; on
    # PostgreSQL also the word to other processes.
    each = 6 if gateway.store.dialect == "postgresql" else 5
    assert counts == [each, each]


async def test_nodes_cost_one_statement_per_type(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await installation.surroundings()
    await fill(installation, 0, 5)
    found = await gateway.run(
        "{ events { nodes { id } } applications { nodes { id instances { nodes { id } } } } }"
    )
    ids = [it["id"] for it in found["events"]["nodes"]]
    for application in found["applications"]["nodes"]:
        ids += [application["id"], application["instances"]["nodes"][0]["id"]]

    with counted_statements() as statements:
        data = await gateway.run(
            "query Again($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}
        )

    assert [node["id"] for node in data["nodes"]] == ids
    assert len(statements) == 3


async def test_an_empty_store_costs_no_more(gateway: Gateway) -> None:
    for name, page in PAGES.items():
        with counted_statements() as statements:
            await gateway.run(operations()[name].text, page.variables)
        assert len(statements) <= page.statements
