"""Lists inside objects are returned page by page. A page follows the item with a given name."""

from typing import Any

import pytest
from msgspec import Struct

from store import Store
from store.model import SYSTEM
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment, delete_environment
from store.operations.inputs import StrategySpec
from store.operations.strategies import create_strategy
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Dependency
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

COUNT = 60
NUMBERS = [f"{number:02}" for number in range(COUNT)]
TOGGLES = [f"child-{number}" for number in NUMBERS]
ENVIRONMENTS = ["default", *(f"env-{number}" for number in NUMBERS[1:])]
STRATEGIES = [f"own-{number}" for number in NUMBERS]


async def fill(store: Store) -> None:
    """Fill each list inside an object with 60 items."""
    installation = Installation(store)
    async with store.write(SYSTEM) as work:
        for name in STRATEGIES:
            await create_strategy(work, name=name)
        for name in ENVIRONMENTS[1:]:
            await create_environment(work, name=name)
        await create_toggle(work, name="parent")
        await create_toggle(work, name="everywhere")
        for name in ENVIRONMENTS:
            await configure_toggle(work, "everywhere", environment=name, enabled=True)
        specs = [StrategySpec(name=name) for name in STRATEGIES]
        await configure_toggle(work, "everywhere", strategies=specs)
        for name in TOGGLES:
            await create_toggle(work, name=name)
            await set_dependencies(work, name, [Dependency("parent")])
        for number in NUMBERS:
            await create_toggle(work, name=f"old-{number}")
            await archive_toggle(work, f"old-{number}")
    await installation.register("shop", *(f"theirs-{number}" for number in NUMBERS))
    for number in NUMBERS:
        await installation.register(
            "shop",
            *(f"theirs-{number}" for number in NUMBERS),
            sdk_version=f"unleash-client-node:3.0.{number}",
            instance_id=number,
        )
        await installation.use(f"app-{number}", "typo")
    for environment in ENVIRONMENTS:
        await installation.use("shop", "typo", environment=environment)
    await installation.use("shop", "everywhere", *(f"old-{number}" for number in NUMBERS))
    await installation.use("shop", *(f"unknown-{number}" for number in NUMBERS[1:]))
    await installation.aggregate()


