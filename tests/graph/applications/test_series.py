"""Usage over time: the counts of a toggle, and of a toggle in one environment."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from graph.scalars import format_datetime
from store import Store
from store.usage import series
from store.usage.reports import MAX_COUNT, ToggleCounts
from tests.graph.conftest import PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.statements import counted_statements
from tests.store.usage.reporting import NOW, Clock, usage_report

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANY = [f"more-{number}" for number in range(10)]
METRICS = """
query Metrics(
  $name: String! = "t", $hoursBack: Int! = 24
  $interval: MetricsInterval! = HOUR, $groupBy: [MetricsDimension!]! = []
  $environments: [String!], $applications: [String!]
) {
  toggle(name: $name) {
    metrics(
      hoursBack: $hoursBack, interval: $interval, groupBy: $groupBy
      environments: $environments, applications: $applications
    ) {
      environment { name } application { name } yes no variants { name count }
      buckets { start end yes no variants { name count } }
    }
  }
}
"""


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase) -> PreparedDatabase:
    """Databases with the environments of the reports."""
    return furnished_database


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_store(shared_url: str) -> AsyncIterator[Store]:
    """A store whose clock is stopped at half past twelve, so no interval ends during a test."""
    store = await Store.open(shared_url, clock=Clock())
    await fill(store)
    yield store
    await store.close()


async def fill(store: Store) -> None:
    """Create the toggle `t` and other objects.

    Two applications report the toggle from two environments, and from an environment that no longer
    exists.
    """
    installed = Installation(store)
    await installed.toggles("t", "with-variants", "popular", "archived", *MANY)
    for yes, app_name, environment in (
        (1, "shop", "development"),
        (2, "shop", "production"),
        (4, "till", "production"),
        (8, "till", "a-forgotten-one"),
    ):
        await installed.use(app_name, "t", environment=environment, yes=yes, no=1)
    counts = {
        "with-variants": ToggleCounts(3, 0, {"red": 2, "blue": 1}),
        "popular": ToggleCounts(MAX_COUNT, 0),
        "archived": ToggleCounts(3, 0),
    }
    await store.journal.add(usage_report(counts))
    await installed.use("depot", "popular", yes=15)
    await installed.use("depot", *MANY)
    await installed.archive("archived")
    await installed.aggregate()


async def metrics(gateway: Gateway, **variables: Any) -> list[dict[str, Any]]:
    return (await gateway.run(METRICS, variables))["toggle"]["metrics"]


async def refusal(gateway: Gateway, document: str, variables: Any = None) -> dict[str, Any]:
    (error,) = (await gateway.post(document, variables)).json()["errors"]
    return error


async def test_the_counts_of_a_day_are_one_series_of_hours_unless_more_is_requested(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        """{ toggle(name: "t") { metrics {
          environment { name } application { name } yes no variants { name }
          buckets { start end yes no }
        } } }"""
    )

    (found,) = data["toggle"]["metrics"]
    buckets = found.pop("buckets")
    assert found == {"environment": None, "application": None, "yes": 15, "no": 4, "variants": []}
    assert len(buckets) == 24
    assert buckets[0] == {
        "start": "2026-05-03T13:00:00.000000Z",
        "end": "2026-05-03T14:00:00.000000Z",
        "yes": 0,
        "no": 0,
    }
    assert buckets[-1] == {
        "start": "2026-05-04T12:00:00.000000Z",
        "end": "2026-05-04T13:00:00.000000Z",
        "yes": 15,
        "no": 4,
    }


@pytest.mark.parametrize(
    ("interval", "hours_back", "start", "buckets"),
    [
        ("MINUTE", 2, "T10:31:00.000000Z", 120),
        ("HOUR", 3, "T10:00:00.000000Z", 3),
        ("DAY", 1, "T00:00:00.000000Z", 1),
    ],
)
async def test_each_interval_has_its_width(
    shared_gateway: Gateway,
    interval: str,
    hours_back: int,
    start: str,
    buckets: int,
) -> None:
    (found,) = await metrics(shared_gateway, interval=interval, hoursBack=hours_back)

    assert len(found["buckets"]) == buckets
    assert found["buckets"][0]["start"] == f"2026-05-04{start}"
    assert (found["buckets"][-1]["yes"], found["yes"]) == (15, 15)


@pytest.mark.parametrize(
    ("group_by", "expected"),
    [
        ([], [(None, None, 15)]),
        (
            ["ENVIRONMENT"],
            [("development", None, 1), ("production", None, 6), ("a-forgotten-one", None, 8)],
        ),
        (["APPLICATION"], [(None, "shop", 3), (None, "till", 12)]),
        (
            ["APPLICATION", "ENVIRONMENT", "APPLICATION"],
            [
                ("development", "shop", 1),
                ("production", "shop", 2),
                ("production", "till", 4),
                ("a-forgotten-one", "till", 8),
            ],
        ),
    ],
)
async def test_counts_are_split_with_environments_in_their_order(
    shared_gateway: Gateway, group_by: list[str], expected: list[Any]
) -> None:
    found = await metrics(shared_gateway, groupBy=group_by)

    def name(member: dict[str, str] | None) -> str | None:
        return None if member is None else member["name"]

    assert [
        (name(item["environment"]), name(item["application"]), item["yes"]) for item in found
    ] == (expected)


@pytest.mark.parametrize(
    ("filters", "yes"),
    [
        ({"environments": ["production", "nowhere"]}, 6),
        ({"applications": ["shop"]}, 3),
        ({"environments": ["production"], "applications": ["shop"]}, 2),
        ({"environments": []}, 0),
        ({"environments": None, "applications": None}, 15),
    ],
)
async def test_counts_are_filtered(shared_gateway: Gateway, filters: Any, yes: int) -> None:
    (found,) = await metrics(shared_gateway, **filters)

    assert found["yes"] == yes


async def test_variants_are_counted_in_all_and_per_interval(shared_gateway: Gateway) -> None:
    (found,) = await metrics(shared_gateway, name="with-variants", hoursBack=1)

    counts = [{"name": "blue", "count": 1}, {"name": "red", "count": 2}]
    assert found["variants"] == counts
    assert found["buckets"][0]["variants"] == counts


async def test_counts_beyond_32_bits_are_numbers(shared_gateway: Gateway) -> None:
    (found,) = await metrics(shared_gateway, name="popular")

    assert found["yes"] == MAX_COUNT + 15


async def test_an_archived_toggle_still_shows_its_counts(shared_gateway: Gateway) -> None:
    (found,) = await metrics(shared_gateway, name="archived")

    assert found["yes"] == 3


# ------------------------------------------------------------------ one environment


async def test_a_configuration_shows_the_counts_of_its_environment(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{ toggle(name: "t") { environments { metrics(hoursBack: 1) {
          environment { name } application { name } yes no buckets { start yes }
        } } } }"""
    )

    start = format_datetime(NOW.replace(minute=0, second=0))
    assert [environment["metrics"] for environment in data["toggle"]["environments"]] == [
        {
            "environment": {"name": name},
            "application": None,
            "yes": yes,
            "no": no,
            "buckets": [{"start": start, "yes": yes}],
        }
        for name, yes, no in (("default", 0, 0), ("development", 1, 1), ("production", 6, 2))
    ]


