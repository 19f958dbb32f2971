"""Usage in the 3.x admin API: the toggles that applications request, and recent counts."""

from datetime import timedelta

import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.asgi import AsgiApp
from store import Store
from store.usage.reports import ToggleCounts
from tests.rest_compat.conftest import MakeClient, begins_with, elsewhere
from tests.store.usage.reporting import Clock, registration_report, usage_report

PATH = "/api/admin/metrics"
CLOCK = Clock()


async def reported(store: Store) -> None:
    """Usage of the registered `shop` and of the unregistered `blog`. `idle` only registers."""
    await store.journal.add(
        registration_report(app_name="shop", strategies=("default", "mine")),
        registration_report(app_name="idle"),
        usage_report({"cart": ToggleCounts(3, 4, {"red": 2}), "nobody's": ToggleCounts(1)}),
        usage_report({"cart": ToggleCounts(1)}, app_name="blog"),
        usage_report({"cart": ToggleCounts(7), "old": ToggleCounts(9)}, environment="staging"),
    )
    await store.aggregate_now()


pytestmark = begins_with(reported, clock=CLOCK)
without_reports = begins_with(clock=CLOCK)


@pytest.fixture
def app(store: Store) -> AsgiApp:
    """The REST edge without authentication."""
    return rest_app(store, RestConfig(auth="none"), elsewhere)


async def test_each_application_lists_what_it_requested_anywhere(
    make_client: MakeClient,
) -> None:
    answer = await make_client().get(f"{PATH}/seen-toggles")

    assert answer.status_code == 200
    assert answer.json() == [
        {"appName": "blog", "seenToggles": ["cart"], "metricsCount": 1},
        {"appName": "shop", "seenToggles": ["cart", "nobody's", "old"], "metricsCount": 26},
    ]


async def test_each_toggle_lists_who_requested_it(make_client: MakeClient) -> None:
    answer = await make_client().get(f"{PATH}/seen-apps")

    shop = {
        "appName": "shop",
        "createdAt": "2026-05-04T12:30:15.000Z",
        "updatedAt": "2026-05-04T12:30:15.000Z",
        "description": None,
        "strategies": ["default", "mine"],
        "createdBy": "10.0.0.1",
        "url": None,
        "color": None,
        "icon": None,
    }
    assert answer.json() == {
        "cart": [{"appName": "blog"}, shop],
        "nobody's": [shop],
        "old": [shop],
    }


async def test_counts_are_those_of_the_environment_of_3x(
    make_client: MakeClient,
) -> None:
    answer = await make_client().get(f"{PATH}/feature-toggles")

    counts = {"cart": {"yes": 6, "no": 4}, "nobody's": {"yes": 1, "no": 0}}
    assert answer.json() == {"lastHour": counts, "lastMinute": counts}


@pytest.mark.parametrize(
    ("age", "hour", "minute"),
    [
        (timedelta(seconds=62), {"yes": 1, "no": 0}, {"yes": 0, "no": 0}),
        (timedelta(minutes=61), {"yes": 0, "no": 0}, {"yes": 0, "no": 0}),
    ],
)
async def test_counts_leave_and_names_stay(
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
    age: timedelta,
    hour: dict[str, int],
    minute: dict[str, int],
) -> None:
    client = make_client()
    monkeypatch.setattr(CLOCK, "now", CLOCK.now + age)

    everything = (await client.get(f"{PATH}/feature-toggles")).json()
    one = (await client.get(f"{PATH}/feature-toggles/nobody's")).json()

    assert one == {"lastHour": hour, "lastMinute": minute}
    assert (everything["lastHour"]["nobody's"], everything["lastMinute"]["nobody's"]) == (
        hour,
        minute,
    )


@pytest.mark.parametrize("name", ["never-asked-for", "old", "constructor", "%F0%9F%98%80", "a%2Fb"])
async def test_a_name_that_was_never_reported_has_no_counts(
    make_client: MakeClient, name: str
) -> None:
    answer = await make_client().get(f"{PATH}/feature-toggles/{name}")

    assert (answer.status_code, answer.json()) == (200, {"lastHour": {}, "lastMinute": {}})


@without_reports
async def test_without_reports_the_lists_are_empty(make_client: MakeClient) -> None:
    client = make_client()

    assert (await client.get(f"{PATH}/seen-toggles")).json() == []
    assert (await client.get(f"{PATH}/seen-apps")).json() == {}
    assert (await client.get(f"{PATH}/feature-toggles")).json() == {
        "lastHour": {},
        "lastMinute": {},
    }


@without_reports
async def test_names_of_any_kind_can_be_read_back(store: Store, make_client: MakeClient) -> None:
    names = ["__proto__", "constructor", "two words", "a/b", "%", "😀", "<script>"]
    await store.journal.add(usage_report({name: ToggleCounts(1) for name in names}))
    await store.aggregate_now()
    client = make_client()

    counts = (await client.get(f"{PATH}/feature-toggles")).json()
    one = (await client.get(f"{PATH}/feature-toggles/a%2Fb")).json()

    assert sorted(counts["lastHour"]) == sorted(names)
    assert one["lastMinute"] == {"yes": 1, "no": 0}
    assert set((await client.get(f"{PATH}/seen-apps")).json()) == set(names)
