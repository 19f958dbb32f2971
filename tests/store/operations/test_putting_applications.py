"""Describing applications over REST, which creates missing applications."""

from typing import Any

import pytest

from store import Store
from store.events import EventType
from store.operations import applications
from store.operations.applications import put_application
from store.operations.limits import MAX_ITEMS
from store.usage.applications import Application, application_by_name
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log
from tests.store.usage.reporting import registration_report, usage_report


async def application(store: Store, name: str) -> Application | None:
    async with store.read() as session:
        return await application_by_name(session, name)


async def test_one_that_is_not_known_is_registered_by_nobody(store: Store) -> None:
    made = await carry_out(
        store,
        put_application,
        "shop",
        description="Sells",
        url="shop.internal",
        icon="cart",
        color="red",
        strategies=["default", "mine", "default"],
    )

    event = await last_event(store)
    assert made == await application(store, "shop")
    assert (made.description, made.url, made.icon, made.color) == (
        "Sells",
        "shop.internal",
        "cart",
        "red",
    )
    assert made.strategies == ("default", "mine")
    assert (made.registered_at, made.created_by) == (made.created_at, None)
    assert (event.type, event.before, event.after) == (
        EventType.APPLICATION_CREATED,
        None,
        document(made),
    )
    assert event.wire_data["appName"] == "shop"


async def test_one_that_only_reported_is_registered_and_keeps_its_counts(store: Store) -> None:
    await store.journal.add(usage_report())
    await store.aggregate_now()

    await carry_out(store, put_application, "shop")

    found = await application(store, "shop")
    event = await last_event(store)
    assert found is not None
    assert found.registered_at is not None
    assert found.metrics_count == 4
    assert event.type is EventType.APPLICATION_CREATED
    assert event.before["registeredAt"] is None


async def test_one_that_registered_changes_in_the_fields_given(store: Store) -> None:
    await store.journal.add(registration_report())
    await store.aggregate_now()
    before = await application(store, "shop")

    await carry_out(store, put_application, "shop", color="blue")

    found = await application(store, "shop")
    event = await last_event(store)
    assert before is not None
    assert found is not None
    assert (found.color, found.strategies) == ("blue", before.strategies)
    assert (found.registered_at, found.created_by) == (before.registered_at, "10.0.0.1")
    assert (event.type, event.after["color"]) == (EventType.APPLICATION_UPDATED, "blue")


async def test_to_say_what_is_known_changes_nothing(store: Store) -> None:
    await carry_out(store, put_application, "shop", description="Sells", strategies=["a"])
    events = await log(store)

    await carry_out(store, put_application, "shop", description="Sells", url=None, strategies=["a"])

    assert await log(store) == events


async def test_a_registration_later_on_says_what_it_implements(store: Store) -> None:
    await carry_out(store, put_application, "shop", description="Sells", strategies=["a"])
    await store.journal.add(registration_report())
    await store.aggregate_now()

    found = await application(store, "shop")

    assert found is not None
    assert (found.description, found.strategies) == ("Sells", ("default", "flexibleRollout"))


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("", {}, [("text-length", ("name",))]),
        ("x" * 256, {}, [("text-length", ("name",))]),
        ("two\nlines", {}, [("text-characters", ("name",))]),
        ("shop", {"description": "a\x00b"}, [("text-characters", ("description",))]),
        ("shop", {"url": "x" * 2_001}, [("text-length", ("url",))]),
        ("shop", {"icon": "a\nb"}, [("text-characters", ("icon",))]),
        (
            "shop",
            {"color": "x" * 101, "strategies": ["fine", "x" * 256]},
            [("text-length", ("color",)), ("text-length", ("strategies", "1"))],
        ),
        (
            "shop",
            {"strategies": [str(number) for number in range(MAX_ITEMS + 1)]},
            [("LIMIT_EXCEEDED", ("strategies",))],
        ),
    ],
)
async def test_values_that_cannot_be_stored_are_refused(
    store: Store, name: str, fields: dict[str, Any], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert await error_paths(store, put_application, name, **fields) == expected
    assert await application(store, name) is None


async def test_no_more_are_created_than_the_limit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "MAX_APPLICATIONS", 1)
    await carry_out(store, put_application, "shop")

    refusals = await error_paths(store, put_application, "blog")
    await carry_out(store, put_application, "shop", color="red")

    assert refusals == [("LIMIT_EXCEEDED", ("name",))]