# ------------------------------------------------------------------ one application

OF_APPLICATION = """
query OfApplication($name: String!, $hoursBack: Int! = 24, $environments: [String!]) {
  application(name: $name) { metrics(hoursBack: $hoursBack, environments: $environments) {
    environment { name } application { name } yes no variants { name count }
    buckets { start yes }
  } }
}
"""


async def of_application(gateway: Gateway, name: str, **variables: Any) -> list[dict[str, Any]]:
    data = await gateway.run(OF_APPLICATION, {"name": name, **variables})
    return data["application"]["metrics"]


async def test_the_counts_of_an_application_are_those_of_all_its_toggles(
    shared_gateway: Gateway,
) -> None:
    found = await of_application(shared_gateway, "depot", hoursBack=2)

    start = format_datetime(NOW.replace(hour=11, minute=0, second=0))
    end = format_datetime(NOW.replace(minute=0, second=0))
    # The sum is 15 for `popular`, plus one for each other toggle.
    assert found == [
        {
            "environment": {"name": "default"},
            "application": None,
            "yes": 25,
            "no": 0,
            "variants": [],
            "buckets": [{"start": start, "yes": 0}, {"start": end, "yes": 25}],
        }
    ]


async def test_an_application_has_a_series_for_each_environment_in_their_order(
    shared_gateway: Gateway,
) -> None:
    till = await of_application(shared_gateway, "till")
    shop = await of_application(shared_gateway, "shop")
    one = await of_application(shared_gateway, "shop", environments=["production", "nowhere"])

    def counts(found: list[dict[str, Any]]) -> list[tuple[str, int]]:
        return [(item["environment"]["name"], item["yes"]) for item in found]

    assert counts(till) == [("production", 4), ("a-forgotten-one", 8)]
    assert counts(shop) == [("default", MAX_COUNT + 6), ("development", 1), ("production", 2)]
    assert counts(one) == [("production", 2)]


