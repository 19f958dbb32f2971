"""Describing and deleting applications."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from store import Store
from store.aggregates import table_of
from store.events import EventType, SubjectKind
from store.model import SYSTEM
from store.operations.applications import delete_application, update_application
from store.rows import ApplicationInstanceRow
from store.usage.applications import Application, application_by_name
from store.usage.reports import ToggleCounts
from store.usage.summary import UsageSummary
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused
from tests.store.usage.reporting import (
    BUCKET,
    NOW,
    USAGE,
    VARIANT_BUCKET,
    Clock,
    count,
    registration_report,
    rows,
    usage_report,
)

INSTANCE = table_of(ApplicationInstanceRow)


LATER = NOW + timedelta(minutes=5)


async def report(store: Store) -> None:
    """Report usage. `shop` and `blog` report `shared`, and each application reports another
    name.
    """
    counts = ToggleCounts(3, 1, {"red": 2})
    await store.journal.add(
        registration_report(app_name="shop"),
        usage_report({"shared": counts, "of-blog": counts}, app_name="blog", instance_id="b"),
        usage_report(
            {"shared": counts, "of-shop": counts}, app_name="shop", stop=LATER, received_at=LATER
        ),
    )
    await store.aggregate_now()


@pytest.fixture(scope="module")
def store_clock() -> Clock:
    """A clock that is stopped at the time of the last report."""
    return Clock(LATER)


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the reports of `report`."""
    return filled(beginning, report)


async def application(store: Store, name: str) -> Application | None:
    async with store.read() as session:
        return await application_by_name(session, name)


async def read_anew(store: Store) -> UsageSummary:
    summary = UsageSummary()
    async with store.read() as session:
        await summary.load(session)
    return summary


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "Sells\nthings"},
        {"url": "https://shop.example:8080/a?b#c"},
        {"url": "HTTP://[::1]/"},
        {"icon": "cart"},
    ],
)
async def test_an_application_is_described_in_the_fields_given(
    store: Store, fields: dict[str, Any]
):
    before = await application(store, "shop")
    assert before is not None

    after = await carry_out(store, update_application, "shop", **fields)

    event = await last_event(store)
    assert after == await application(store, "shop")
    assert after == structs.replace(before, **fields, updated_at=event.created_at)
    assert event.type is EventType.APPLICATION_UPDATED
    assert event.summary == "Changed application 'shop'."
    assert (event.subject_kind, event.subject_key) == (SubjectKind.APPLICATION, "shop")
    assert (event.before, event.after) == (document(before), document(after))


async def test_what_was_said_is_taken_back(store: Store):
    await carry_out(store, update_application, "shop", url="https://shop.example", icon="cart")

    after = await carry_out(store, update_application, "shop", url=None, icon=None)

    assert (after.url, after.icon) == (None, None)


@pytest.mark.parametrize("fields", [{}, {"description": "", "url": None, "icon": ""}])
async def test_a_description_that_changes_nothing_is_no_event(store: Store, fields: dict[str, Any]):
    before, events = await application(store, "shop"), len(await log(store))

    after = await carry_out(store, update_application, "shop", **fields)

    assert after == before == await application(store, "shop")
    assert len(await log(store)) == events


async def test_every_error_is_reported_at_once_and_nothing_stored(store: Store):
    before = await application(store, "shop")

    problems = await error_paths(
        store,
        update_application,
        "shop",
        description="\x00",
        url="javascript:alert(1)",
        icon="x" * 101,
    )

    assert problems == [
        ("text-characters", ("description",)),
        ("web-address", ("url",)),
        ("text-length", ("icon",)),
    ]
    assert await application(store, "shop") == before


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("shop.example", "web-address"),
        ("//shop.example", "web-address"),
        ("https://", "web-address"),
        ("https:///path", "web-address"),
        ("https://a:b", "web-address"),
        ("https://[::1", "web-address"),
        ("https://shop.example/a b", "web-address"),
        ("https://shop.example/\n", "text-characters"),
        ("https://shop.example/" + "x" * 2_000, "text-length"),
    ],
)
async def test_an_address_is_one_of_the_web(store: Store, url: str, rule: str):
    assert await error_paths(store, update_application, "shop", url=url) == [(rule, ("url",))]


@pytest.mark.parametrize("operation", [update_application, delete_application])
async def test_an_unknown_application_is_not_found(store: Store, operation: Any):
    [error] = await refused(store, operation, "no")

    assert error.message == "No application is named 'no'."
    assert (error.code, error.path) == ("NOT_FOUND", ("name",))


async def test_an_application_is_forgotten_with_its_instances_and_usages(store: Store):
    before = await application(store, "shop")

    deleted = await carry_out(store, delete_application, "shop")

    event = await last_event(store)
    assert deleted == before
    assert await application(store, "shop") is None
    assert await application(store, "blog") is not None
    assert await rows(store, INSTANCE, "app_name") == [("blog",)]
    assert await rows(store, USAGE, "app_name", "toggle_name") == [
        ("blog", "of-blog"),
        ("blog", "shared"),
    ]
    assert event.type is EventType.APPLICATION_DELETED
    assert event.summary == "Forgot application 'shop'."
    assert (event.before, event.after) == (document(deleted), None)


async def test_the_metrics_of_its_toggles_stay(store: Store):
    before = await count(store, BUCKET), await count(store, VARIANT_BUCKET)

    await carry_out(store, delete_application, "shop")

    assert (await count(store, BUCKET), await count(store, VARIANT_BUCKET)) == before


async def test_the_summary_in_memory_forgets_the_application_as_the_table_does(store: Store):
    assert store.usage.last_seen_at("shared") == LATER

    await carry_out(store, delete_application, "shop")

    table = await read_anew(store)
    assert store.usage.names() == table.names() == {"shared", "of-blog"}
    assert store.usage.of("shared", "default") == table.of("shared", "default")
    assert store.usage.last_seen_at("shared") == NOW
    assert store.usage.applications("shared") == {"blog"}
    assert store.usage.names_of("shop") == set()
    assert store.usage.names_of("blog") == {"shared", "of-blog"}


async def test_several_applications_are_forgotten_at_once(store: Store):
    async with store.write(SYSTEM) as work:
        await delete_application(work, "shop")
        await delete_application(work, "blog")

    assert store.usage.names() == set()
    assert store.usage.last_seen_at("shared") is None


async def test_the_summary_stays_unchanged_until_the_application_is_really_gone(store: Store):
    async with store.write(SYSTEM, dry_run=True) as work:
        await delete_application(work, "shop")

    assert await application(store, "shop") is not None
    assert store.usage.applications("shared") == {"shop", "blog"}


async def test_a_forgotten_application_is_known_again_once_it_reports(store: Store):
    await carry_out(store, delete_application, "shop")

    await store.journal.add(usage_report({"shared": ToggleCounts(1, 0)}, app_name="shop"))
    await store.aggregate_now()

    again = await application(store, "shop")
    assert again is not None
    assert (again.registered_at, again.metrics_count) == (None, 1)
    assert store.usage.applications("shared") == {"shop", "blog"}
