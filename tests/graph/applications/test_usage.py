"""The times at which a toggle was used, and the applications that used the toggle."""

from datetime import timedelta
from typing import Any

import pytest

from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.graph.requesting import TOGGLE, datetime_in, toggle
from tests.store.usage.reporting import Clock

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(store: Store) -> None:
    """Create toggles that some applications used in some environments."""
    installed = Installation(store)
    await installed.toggles("used", "a", "b")
    await installed.use("shop", "used", ago=timedelta(hours=30))
    await installed.use("till", "used", environment="production", ago=timedelta(hours=1))
    await installed.use("depot", "used", "other", environment="unheard-of")
    for number in range(5):
        await installed.use(f"app{number}", "a", "b", ago=timedelta(minutes=number))
    await installed.aggregate()


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the reports of `fill`."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


async def test_seen_times_come_from_reports_per_environment(own_gateway: Gateway) -> None:
    installation = Installation(own_gateway.store)
    await installation.toggle("t")
    earlier = await installation.use(
        "shop", "t", yes=0, no=3, ago=timedelta(hours=2), environment="production"
    )
    now = await installation.use("shop", "t", yes=2, no=0)
    await installation.aggregate()

    result = await toggle(
        own_gateway,
        "t",
        """
        lastSeenAt
        default: environment { lastSeenAt lastYesAt lastNoAt }
        production: environment(name: "production") { lastSeenAt lastYesAt lastNoAt }
        development: environment(name: "development") { lastSeenAt }
        """,
    )

    assert datetime_in(result["lastSeenAt"]) == now
    assert datetime_in(result["default"]["lastYesAt"]) == now
    assert result["default"]["lastNoAt"] is None
    assert datetime_in(result["production"]["lastNoAt"]) == earlier
    assert result["production"]["lastYesAt"] is None
    assert result["development"] == {"lastSeenAt": None}


async def test_usages_come_newest_first_and_by_environment_and_age(shared_gateway: Gateway) -> None:
    result = await toggle(
        shared_gateway,
        "used",
        """
        usages {
          totalCount
          nodes { toggleName toggle { name } application { name } environment { name enabled } }
        }
        here: usages(environment: "production") { totalCount nodes { application { name } } }
        recent: usages(seenWithinHours: 24) { totalCount nodes { application { name } } }
        page: usages(first: 1) {
          totalCount pageInfo { hasNextPage } nodes { application { name } }
        }
        end: usages(last: 1) { pageInfo { hasPreviousPage } nodes { application { name } } }
        """,
    )

    assert [node["application"]["name"] for node in result["usages"]["nodes"]] == [
        "depot",
        "till",
        "shop",
    ]
    assert result["usages"]["nodes"][0] == {
        "toggleName": "used",
        "toggle": {"name": "used"},
        "application": {"name": "depot"},
        "environment": {"name": "unheard-of", "enabled": False},
    }
    assert result["usages"]["totalCount"] == 3
    assert result["here"] == {"totalCount": 1, "nodes": [{"application": {"name": "till"}}]}
    assert [node["application"]["name"] for node in result["recent"]["nodes"]] == ["depot", "till"]
    assert result["page"]["totalCount"] == 3
    assert result["page"]["pageInfo"] == {"hasNextPage": True}
    assert result["page"]["nodes"] == [{"application": {"name": "depot"}}]
    assert result["end"] == {
        "pageInfo": {"hasPreviousPage": True},
        "nodes": [{"application": {"name": "shop"}}],
    }


async def test_usages_of_many_toggles_are_walked_through_by_cursor(shared_gateway: Gateway) -> None:
    document = """query Page($after: String, $before: String, $first: Int, $last: Int) {
      toggles(filter: { names: ["a", "b"] }) { nodes {
        usages(first: $first, after: $after, last: $last, before: $before) {
          pageInfo { hasNextPage hasPreviousPage } edges { cursor node { application { name } } }
        }
      } }
    }"""

    async def page(**variables: Any) -> Any:
        data = await shared_gateway.run(document, variables)
        return [node["usages"] for node in data["toggles"]["nodes"]]

    def names(usages: Any) -> list[str]:
        return [edge["node"]["application"]["name"] for edge in usages["edges"]]

    first_a, first_b = await page(first=2)
    assert names(first_a) == names(first_b) == ["app0", "app1"]
    rest_a, _ = await page(first=2, after=first_a["edges"][-1]["cursor"])
    assert names(rest_a) == ["app2", "app3"]
    assert rest_a["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}
    before_a, _ = await page(last=1, before=rest_a["edges"][0]["cursor"])
    assert names(before_a) == ["app1"]
    assert before_a["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}


async def test_what_was_reported_just_so_many_hours_ago_is_shown(
    own_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = own_gateway.store
    monkeypatch.setattr(store, "clock", Clock(store.clock()))
    installation = Installation(store)
    await installation.toggle("t")
    await installation.use("shop", "t", "typo", instance_id="one", ago=timedelta(hours=2))
    await installation.aggregate()
    document = """query ($hours: Int!) {
      toggle(name: "t") { usages(seenWithinHours: $hours) { totalCount } }
      application(name: "shop") {
        usages(seenWithinHours: $hours) { totalCount }
        instances(seenWithinHours: $hours) { totalCount }
      }
    }"""

    for hours, usages in ((1, 0), (2, 1)):
        data = await own_gateway.run(document, {"hours": hours})
        assert data["toggle"]["usages"] == {"totalCount": usages}
        assert data["application"] == {
            "usages": {"totalCount": 2 * usages},
            "instances": {"totalCount": usages},
        }


@pytest.mark.parametrize("hours", [0, -1])
async def test_looking_back_less_than_an_hour_is_refused(
    shared_gateway: Gateway, hours: int
) -> None:
    document = TOGGLE % f"usages(seenWithinHours: {hours}) {{ totalCount }}"

    answer = (await shared_gateway.post(document, {"name": "used"})).json()

    assert answer["errors"][0]["message"] == (
        f"The argument 'seenWithinHours' is {hours}; it must be at least 1."
    )


async def test_looking_back_beyond_the_calendar_finds_everything(shared_gateway: Gateway) -> None:
    result = await toggle(
        shared_gateway, "used", "usages(seenWithinHours: 2147483647) { totalCount }"
    )

    assert result == {"usages": {"totalCount": 3}}
