"""Registrations, and the event that the first registration records in the audit log."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.model import SYSTEM
from store.operations.toggles import create_toggle
from store.rows import EventRow
from store.usage.applications import Application, application_by_name
from store.usage.instances import ApplicationInstance
from store.usage.registration import register_applications
from store.usage.reports import ToggleCounts
from tests.store.stored import stored_instances
from tests.store.usage.reporting import (
    NOW,
    Clock,
    registration_report,
    rows,
    usage_report,
)

EVENT = table_of(EventRow)


async def application(store: Store, name: str = "shop") -> Application:
    async with store.read() as session:
        found = await application_by_name(session, name)
    assert found is not None
    return found


async def only_instance(store: Store) -> ApplicationInstance:
    (instance,) = await stored_instances(store)
    return instance


async def test_the_first_registration_is_an_event_and_the_next_ones_are_not(
    store: Store, clock: Clock
) -> None:
    await store.journal.add(registration_report())
    await store.journal.add(registration_report(instance_id="i-2", client_ip="10.0.0.2"))
    await store.aggregate_now()
    clock.now += timedelta(minutes=1)
    await store.journal.add(registration_report(received_at=clock.now))

    await store.aggregate_now()

    assert await rows(store, EVENT, "type", "wire_type", "actor_name", "subject_name") == [
        ("APPLICATION_CREATED", "application-created", "10.0.0.1", "shop")
    ]
    assert store.snapshot.revision == 1


async def test_the_event_shows_the_application_as_3x_lists_it(store: Store) -> None:
    await store.journal.add(registration_report())
    await store.aggregate_now()

    async with store.read() as session:
        event = (await session.execute(sa.select(EVENT))).one()

    assert event.wire_data == {
        "appName": "shop",
        "createdAt": "2026-05-04T12:30:15.000Z",
        "updatedAt": "2026-05-04T12:30:15.000Z",
        "description": None,
        "strategies": ["default", "flexibleRollout"],
        "createdBy": "10.0.0.1",
        "url": None,
        "color": None,
        "icon": None,
    }
    assert (event.before, event.subject_kind) == (None, "application")
    assert msgspec.convert(event.after, Application) == await application(store)


async def test_an_application_known_by_its_usage_registers_later(
    store: Store, clock: Clock
) -> None:
    await store.journal.add(usage_report())
    await store.aggregate_now()
    clock.now += timedelta(minutes=1)
    await store.journal.add(registration_report(received_at=clock.now))

    await store.aggregate_now()

    found = await application(store)
    assert (found.created_at, found.registered_at, found.updated_at) == (
        NOW,
        clock.now,
        clock.now,
    )
    assert (found.created_by, found.metrics_count) == ("10.0.0.1", 4)
    assert len(await rows(store, EVENT, "number")) == 1


async def test_the_last_report_decides_the_strategies(store: Store, clock: Clock) -> None:
    await store.journal.add(registration_report(strategies=("a", "b")))
    await store.aggregate_now()
    clock.now += timedelta(minutes=1)
    await store.journal.add(
        registration_report(strategies=("c",), client_ip="10.0.0.9", received_at=clock.now)
    )
    await store.journal.add(usage_report(received_at=clock.now))

    await store.aggregate_now()

    found = await application(store)
    assert found.strategies == ("c",)
    assert (found.updated_at, found.registered_at) == (clock.now, NOW)
    assert found.created_by == "10.0.0.1"


async def test_many_applications_register_at_once(store: Store) -> None:
    await store.journal.add(
        *(
            registration_report(app_name=f"app-{number}", client_ip=f"10.0.0.{number % 3}")
            for number in range(30)
        )
    )

    await store.aggregate_now()

    subjects = {name for (name,) in await rows(store, EVENT, "subject_name")}
    assert subjects == {f"app-{number}" for number in range(30)}
    assert store.snapshot.revision <= 30


async def test_later_reports_keep_the_details_of_a_registration(store: Store, clock: Clock) -> None:
    started_at = NOW - timedelta(minutes=5)
    await store.journal.add(
        registration_report(
            started_at=started_at,
            interval_ms=15_000,
            platform_name="CPython",
            platform_version="3.13",
            yggdrasil_version="1",
            spec_version="6.1.0",
        )
    )
    await store.aggregate_now()
    clock.now += timedelta(minutes=1)
    await store.journal.add(usage_report(connection_id="c", received_at=clock.now))

    await store.aggregate_now()

    instance = await only_instance(store)
    assert (instance.sdk_version, instance.platform_name, instance.platform_version) == (
        "unleash-node-sdk:6.1.0",
        "CPython",
        "3.13",
    )
    assert (instance.yggdrasil_version, instance.spec_version) == ("1", "6.1.0")
    assert (instance.interval_ms, instance.started_at) == (15_000, started_at)
    assert (instance.connection_id, instance.client_ip) == ("c", "10.0.0.1")
    assert (instance.created_at, instance.last_seen_at) == (NOW, clock.now)


async def test_last_seen_at_is_written_at_most_once_a_minute(store: Store, clock: Clock) -> None:
    async def seen_after(seconds: int, spec_version: str = "5.2.0") -> tuple[int, int]:
        clock.now = NOW + timedelta(seconds=seconds)
        report = registration_report(spec_version=spec_version, received_at=clock.now)
        await store.journal.add(report, report, report)
        await store.aggregate_now()
        seen = ((await application(store)).last_seen_at, (await only_instance(store)).last_seen_at)
        return seconds_from_now(seen[0]), seconds_from_now(seen[1])

    def seconds_from_now(at: datetime) -> int:
        return int((at - NOW).total_seconds())

    assert await seen_after(0) == (0, 0)
    assert await seen_after(1) == (0, 0)
    assert await seen_after(59) == (0, 0)
    assert await seen_after(60) == (60, 60)
    assert await seen_after(70, "5.2.2") == (60, 70)  # new names are written at once


async def test_an_application_that_another_process_has_registered_is_skipped(
    store: Store, clock: Clock
) -> None:
    await store.journal.add(registration_report())
    await store.aggregate_now()
    before = await application(store)

    again = registration_report(client_ip="10.0.0.9", strategies=())
    await register_applications(store.write, [again])

    assert await application(store) == before
    assert await rows(store, EVENT, "actor_name") == [("10.0.0.1",)]


async def test_a_registration_without_an_address_has_an_unknown_actor(store: Store) -> None:
    await store.journal.add(registration_report(client_ip=None))

    await store.aggregate_now()

    assert await rows(store, EVENT, "actor_name") == [("unknown",)]
    assert (await application(store)).created_by is None


async def test_usage_registers_an_application_only_for_an_existing_toggle(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="t")
    unknown = {"nothing": ToggleCounts(1, 0)}

    await store.journal.add(usage_report(app_name="plain"))
    await store.journal.add(usage_report(unknown, app_name="strange", registers=True))
    await store.journal.add(usage_report(app_name="web", registers=True, client_ip="10.0.0.3"))
    await store.aggregate_now()

    assert (await application(store, "plain")).registered_at is None
    assert (await application(store, "strange")).registered_at is None
    web = await application(store, "web")
    assert (web.registered_at, web.strategies, web.created_by) == (NOW, (), "10.0.0.3")


async def test_a_registration_wins_over_earlier_usage(store: Store) -> None:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="t")

    await store.journal.add(usage_report(registers=True))
    await store.journal.add(registration_report())
    await store.aggregate_now()

    events = [
        event for event in await rows(store, EVENT, "type") if event == ("APPLICATION_CREATED",)
    ]
    assert len(events) == 1
    assert (await application(store)).strategies == ("default", "flexibleRollout")
    assert (await application(store)).created_by == "10.0.0.1"
