"""Issues of applications: mismatches with the server, and reported names without a toggle."""

from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.operations.inputs import StrategySpec
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

STANDARD = ("default", "flexibleRollout", "userWithId")


async def fill(store: Store) -> None:
    """Report issues of every kind for `shop`, none for `till`, and issues a day ago for `depot`."""
    installed = Installation(store)
    await installed.toggles("known", "old")
    await installed.toggle(
        "rainy",
        environment="production",
        strategies=(StrategySpec(name="byWeather"),),
    )
    await installed.archive("old")
    await installed.register(
        "shop", *STANDARD, "fromElsewhere", sdk_version="unleash-client-node:3.21.0"
    )
    await installed.register("till", *STANDARD)
    await installed.use("shop", "known", "old", "typo")
    await installed.use("shop", "rainy", environment="production")
    await installed.use("till", "known", "rainy")
    await installed.use("depot", "typo", "Gone", ago=timedelta(hours=25))
    await installed.aggregate()


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the applications of `fill`."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


async def test_the_issues_of_an_application_are_reported_by_kind(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{ application(name: "shop") {
          sdks { sdk { name version outdated } }
          instances { nodes { sdk { outdated } } }
          issues {
            count unknownToggles archivedToggles { name archived } unknownStrategies
            missingStrategies { name description } outdatedSdks { name version outdated }
          }
        } }"""
    )

    outdated = {"name": "unleash-client-node", "version": "3.21.0", "outdated": True}
    assert data["application"]["sdks"] == [{"sdk": outdated}]
    assert {"sdk": {"outdated": True}} in data["application"]["instances"]["nodes"]
    assert data["application"]["issues"] == {
        "count": 5,
        "unknownToggles": ["typo"],
        "archivedToggles": [{"name": "old", "archived": True}],
        "unknownStrategies": ["fromElsewhere"],
        "missingStrategies": [{"name": "byWeather", "description": "Whoever has sun."}],
        "outdatedSdks": [outdated],
    }


async def test_an_application_without_mismatches_has_no_issues(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        "{ applications { nodes { name issues { count unknownToggles outdatedSdks { name } } } } }"
    )

    issues = {node["name"]: node["issues"] for node in data["applications"]["nodes"]}
    assert issues["till"] == {"count": 0, "unknownToggles": [], "outdatedSdks": []}
    assert issues["depot"]["count"] == 0
    assert issues["shop"]["count"] == 5


async def test_issues_follow_the_configuration(own_gateway: Gateway) -> None:
    await own_gateway.change("toggleCreate", {"name": "typo"})

    data = await own_gateway.run(
        '{ application(name: "shop") { issues { count unknownToggles } } }'
    )

    assert data["application"]["issues"] == {"count": 4, "unknownToggles": []}


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"hasIssues": True}, ["shop"]),
        ({"hasIssues": False}, ["depot", "till"]),
        ({"hasIssues": None}, ["depot", "shop", "till"]),
        ({"hasIssues": True, "names": ["till"]}, []),
        ({"hasIssues": True, "names": ["till", "shop"]}, ["shop"]),
        ({"hasIssues": False, "names": ["till", "shop"]}, ["till"]),
        ({"hasIssues": False, "search": "DEP"}, ["depot"]),
    ],
)
async def test_applications_are_filtered_by_whether_they_have_issues(
    shared_gateway: Gateway, filter: Any, expected: list[str]
) -> None:
    data = await shared_gateway.run(
        """query Some($filter: ApplicationFilter) {
          applications(filter: $filter) { totalCount nodes { name } }
          strategy(name: "default") { applications(filter: $filter) { nodes { name } } }
        }""",
        {"filter": filter},
    )

    found = [node["name"] for node in data["applications"]["nodes"]]
    implementing = [node["name"] for node in data["strategy"]["applications"]["nodes"]]
    assert found == expected
    assert data["applications"]["totalCount"] == len(expected)
    assert implementing == [name for name in expected if name != "depot"]


# ------------------------------------------------------------------ unknown toggles

UNKNOWN = """
query Unknown($applications: [String!], $hours: Int! = 24, $first: Int, $after: String) {
  unknownToggles(
    applications: $applications, seenWithinHours: $hours, first: $first, after: $after
  ) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { name applications { name } environments { name } firstSeenAt lastSeenAt }
  }
}
"""


async def test_unknown_toggles_of_a_day_are_listed(shared_gateway: Gateway) -> None:
    page = (await shared_gateway.run(UNKNOWN))["unknownToggles"]

    (typo,) = page["nodes"]
    assert page["totalCount"] == 1
    assert typo["firstSeenAt"] < typo["lastSeenAt"]
    assert (typo["name"], typo["applications"], typo["environments"]) == (
        "typo",
        [{"name": "shop"}],
        [{"name": "default"}],
    )


async def test_unknown_toggles_are_listed_newest_report_first_page_by_page(
    shared_gateway: Gateway,
) -> None:
    first = (await shared_gateway.run(UNKNOWN, {"hours": 48, "first": 1}))["unknownToggles"]
    after = {"hours": 48, "first": 1, "after": first["pageInfo"]["endCursor"]}
    second = (await shared_gateway.run(UNKNOWN, after))["unknownToggles"]

    assert [node["name"] for node in first["nodes"]] == ["typo"]
    assert first["nodes"][0]["applications"] == [{"name": "depot"}, {"name": "shop"}]
    assert first["pageInfo"]["hasNextPage"] is True
    assert [node["name"] for node in second["nodes"]] == ["Gone"]
    assert second["pageInfo"]["hasNextPage"] is False
    assert second["totalCount"] == 2


@pytest.mark.parametrize(
    ("applications", "expected"),
    [
        (["depot"], ["typo", "Gone"]),
        (["shop", "nobody"], ["typo"]),
        (["till"], []),
        ([], []),
        (None, ["typo", "Gone"]),
    ],
)
async def test_unknown_toggles_are_filtered_by_who_asks(
    shared_gateway: Gateway, applications: Any, expected: list[str]
) -> None:
    variables = {"hours": 48, "applications": applications}

    page = (await shared_gateway.run(UNKNOWN, variables))["unknownToggles"]

    assert [node["name"] for node in page["nodes"]] == expected
    assert page["totalCount"] == len(expected)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"hours": 0}, "The argument 'seenWithinHours' is 0; it must be at least 1."),
        (
            {"applications": ["x"] * 501},
            "The list 'applications' has 501 entries; at most 500 are allowed.",
        ),
        ({"after": "nonsense"}, "'nonsense' is not a cursor of this list."),
        ({"first": 501}, "The argument 'first' is 501; it must be from 0 to 500."),
    ],
)
async def test_bad_arguments_of_unknown_toggles_are_refused(
    shared_gateway: Gateway, variables: Any, message: str
) -> None:
    (error,) = (await shared_gateway.post(UNKNOWN, variables)).json()["errors"]

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == message


# ------------------------------------------------------------------ statements

PAGES = {
    "{ applications { nodes { issues { count missingStrategies { name } } } } }": 3,
    "{ applications { nodes { sdks { instanceCount } issues { count } } } }": 3,
    "{ applications(filter: { hasIssues: true }) { totalCount nodes { issues { count } } } }": 7,
    "{ unknownToggles { nodes { name } } }": 1,
    "{ unknownToggles { totalCount nodes { applications { name } environments { id } } } }": 4,
}


async def test_pages_cost_as_many_statements_for_many_applications_as_for_few(
    own_gateway: Gateway,
) -> None:
    installation = Installation(own_gateway.store)
    counts: list[dict[str, int]] = []
    for names in ([], [f"app-{number}" for number in range(6)]):
        for name in names:
            await installation.register(name, *STANDARD, f"implemented-by-{name}")
            await installation.use(name, "known", "old", f"asked-by-{name}")
            await installation.use(name, "rainy", environment="production")
        await installation.aggregate()
        counts.append({})
        for document in PAGES:
            with counted_statements() as statements:
                await own_gateway.run(document)
            counts[-1][document] = len(statements)

    assert counts == [PAGES, PAGES]
