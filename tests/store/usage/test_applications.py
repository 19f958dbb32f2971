"""Lists of applications, of their instances and of their usages."""

from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.paging import Page, Window
from store.usage.applications import (
    ApplicationFilter,
    ApplicationOrder,
    application_by_name,
    application_position,
    count_applications,
    environments_of,
    list_applications,
)
from store.usage.instances import (
    ALL_INSTANCES,
    ApplicationInstance,
    InstanceFilter,
    count_all_instances,
    count_instances,
    instance_position,
    instances_by_id,
    list_instances,
    live_sdks,
)
from store.usage.reports import AnyReport, ToggleCounts
from store.usage.sdks import split_sdk
from store.usage.toggle_usages import (
    UsageFilter,
    UsageParent,
    count_usages,
    list_usages,
    usage_position,
)
from tests.store.conftest import Filled
from tests.store.usage.reporting import NOW, Clock, registration_report, usage_report

EVERYTHING = ApplicationFilter()
TEN = Window(10)


async def add(store: Store, *reports: AnyReport) -> None:
    await store.journal.add(*reports)
    await store.aggregate_now()


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled, store_clock: Clock) -> str:
    """A database with the applications `a_shop`, `blog` and `Cart`, seen a minute apart."""

    async def report(store: Store) -> None:
        await add(
            store,
            registration_report(
                app_name="a_shop", strategies=("default", 'say "hi"'), sdk_version="node-sdk:6.1.0"
            ),
            usage_report({"t": ToggleCounts(1, 0)}, app_name="a_shop", instance_id="i-1"),
        )
        store_clock.now = NOW + timedelta(minutes=1)
        await add(
            store,
            registration_report(
                app_name="blog",
                environment="staging",
                strategies=("Default",),
                sdk_version="node-sdk-next:1",
                received_at=store_clock.now,
            ),
        )
        store_clock.now = NOW + timedelta(minutes=2)
        toggles = {"t": ToggleCounts(0, 1), "u": ToggleCounts(1, 1)}
        await add(store, usage_report(toggles, app_name="Cart", received_at=store_clock.now))
        store_clock.now = NOW

    return filled(beginning, report)


async def names(store: Store, filter: ApplicationFilter) -> list[str]:
    async with store.read() as session:
        page = await list_applications(session, filter, "name", False, TEN)
        assert await count_applications(session, filter) == len(page.items)
    return [application.name for application in page.items]


async def one_by_one(store: Store, order: ApplicationOrder, *, descending: bool) -> list[str]:
    found: list[str] = []
    window = Window(1)
    more = True
    async with store.read() as session:
        while more:
            page = await list_applications(session, EVERYTHING, order, descending, window)
            found.append(page.items[0].name)
            window = Window(1, after=application_position(page.items[0], order))
            more = page.has_next
    return found


FILTERS: list[tuple[ApplicationFilter, list[str]]] = [
    (EVERYTHING, ["Cart", "a_shop", "blog"]),
    (ApplicationFilter(search="A"), ["Cart", "a_shop"]),
    (ApplicationFilter(search="_"), ["a_shop"]),
    (ApplicationFilter(search="%"), []),
    (ApplicationFilter(names=["blog", "nobody"]), ["blog"]),
    (ApplicationFilter(environments=["staging"]), ["blog"]),
    (ApplicationFilter(environments=["default", "staging"]), ["Cart", "a_shop", "blog"]),
    (ApplicationFilter(strategies=["default"]), ["a_shop"]),
    (ApplicationFilter(strategies=['say "hi"', "Default"]), ["a_shop", "blog"]),
    (ApplicationFilter(strategies=["fault"]), []),
    (ApplicationFilter(strategies=[]), []),
    (ApplicationFilter(toggles=["u"]), ["Cart"]),
    (ApplicationFilter(toggles=["u", "t"]), ["Cart", "a_shop"]),
    (ApplicationFilter(sdks=["node-sdk"]), ["a_shop"]),
    (ApplicationFilter(sdks=["node-sdk:6.1.0", "node-sdk-next"]), ["a_shop", "blog"]),
    (ApplicationFilter(last_seen_from=NOW + timedelta(minutes=1)), ["Cart", "blog"]),
    (ApplicationFilter(last_seen_to=NOW + timedelta(minutes=1)), ["a_shop", "blog"]),
    (ApplicationFilter(search="a", toggles=["t"], environments=["staging"]), []),
]


async def test_filters(store: Store) -> None:
    found = [(filter, await names(store, filter)) for filter, _ in FILTERS]

    assert found == FILTERS


async def test_applications_are_paged_in_any_order(store: Store) -> None:
    by_name, by_time = ["Cart", "a_shop", "blog"], ["a_shop", "blog", "Cart"]

    assert await one_by_one(store, "name", descending=False) == by_name
    assert await one_by_one(store, "name", descending=True) == by_name[::-1]
    assert await one_by_one(store, "created_at", descending=False) == by_time
    assert await one_by_one(store, "created_at", descending=True) == by_time[::-1]
    assert await one_by_one(store, "last_seen_at", descending=False) == by_time
    assert await one_by_one(store, "last_seen_at", descending=True) == by_time[::-1]


async def test_an_application_that_only_reports_usage_is_not_registered(store: Store) -> None:
    async with store.read() as session:
        cart = await application_by_name(session, "Cart")
        blog = await application_by_name(session, "blog")
        nobody = await application_by_name(session, "nobody")

    assert cart is not None
    assert (cart.registered_at, cart.strategies, cart.metrics_count) == (None, (), 3)
    assert blog is not None
    assert (blog.registered_at, blog.strategies) == (NOW + timedelta(minutes=1), ("Default",))
    assert (blog.created_by, blog.description, blog.url) == ("10.0.0.1", "", None)
    assert nobody is None