async def test_the_variants_of_an_application_are_counted(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        "{ applications { nodes { name metrics(hoursBack: 1) { variants { name count } } } } }"
    )

    varied = [
        series["variants"]
        for application in data["applications"]["nodes"]
        for series in application["metrics"]
        if series["variants"]
    ]
    assert varied == [[{"name": "blue", "count": 1}, {"name": "red", "count": 2}]]


async def test_series_of_many_applications_take_two_statements(shared_gateway: Gateway) -> None:
    document = (
        "query($names: [String!]) { applications(filter: { names: $names }) { nodes { %s } } }"
    )

    found: list[int] = []
    for names in (["till"], ["till", "shop", "depot"]):
        counted_each: list[int] = []
        for selection in ("name", "name metrics { yes }"):
            with counted_statements() as counted:
                data = await shared_gateway.run(document % selection, {"names": names})
            counted_each.append(len(counted))
        assert len(data["applications"]["nodes"]) == len(names)
        found.append(counted_each[1] - counted_each[0])

    assert found == [2, 2]


async def test_the_series_of_an_application_have_the_limits_of_those_of_a_toggle(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = await refusal(shared_gateway, OF_APPLICATION, {"name": "shop", "hoursBack": 2_161})
    names = await refusal(
        shared_gateway, OF_APPLICATION, {"name": "shop", "environments": ["x"] * 501}
    )
    monkeypatch.setattr(series, "MAX_BUCKETS", 71)
    buckets = await refusal(shared_gateway, OF_APPLICATION, {"name": "shop"})

    assert "'hoursBack' is 2161" in hours["message"]
    assert "501 entries" in names["message"]
    assert buckets["extensions"]["limit"] == "metricsBuckets"
    assert buckets["extensions"]["actual"] == 72


# ------------------------------------------------------------------ limits


@pytest.mark.parametrize(
    ("interval", "hours_back", "maximum"),
    [
        ("MINUTE", 3, "2"),
        ("MINUTE", 24, "2"),
        ("HOUR", 0, "2,160"),
        ("HOUR", -1, "2,160"),
        ("HOUR", 2_161, "2,160"),
        ("DAY", 17_521, "17,520"),
        ("DAY", 2_147_483_647, "17,520"),
    ],
)
async def test_hours_beyond_the_retention_are_refused(
    shared_gateway: Gateway, interval: str, hours_back: int, maximum: str
) -> None:
    for field in ("metrics", "environment { metrics"):
        arguments = f"(hoursBack: {hours_back}, interval: {interval})"
        end = "}" if "{" in field else ""
        document = f'{{ toggle(name: "t") {{ {field}{arguments} {{ yes }} {end} }} }}'

        error = await refusal(shared_gateway, document)

        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"] == (
            f"The argument 'hoursBack' is {hours_back}; for the interval {interval} it must be "
            f"from 1 to {maximum}, because older counts are deleted."
        )


async def test_long_lists_of_names_are_refused(shared_gateway: Gateway) -> None:
    for field in ("environments", "applications"):
        error = await refusal(shared_gateway, METRICS, {field: ["x"] * 501})

        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"] == f"The list '{field}' has 501 entries; at most 500 are allowed."


async def test_too_many_buckets_are_refused(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "MAX_BUCKETS", 23)

    for group_by in ([], ["ENVIRONMENT"]):
        error = await refusal(shared_gateway, METRICS, {"groupBy": group_by})

        assert error["extensions"]["code"] == "COST_LIMIT"
        assert error["extensions"]["limit"] == "metricsBuckets"
        assert error["extensions"]["actual"] == (72 if group_by else 24)


# ------------------------------------------------------------------ statements

LISTS = """query Lists($names: [String!]) { toggles(filter: { names: $names }) { nodes {
  %s
} } }"""


@pytest.mark.parametrize(
    ("selection", "statements"),
    [
        ("metrics { yes }", 2),
        ("metrics(groupBy: [APPLICATION]) { yes application { name } }", 3),
        ("environments { metrics { yes environment { name } } }", 2),
        ("metrics { yes } week: metrics(hoursBack: 168, interval: DAY) { yes }", 4),
    ],
)
async def test_series_of_many_toggles_cost_as_many_statements_as_those_of_one(
    shared_gateway: Gateway, selection: str, statements: int
) -> None:
    found: list[int] = []
    for names in (["t"], ["t", *MANY]):
        with counted_statements() as counted:
            data = await shared_gateway.run(LISTS % selection, {"names": names})
        assert len(data["toggles"]["nodes"]) == len(names)
        found.append(len(counted))

    assert found == [statements, statements]
