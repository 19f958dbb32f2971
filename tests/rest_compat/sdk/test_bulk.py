"""`POST /api/client/metrics/bulk`: the reports of a proxy for many instances."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from rest_compat.http.errors import BadDataError, ValidationError
from rest_compat.sdk.bodies import Origin
from rest_compat.sdk.bulk import bulk_of
from store import Store
from store.usage.applications import application_by_name, applications_by_name
from store.usage.instances import ApplicationInstance
from store.usage.reports import MAX_COUNT, RegistrationReport, ToggleCounts, UsageReport
from store.usage.toggle_usages import ToggleUsage
from tests.rest_compat.conftest import MakeClient, MakeToken, create
from tests.store.stored import stored_instances, stored_usages

ORIGIN = Origin(
    environment="default",
    received_at=datetime(2026, 1, 1, 10, 1, tzinfo=UTC),
    client_ip="10.0.0.9",
    sdk_version="unleash-edge:20.0.0",
    interval_ms=15_000,
)
PATH = "/api/client/metrics/bulk"
APPLICATION: dict[str, Any] = {
    "appName": "shop",
    "instanceId": "i-1",
    "connectVia": [{"appName": "edge", "instanceId": "e-1"}],
    "sdkVersion": "unleash-java-sdk:9.0.0",
    "strategies": ["default"],
    "started": "2026-01-01T10:00:00.000Z",
    "interval": 10,
    "environment": "default",
}
METRIC: dict[str, Any] = {
    "featureName": "cart",
    "appName": "shop",
    "environment": "default",
    "timestamp": "2026-01-01T10:00:00.000Z",
    "yes": 5,
    "no": 1,
    "variants": {"red": 5},
}


def body_of(applications: object = (), metrics: object = (), **others: object) -> dict[str, object]:
    listed = {"applications": applications, "metrics": metrics}
    return {
        **{key: list(item) if isinstance(item, tuple) else item for key, item in listed.items()},
        **others,
    }


def usages_of(*metrics: dict[str, Any]) -> list[UsageReport]:
    """Return the usage reports in a body."""
    reports = bulk_of(body_of(metrics=metrics), ORIGIN)
    return [report for report in reports if isinstance(report, UsageReport)]


async def stored(store: Store) -> tuple[list[ApplicationInstance], list[ToggleUsage]]:
    """All instances and all usages."""
    await store.aggregate_now()
    return await stored_instances(store), await stored_usages(store)


async def test_registrations_and_counts_are_stored_at_once(
    client: httpx.AsyncClient, store: Store
) -> None:
    answer = await client.post(PATH, json=body_of((APPLICATION,), (METRIC,)))

    (instance,), (usage,) = await stored(store)
    async with store.read() as session:
        application = await application_by_name(session, "shop")
    assert (answer.status_code, answer.content) == (202, b"")
    assert (instance.app_name, instance.instance_id) == ("shop", "i-1")
    assert (instance.sdk_version, instance.interval_ms) == ("unleash-java-sdk:9.0.0", 10_000)
    assert (usage.toggle_name, usage.app_name, usage.yes, usage.no) == ("cart", "shop", 5, 1)
    assert application is not None
    assert (application.strategies, application.metrics_count) == (("default",), 11)
    assert application.registered_at is not None


async def test_what_is_of_another_environment_is_passed_over(
    make_client: MakeClient, make_token: MakeToken, store: Store
) -> None:
    client = make_client(await make_token(environment="staging"))
    mine = {"environment": "staging"}

    answer = await client.post(
        PATH,
        json=body_of(
            (APPLICATION, {**APPLICATION, "instanceId": "mine", **mine}),
            (METRIC, {**METRIC, "featureName": "mine", **mine}),
        ),
    )

    instances, usages = await stored(store)
    assert answer.status_code == 202
    assert [(instance.instance_id, instance.environment) for instance in instances] == [
        ("mine", "staging")
    ]
    assert [(usage.toggle_name, usage.environment) for usage in usages] == [("mine", "staging")]


async def test_empty_lists_are_fine(client: httpx.AsyncClient, store: Store) -> None:
    answer = await client.post(PATH, json=body_of())

    assert (answer.status_code, answer.content) == (202, b"")
    assert await stored(store) == ([], [])


async def test_the_same_body_again_counts_again(client: httpx.AsyncClient, store: Store) -> None:
    for _ in range(2):
        await client.post(PATH, json=body_of((), (METRIC,)))

    _, (usage,) = await stored(store)
    assert (usage.yes, usage.no) == (10, 2)


def test_counts_are_one_report_for_each_application_and_time() -> None:
    later = {"timestamp": 1767261720000}

    reports = usages_of(
        METRIC,
        {**METRIC, "yes": 2, "no": 0, "variants": {"red": 1, "blue": 1}},
        {**METRIC, "featureName": "basket"},
        {**METRIC, **later},
        {**METRIC, "appName": "blog"},
    )

    counts = ToggleCounts(5, 1, {"red": 5})
    assert [(report.app_name, report.stop.minute, report.toggles) for report in reports] == [
        ("shop", 0, {"cart": ToggleCounts(7, 1, {"red": 6, "blue": 1}), "basket": counts}),
        ("shop", 2, {"cart": counts}),
        ("blog", 0, {"cart": counts}),
    ]
    assert {(report.instance_id, report.receipt, report.environment) for report in reports} == {
        (None, None, "default")
    }


def test_counts_of_one_toggle_add_up_to_a_limit() -> None:
    (report,) = usages_of({**METRIC, "yes": 2**62}, {**METRIC, "no": 2**62})

    assert report.toggles["cart"] == ToggleCounts(MAX_COUNT, MAX_COUNT, {"red": 10})


def test_what_is_left_out_has_defaults() -> None:
    (report,) = usages_of({"featureName": "cart", "appName": "shop"})
    (registration,) = bulk_of(body_of(({"appName": "shop"},)), ORIGIN)

    assert (report.stop, report.toggles) == (ORIGIN.received_at, {"cart": ToggleCounts()})
    assert isinstance(registration, RegistrationReport)
    assert (registration.instance_id, registration.strategies) == ("default", ())
    assert (registration.started_at, registration.environment) == (None, "default")


def test_headers_describe_only_the_proxy() -> None:
    (registration,) = bulk_of(body_of(({"appName": "shop", "instanceId": "i"},)), ORIGIN)

    assert (registration.sdk_version, registration.interval_ms) == (None, None)
    assert registration.client_ip == "10.0.0.9"


@pytest.mark.parametrize("name", ["x" * 256, "two\nlines"])
def test_names_that_cannot_be_stored_do_not_spoil_the_rest(name: str) -> None:
    reports = bulk_of(
        body_of(
            ({**APPLICATION, "appName": name}, APPLICATION),
            ({**METRIC, "appName": name}, METRIC),
        ),
        ORIGIN,
    )

    assert [report.app_name for report in reports] == ["shop", "shop"]


def test_names_of_toggles_that_are_too_long_are_dropped() -> None:
    (report,) = usages_of({**METRIC, "featureName": "x" * 256}, METRIC)

    assert list(report.toggles) == ["cart"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/body/applications"),
        ({"metrics": []}, "/body/applications"),
        ({"applications": []}, "/body/metrics"),
        (body_of(({"instanceId": "i"},)), "/body/applications/0/appName"),
        (body_of((), ({"featureName": "cart"},)), "/body/metrics/0/appName"),
        (body_of((), (METRIC, {"appName": "shop"})), "/body/metrics/1/featureName"),
    ],
)
async def test_a_missing_key_is_refused_by_its_path(
    client: httpx.AsyncClient, store: Store, body: dict[str, Any], path: str
) -> None:
    answer = await client.post(PATH, json=body)

    assert (answer.status_code, answer.json()["name"]) == (400, "BadDataError")
    assert [detail["path"] for detail in answer.json()["details"]] == [path]
    assert await stored(store) == ([], [])


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], "/body"),
        (body_of(metrics={}), "/body/metrics"),
        (body_of(applications=None), "/body/applications"),
        (body_of(("shop",)), "/body/applications/0"),
        (body_of((), (5,)), "/body/metrics/0"),
        (body_of(({**APPLICATION, "appName": ""},)), "/body/applications/0/appName"),
        (body_of(({**APPLICATION, "appName": {}},)), "/body/applications/0/appName"),
        (body_of(({**APPLICATION, "instanceId": []},)), "/body/applications/0/instanceId"),
        (body_of(({**APPLICATION, "strategies": "x"},)), "/body/applications/0/strategies"),
        (body_of(({**APPLICATION, "started": "soon"},)), "/body/applications/0/started"),
        (body_of(({**APPLICATION, "interval": "soon"},)), "/body/applications/0/interval"),
        (body_of(({**APPLICATION, "platformName": []},)), "/body/applications/0/platformName"),
        (body_of((), ({**METRIC, "featureName": None},)), "/body/metrics/0/featureName"),
        (body_of((), ({**METRIC, "timestamp": "soon"},)), "/body/metrics/0/timestamp"),
        (body_of((), (METRIC, {**METRIC, "yes": -1})), "/body/metrics/1/yes"),
        (body_of((), ({**METRIC, "no": "many"},)), "/body/metrics/0/no"),
        (body_of((), ({**METRIC, "variants": []},)), "/body/metrics/0/variants"),
        (body_of((), ({**METRIC, "variants": {"a/b": -1}},)), "/body/metrics/0/variants/a~1b"),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused_by_its_path(body: Any, path: str) -> None:
    with pytest.raises(BadDataError) as refusal:
        bulk_of(body, ORIGIN)

    assert isinstance(refusal.value, ValidationError)
    assert [detail.path for detail in refusal.value.details] == [path]


async def test_one_error_rejects_everything(client: httpx.AsyncClient, store: Store) -> None:
    answer = await client.post(PATH, json=body_of((APPLICATION,), (METRIC, {**METRIC, "no": -1})))

    assert answer.status_code == 400
    assert await stored(store) == ([], [])


async def test_counts_of_a_toggle_that_exists_make_the_application_known(
    client: httpx.AsyncClient, store: Store
) -> None:
    await create(store, "cart")
    strange = METRIC | {"appName": "strange", "featureName": "no-such-toggle"}

    await client.post(PATH, json=body_of((), (METRIC, strange)))

    await store.aggregate_now()
    async with store.read() as session:
        found = await applications_by_name(session, ["shop", "strange"])
    assert {name: item.registered_at is not None for name, item in found.items()} == {
        "shop": True,
        "strange": False,
    }