@pytest.fixture(scope="session")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the lists of `fill`."""
    return filled(gateway_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


class InnerListCase(Struct, frozen=True):
    """A list inside an object. `around` is the selection around the list, and `path` the path to
    the object.

    `field` and `one` name the list and an item in fields. `item` is the selection of an item, and
    `key` the path to its name.
    """

    around: str
    path: tuple[str | int, ...]
    field: str
    one: str
    item: str
    key: tuple[str, ...]
    by_name: bool = True
    count: int = COUNT

    async def run(self, gateway: Gateway, arguments: str = "") -> tuple[list[str], int, bool]:
        """Return the names of the items, the count, and whether further items exist."""
        parent = await self.read(gateway, f"{self.field}{arguments} {self.item} {self.rest}")
        more = parent[f"hasMore{self.field[0].upper()}{self.field[1:]}"]
        return [self._name(item) for item in parent[self.field]], parent[f"{self.one}Count"], more

    @property
    def rest(self) -> str:
        """The selection of the fields for the count and for further items."""
        return f"{self.one}Count hasMore{self.field[0].upper()}{self.field[1:]}"

    async def read(self, gateway: Gateway, selection: str) -> Any:
        """Return the object of the list with a selection."""
        found = await gateway.run(f"query Read {self.around % selection}")
        for part in self.path:
            found = found[part]
        return found

    def _name(self, item: Any) -> str:
        for part in self.key:
            item = item[part]
        if isinstance(item, dict):
            return f"{item['name']}:{item['version']}"
        return item


_SHOP = '{ application(name: "shop") { %s } }'
_ISSUES = '{ application(name: "shop") { issues { %s } } }'
_IN_ISSUES = ("application", "issues")
_TYPO = """{
  unknownToggles(applications: ["app-00"]) { nodes { %s } }
}"""
_IN_TYPO = ("unknownToggles", "nodes", 0)
CASES = {
    "Toggle.dependents": InnerListCase(
        '{ toggle(name: "parent") { %s } }',
        ("toggle",),
        "dependents",
        "dependent",
        "{ name }",
        ("name",),
    ),
    "Toggle.environments": InnerListCase(
        '{ toggle(name: "everywhere") { %s } }',
        ("toggle",),
        "environments",
        "environment",
        "{ environment { name } }",
        ("environment", "name"),
        by_name=False,
    ),
    "RecordedToggle.environments": InnerListCase(
        '{ toggle(name: "everywhere") { versions(first: 1) { nodes { toggle { %s } } } } }',
        ("toggle", "versions", "nodes", 0, "toggle"),
        "environments",
        "environment",
        "{ environmentName }",
        ("environmentName",),
        by_name=False,
    ),
    "Application.environments": InnerListCase(
        _SHOP,
        ("application",),
        "environments",
        "environment",
        "{ name }",
        ("name",),
        by_name=False,
    ),
    "Application.sdks": InnerListCase(
        _SHOP,
        ("application",),
        "sdks",
        "sdk",
        "{ sdk { name version } }",
        ("sdk",),
        by_name=False,
        count=COUNT + 1,
    ),
    "ApplicationIssues.unknownToggles": InnerListCase(
        _ISSUES, _IN_ISSUES, "unknownToggles", "unknownToggle", "", ()
    ),
    "ApplicationIssues.archivedToggles": InnerListCase(
        _ISSUES, _IN_ISSUES, "archivedToggles", "archivedToggle", "{ name }", ("name",)
    ),
    "ApplicationIssues.unknownStrategies": InnerListCase(
        _ISSUES, _IN_ISSUES, "unknownStrategies", "unknownStrategy", "", ()
    ),
    "ApplicationIssues.missingStrategies": InnerListCase(
        _ISSUES, _IN_ISSUES, "missingStrategies", "missingStrategy", "{ name }", ("name",)
    ),
    "ApplicationIssues.outdatedSdks": InnerListCase(
        _ISSUES,
        _IN_ISSUES,
        "outdatedSdks",
        "outdatedSdk",
        "{ name version }",
        (),
        by_name=False,
    ),
    "UnknownToggle.applications": InnerListCase(
        _TYPO,
        _IN_TYPO,
        "applications",
        "application",
        "{ name }",
        ("name",),
        count=COUNT + 1,
    ),
    "UnknownToggle.environments": InnerListCase(
        _TYPO,
        _IN_TYPO,
        "environments",
        "environment",
        "{ name }",
        ("name",),
        by_name=False,
    ),
}
each_list = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@each_list
async def test_a_list_returns_its_first_50_items_and_counts_all(
    shared_gateway: Gateway, case: InnerListCase
) -> None:
    every, _, _ = await case.run(shared_gateway, "(first: 500)")
    names, count, more = await case.run(shared_gateway)

    assert len(set(every)) == case.count
    assert not case.by_name or every == sorted(every)
    assert names == every[:50]
    assert (count, more) == (case.count, True)


@each_list
async def test_all_items_are_on_the_pages(shared_gateway: Gateway, case: InnerListCase) -> None:
    every, _, _ = await case.run(shared_gateway, "(first: 500)")
    pages: list[list[str]] = []
    after = "null"
    for _ in range(4):
        names, _, _ = await case.run(shared_gateway, f"(first: 25, after: {after})")
        pages.append(names)
        after = f'"{names[-1]}"' if names else after

    assert [len(page) for page in pages] == [25, 25, case.count - 50, 0]
    assert [name for page in pages for name in page] == every


@each_list
async def test_a_page_of_no_items_is_empty(shared_gateway: Gateway, case: InnerListCase) -> None:
    names, count, _ = await case.run(shared_gateway, "(first: 0)")

    assert (names, count) == ([], case.count)


@each_list
@pytest.mark.parametrize("first", [-1, 501])
async def test_impossible_page_sizes_are_refused(
    shared_gateway: Gateway, case: InnerListCase, first: int
) -> None:
    selection = f"{case.field}(first: {first}) {case.item}"

    answer = await shared_gateway.post(f"query Read {case.around % selection}")

    assert [error["message"] for error in answer.json()["errors"]] == [
        f"The argument 'first' is {first}; it must be from 0 to 500."
    ]


@each_list
async def test_a_page_after_an_unknown_name_follows_the_order_or_is_refused(
    shared_gateway: Gateway, case: InnerListCase
) -> None:
    every, _, _ = await case.run(shared_gateway, "(first: 500)")
    name = f"{every[2]}!"
    selection = f'{case.field}(first: 2, after: "{name}") {case.item}'

    if case.by_name:
        names, _, _ = await case.run(shared_gateway, f'(first: 2, after: "{name}")')
        assert names == every[3:5]
    else:
        answer = await shared_gateway.post(f"query Read {case.around % selection}")
        assert [error["message"] for error in answer.json()["errors"]] == [
            f"The argument 'after' is '{name}', but no item of this list has that name."
        ]


async def test_a_filtered_list_has_pages(shared_gateway: Gateway) -> None:
    arguments = '(names: ["env-07", "env-05", "env-03"], first: 1, after: "env-03")'

    names, count, more = await CASES["Toggle.environments"].run(shared_gateway, arguments)

    assert (names, count, more) == (["env-05"], COUNT, True)


async def test_short_lists_have_no_more_items(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        '{ toggle(name: "child-00") { dependents { name } dependentCount hasMoreDependents } }'
    )

    assert data["toggle"] == {"dependents": [], "dependentCount": 0, "hasMoreDependents": False}


async def test_pages_follow_changes_between_them(own_gateway: Gateway) -> None:
    case = CASES["Toggle.dependents"]
    first, _, _ = await case.run(own_gateway, "(first: 3)")
    async with own_gateway.store.write(SYSTEM) as work:
        await set_dependencies(work, first[-1], [])
        await create_toggle(work, name="child-01-before")
        await set_dependencies(work, "child-01-before", [Dependency("parent")])
        await create_toggle(work, name="child-02-after")
        await set_dependencies(work, "child-02-after", [Dependency("parent")])
        await set_dependencies(work, "child-03", [])

    second, count, _ = await case.run(own_gateway, f'(first: 2, after: "{first[-1]}")')

    assert first == ["child-00", "child-01", "child-02"]
    assert second == ["child-02-after", "child-04"]
    assert count == COUNT


async def test_a_page_after_a_deleted_environment_is_refused(own_gateway: Gateway) -> None:
    case = CASES["Toggle.environments"]
    async with own_gateway.store.write(SYSTEM) as work:
        await configure_toggle(work, "everywhere", environment="env-01", enabled=False)
        await delete_environment(work, "env-01")

    answer = await own_gateway.post(case.around % 'environments(after: "env-01") { id }')
    names, _, _ = await case.run(own_gateway, '(first: 2, after: "default")')

    assert [error["message"] for error in answer.json()["errors"]] == [
        "The argument 'after' is 'env-01', but no item of this list has that name."
    ]
    assert names == ["env-02", "env-03"]