async def test_instances_are_listed_latest_report_first(store: Store, clock: Clock) -> None:
    clock.now += timedelta(minutes=2)
    for number in range(3):
        clock.now += timedelta(minutes=1)
        report = usage_report(
            app_name="blog", instance_id=f"i-{number}", received_at=clock.now, stop=clock.now
        )
        await add(store, report)
    lately, in_staging = InstanceFilter(seen_since=clock.now), InstanceFilter(environment="staging")

    async with store.read() as session:

        async def listed(filter: InstanceFilter, window: Window) -> Page[ApplicationInstance]:
            return (await list_instances(session, ["blog"], filter, window))["blog"]

        first = await listed(ALL_INSTANCES, Window(2))
        last = instance_position(first.items[1])
        rest = await listed(ALL_INSTANCES, Window(2, after=last))
        recent = await listed(lately, TEN)
        staging = await listed(in_staging, TEN)
        counts = (
            await count_all_instances(session, ALL_INSTANCES),
            await count_all_instances(session, lately),
            await count_instances(session, ["blog", "Cart", "nobody"], ALL_INSTANCES),
            await count_instances(session, ["blog"], in_staging),
        )
        by_id = await instances_by_id(session, [first.items[0].id, "unknown"])

    assert [instance.instance_id for instance in first.items] == ["i-2", "i-1"]
    assert [instance.instance_id for instance in rest.items] == ["i-0", "default"]
    assert [instance.instance_id for instance in recent.items] == ["i-2"]
    assert [instance.instance_id for instance in staging.items] == ["default"]
    assert counts == (7, 1, {"blog": 4, "Cart": 1, "nobody": 0}, {"blog": 1})
    assert by_id == {first.items[0].id: first.items[0]}


async def test_usages_are_listed_newest_report_first(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="t")

    async with store.read() as session:

        async def listed(
            names: list[str], parent: UsageParent, **fields: Any
        ) -> dict[str, list[tuple[str, str]]]:
            filter = UsageFilter(**fields)
            pages = await list_usages(session, names, parent, filter, TEN)
            counts = await count_usages(session, names, parent, filter)
            assert counts == {name: len(page.items) for name, page in pages.items()}
            return {
                name: [(usage.app_name, usage.toggle_name) for usage in page.items]
                for name, page in pages.items()
            }

        of_u, of_t = ("Cart", "u"), ("Cart", "t")
        late = NOW + timedelta(minutes=2)
        assert await listed(["t"], "toggle_name") == {"t": [of_t, ("a_shop", "t")]}
        assert await listed(["Cart"], "app_name") == {"Cart": [of_u, of_t]}
        assert await listed(["u", "t", "x"], "toggle_name") == {
            "u": [of_u],
            "t": [of_t, ("a_shop", "t")],
            "x": [],
        }
        assert await listed(["t", "u"], "toggle_name", environment="staging") == {"t": [], "u": []}
        assert await listed(["t"], "toggle_name", seen_since=late) == {"t": [of_t]}
        assert await listed(["Cart"], "app_name", unknown=True) == {"Cart": [of_u]}
        assert await listed(["Cart", "a_shop"], "app_name", unknown=False) == {
            "Cart": [of_t],
            "a_shop": [("a_shop", "t")],
        }


@pytest.mark.parametrize("others", [[], ["a_shop", "nobody"]])
async def test_a_page_of_usages_does_not_depend_on_the_other_parents(
    store: Store, others: list[str]
) -> None:
    names = ["Cart", *others]
    async with store.read() as session:
        pages = await list_usages(session, names, "app_name", UsageFilter(), Window(1))
        first = pages["Cart"]
        after = usage_position(first.items[0])
        pages = await list_usages(session, names, "app_name", UsageFilter(), Window(1, after=after))
        second = pages["Cart"]
        before = usage_position(second.items[0])
        window = Window(1, before=before, from_end=True)
        back = (await list_usages(session, names, "app_name", UsageFilter(), window))["Cart"]

    assert [
        (page.items[0].toggle_name, page.has_next, page.has_previous)
        for page in (first, second, back)
    ] == [("u", True, False), ("t", False, True), ("u", True, False)]


async def test_environments_and_sdks_come_for_many_applications_at_once(store: Store) -> None:
    await add(
        store,
        usage_report(app_name="blog", sdk_version="node-sdk-next:1"),
        usage_report(app_name="blog", sdk_version="node-sdk-next:2", instance_id="i-2"),
        usage_report(app_name="blog", sdk_version="node-sdk-next:2", instance_id="i-3"),
    )
    app_names = ["a_shop", "blog", "Cart", "nobody"]

    async with store.read() as session:
        environments = await environments_of(session, app_names)
        sdks = await live_sdks(session, app_names, NOW)
        late = await live_sdks(session, app_names, NOW + timedelta(hours=1))

    assert environments == {
        "a_shop": ["default"],
        "blog": ["default", "staging"],
        "Cart": ["default"],
    }
    assert sdks == {
        "a_shop": [("node-sdk:6.1.0", 1)],
        "blog": [("node-sdk-next:1", 2), ("node-sdk-next:2", 2)],
    }
    assert late == {}


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("unleash-node-sdk:6.1.0", "unleash-node-sdk", "6.1.0"),
        ("homemade", "homemade", None),
        ("homemade:", "homemade", None),
        (":1", ":1", None),
        ("a:b:1", "a:b", "1"),
    ],
)
def test_an_sdk_is_a_name_and_a_version(text: str, name: str, version: str | None) -> None:
    assert split_sdk(text) == (name, version)
