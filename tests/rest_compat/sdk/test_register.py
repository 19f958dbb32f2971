"""`POST /api/client/register`: which registrations are accepted, and their stored data."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from msgspec import structs

from rest_compat.app import RestConfig, rest_app
from rest_compat.http.errors import ValidationError
from rest_compat.sdk.bodies import Origin, registration_of
from store import Store
from store.usage.applications import Application, application_by_name
from store.usage.instances import ApplicationInstance
from tests.rest_compat.conftest import MakeClient, MakeToken, elsewhere
from tests.store.stored import stored_instances

ORIGIN = Origin(environment="default", received_at=datetime(2026, 1, 1, 10, 1, tzinfo=UTC))
PATH = "/api/client/register"
BODY: dict[str, Any] = {
    "appName": "shop",
    "instanceId": "i-1",
    "sdkVersion": "unleash-client-node:6.1.0",
    "strategies": ["default", "flexibleRollout"],
    "started": "2026-01-01T10:00:00.000Z",
    "interval": 15000,
}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in BODY.items() if name != key}


async def stored(store: Store) -> tuple[Application, ApplicationInstance]:
    """The only registered application, and its only instance."""
    await store.aggregate_now()
    (instance,) = await stored_instances(store)
    async with store.read() as session:
        application = await application_by_name(session, instance.app_name)
    assert application is not None
    return application, instance


async def test_a_registration_is_stored_as_it_was_sent(
    make_client: MakeClient, make_token: MakeToken, store: Store
) -> None:
    client = make_client(await make_token(environment="staging"))

    answer = await client.post(
        PATH,
        json={
            **BODY,
            "platformName": "node",
            "platformVersion": "22.1.0",
            "yggdrasilVersion": "0.17.0",
            "specVersion": "5.2.2",
            "connectionId": "1d3f6cf1-6f4d-4f0b-9c33-9e1a8ae5a001",
            "environment": "default",
            "colour": {"unknown": ["keys", "are", "fine"]},
        },
    )

    application, instance = await stored(store)
    assert (answer.status_code, answer.content) == (202, b"")
    assert application.registered_at is not None
    assert application.strategies == ("default", "flexibleRollout")
    assert application.created_by == instance.client_ip == "127.0.0.1"
    assert (instance.app_name, instance.instance_id, instance.environment) == (
        "shop",
        "i-1",
        "staging",
    )
    assert (instance.sdk_version, instance.interval_ms) == ("unleash-client-node:6.1.0", 15_000)
    assert (instance.platform_name, instance.platform_version) == ("node", "22.1.0")
    assert (instance.yggdrasil_version, instance.spec_version) == ("0.17.0", "5.2.2")
    assert instance.connection_id == "1d3f6cf1-6f4d-4f0b-9c33-9e1a8ae5a001"
    assert instance.started_at == datetime(2026, 1, 1, 10, tzinfo=UTC)


async def test_headers_fill_in_what_the_body_leaves_out(
    client: httpx.AsyncClient, store: Store
) -> None:
    await client.post(
        PATH,
        json=without("sdkVersion"),
        headers={
            "unleash-sdk": "unleash-node-sdk:6.1.0",
            "unleash-connection-id": "c-1",
            "Unleash-Client-Spec": "5.2.0",
            "unleash-interval": "20000",
        },
    )

    _, instance = await stored(store)
    assert instance.sdk_version == "unleash-node-sdk:6.1.0"
    assert (instance.connection_id, instance.spec_version) == ("c-1", "5.2.0")
    assert instance.interval_ms == 20_000


async def test_the_interval_that_node_calls_undefined_is_taken_from_the_body(
    client: httpx.AsyncClient, store: Store
) -> None:
    await client.post(PATH, json=BODY, headers={"unleash-interval": "undefined"})

    _, instance = await stored(store)
    assert instance.interval_ms == 15_000


@pytest.mark.parametrize(
    ("interval", "header", "expected"),
    [
        (10_000, None, 10_000),
        ("10000", None, 10_000),
        (60, None, 60_000),  # Python's SDK counts in seconds
        (10_000, 20_000, 20_000),
        (None, None, None),
        (1e15, None, 10**15),
        (-5, None, 0),
    ],
)
def test_intervals_are_milliseconds(
    interval: object, header: int | None, expected: int | None
) -> None:
    origin = structs.replace(ORIGIN, interval_ms=header)

    report = registration_of({**BODY, "interval": interval}, origin)

    assert report.interval_ms == expected


@pytest.mark.parametrize("body", [without("instanceId"), {**BODY, "instanceId": None}])
def test_an_instance_without_an_id_is_called_default(body: dict[str, Any]) -> None:
    assert registration_of(body, ORIGIN).instance_id == "default"


@pytest.mark.parametrize("config", [RestConfig(auth="none"), RestConfig(client_api="open")])
@pytest.mark.parametrize("instance_id", [None, "", "missing", "i-1"])
async def test_a_client_without_a_token_has_to_name_the_instance(
    make_client: MakeClient, store: Store, config: RestConfig, instance_id: str | None
) -> None:
    client = make_client(app=rest_app(store, config, elsewhere))
    named = {} if instance_id == "missing" else {"instanceId": instance_id}

    answer = await client.post(PATH, json={**without("instanceId"), **named})

    if instance_id == "i-1":
        assert answer.status_code == 202
    else:
        assert answer.status_code == 400
        assert [detail["path"] for detail in answer.json()["details"]] == ["/body/instanceId"]


async def test_a_client_with_a_token_need_not_name_the_instance(
    client: httpx.AsyncClient, store: Store
) -> None:
    answer = await client.post(PATH, json=without("instanceId"))

    _, instance = await stored(store)
    assert (answer.status_code, instance.instance_id) == (202, "default")


async def test_numbers_become_strings_and_null_says_nothing(
    client: httpx.AsyncClient, store: Store
) -> None:
    nothing = dict.fromkeys(["yggdrasilVersion", "specVersion", "connectionId", "started"])
    body = {**BODY, **nothing, "appName": 5, "instanceId": 1.5, "platformVersion": 22}

    answer = await client.post(PATH, json=body)

    application, instance = await stored(store)
    assert answer.status_code == 202
    assert (application.name, instance.instance_id, instance.platform_version) == ("5", "1.5", "22")
    assert (instance.yggdrasil_version, instance.started_at) == (None, None)


async def test_strategies_that_are_no_text_are_dropped(
    client: httpx.AsyncClient, store: Store
) -> None:
    strategies = [{"name": "x"}, "default", 5, None, "", "default", "custom", "x" * 256]

    answer = await client.post(PATH, json={**BODY, "strategies": strategies})

    application, _ = await stored(store)
    assert answer.status_code == 202
    assert application.strategies == ("default", "custom")


async def test_long_descriptions_are_cut_and_freed_of_control_characters(
    client: httpx.AsyncClient, store: Store
) -> None:
    body = {**BODY, "platformName": "x" * 300, "platformVersion": "a\r\nb\x1b[31m"}

    answer = await client.post(PATH, json=body)

    _, instance = await stored(store)
    assert answer.status_code == 202
    assert (instance.platform_name, instance.platform_version) == ("x" * 255, "ab[31m")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], "/body"),
        ("shop", "/body"),
        ({}, "/body/appName"),
        *((without(key), f"/body/{key}") for key in ("appName", "strategies", "started")),
        (without("interval"), "/body/interval"),
        ({**BODY, "appName": ""}, "/body/appName"),
        ({**BODY, "appName": None}, "/body/appName"),
        ({**BODY, "appName": True}, "/body/appName"),
        ({**BODY, "appName": {"name": "shop"}}, "/body/appName"),
        ({**BODY, "appName": "x" * 256}, "/body/appName"),
        ({**BODY, "appName": "two\nlines"}, "/body/appName"),
        ({**BODY, "instanceId": ["i"]}, "/body/instanceId"),
        ({**BODY, "instanceId": "x" * 256}, "/body/instanceId"),
        ({**BODY, "sdkVersion": ""}, "/body/sdkVersion"),
        ({**BODY, "sdkVersion": {}}, "/body/sdkVersion"),
        ({**BODY, "platformName": False}, "/body/platformName"),
        ({**BODY, "strategies": "default"}, "/body/strategies"),
        ({**BODY, "strategies": None}, "/body/strategies"),
        ({**BODY, "started": "yesterday"}, "/body/started"),
        ({**BODY, "started": True}, "/body/started"),
        ({**BODY, "interval": "soon"}, "/body/interval"),
        ({**BODY, "interval": []}, "/body/interval"),
        ({**BODY, "interval": 2**70}, "/body/interval"),
    ],
)
def test_a_bad_registration_is_refused_at_its_first_error(body: object, path: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        registration_of(body, ORIGIN)

    assert [detail.path for detail in refusal.value.details] == [path]


async def test_a_refused_registration_leaves_nothing(
    client: httpx.AsyncClient, store: Store
) -> None:
    answer = await client.post(PATH, json={**BODY, "interval": "soon"})

    await store.aggregate_now()
    instances = await stored_instances(store)
    assert answer.status_code == 400
    assert answer.json()["name"] == "ValidationError"
    assert answer.json()["details"] == [
        {"message": "The value must be a number.", "path": "/body/interval"}
    ]
    assert not instances
