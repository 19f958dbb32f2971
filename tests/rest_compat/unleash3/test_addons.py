"""The addons API: the requests of Unleash 3.17.6's own tests, and what webhooks add to it."""

from typing import Any

import httpx
import pytest

from store import Store
from store.events import EventType
from store.http_times import format_time
from store.model import WebhookFormat
from store.operations.fields import WebhookFields
from store.operations.webhooks import create_webhook
from tests.rest_compat.unleash3.responses import newest_event, violations_in
from tests.store.operations.doing import carry_out

PATH = "/api/admin/addons"
URL = "http://localhost:4242/webhook"
TEMPLATE = "{'name': '{{event.data.name}}' }"
ADDON: dict[str, Any] = {
    "provider": "webhook",
    "enabled": True,
    "parameters": {"url": URL, "bodyTemplate": TEMPLATE},
    "events": ["feature-updated", "feature-created"],
}
SLACK: dict[str, Any] = {
    "provider": "slack",
    "parameters": {"url": "https://hooks.example/1", "defaultChannel": "toggles"},
}


async def created(admin: httpx.AsyncClient, addon: dict[str, Any] = ADDON) -> int:
    answer = await admin.post(PATH, json=addon)
    assert answer.status_code == 201
    return answer.json()["id"]


async def test_without_addons_the_list_has_two_providers(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(PATH)

    assert answer.status_code == 200
    assert answer.json()["addons"] == []
    assert [each["name"] for each in answer.json()["providers"]] == ["webhook", "slack"]


async def test_parameters_with_secrets_are_sensitive(admin: httpx.AsyncClient) -> None:
    providers = (await admin.get(PATH)).json()["providers"]

    sensitive = {
        provider["name"]: [each["name"] for each in provider["parameters"] if each["sensitive"]]
        for provider in providers
    }
    assert sensitive == {"webhook": ["url"], "slack": ["url"]}


async def test_a_new_addon_is_returned_with_its_url_and_later_without(
    admin: httpx.AsyncClient, store: Store
) -> None:
    answer = await admin.post(PATH, json=ADDON)

    assert answer.status_code == 201
    body = answer.json()
    assert body == {
        "id": 1,
        **ADDON,
        "description": None,
        "projects": [],
        "environments": [],
        "createdAt": format_time(store.snapshot.webhooks[1].created_at),
    }
    assert await newest_event(store) == ("addon-config-created", {"provider": "webhook"})
    found = (await admin.get(f"{PATH}/1")).json()
    assert found["provider"] == "webhook"
    assert found["parameters"] == {"url": "*****", "bodyTemplate": TEMPLATE}
    assert store.snapshot.webhooks[1].receiver_url == URL


async def test_a_masked_url_is_left_unchanged(admin: httpx.AsyncClient, store: Store) -> None:
    id = await created(admin)
    masked = {**ADDON, "enabled": False, "parameters": {"url": "*****"}}

    answer = await admin.put(f"{PATH}/{id}", json=masked)

    assert answer.status_code == 200
    webhook = store.snapshot.webhooks[id]
    assert (webhook.receiver_url, webhook.enabled) == (URL, False)
    assert (await admin.get(f"{PATH}/{id}")).json()["parameters"] == {"url": "*****"}
    data = {"id": str(id), "provider": "webhook"}
    assert await newest_event(store) == ("addon-config-updated", data)


async def test_a_deleted_addon_is_gone(admin: httpx.AsyncClient, store: Store) -> None:
    id = await created(admin)

    answer = await admin.delete(f"{PATH}/{id}")

    assert answer.status_code == 200
    assert (await admin.get(f"{PATH}/{id}")).status_code == 404
    assert await newest_event(store) == ("addon-config-deleted", {"id": str(id)})


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", PATH, {"invalid": "field"}, 400),
        ("PUT", f"{PATH}/1", {**ADDON, "provider": None}, 400),
        ("PUT", f"{PATH}/123123", ADDON, 404),
        ("GET", f"{PATH}/445", None, 404),
        ("GET", f"{PATH}/first", None, 404),
        ("DELETE", f"{PATH}/21231", None, 404),
    ],
)
async def test_invalid_and_unknown_addons_are_refused(
    admin: httpx.AsyncClient, method: str, path: str, body: Any, status: int
) -> None:
    answer = await admin.request(method, path, json=body)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"provider": "pager"}, "provider"),
        ({"parameters": {}}, "parameters.url"),
        ({"parameters": {"url": "nowhere"}}, "parameters.url"),
        ({"parameters": {"url": URL, "bodyTemplate": "{{#a}}"}}, "parameters.bodyTemplate"),
        ({"parameters": {"url": URL, "other": []}}, "parameters.other"),
    ],
)
async def test_errors_have_the_paths_of_the_body(
    admin: httpx.AsyncClient, changed: dict[str, Any], path: str
) -> None:
    answer = await admin.post(PATH, json=ADDON | changed)

    assert [violated for violated, _ in violations_in(answer)] == [path]


async def test_updates_of_features_include_changes_of_configurations(
    admin: httpx.AsyncClient, store: Store
) -> None:
    id = await created(admin)

    types = store.snapshot.webhooks[id].event_types or ()

    assert EventType.TOGGLE_ENABLED.value in types
    assert EventType.TOGGLE_ARCHIVED.value not in types


async def test_slack_needs_a_channel(admin: httpx.AsyncClient, store: Store) -> None:
    without = {**SLACK, "parameters": {"url": "https://hooks.example/1"}}

    refused = await admin.post(PATH, json=without)
    id = await created(admin, SLACK)

    assert refused.status_code == 400
    assert store.snapshot.webhooks[id].format is WebhookFormat.SLACK


async def test_webhooks_from_graphql_are_listed_and_keep_their_format(
    admin: httpx.AsyncClient, store: Store
) -> None:
    fields = WebhookFields(name="chat", receiver_url="https://receiver.example/")
    webhook = await carry_out(store, create_webhook, fields)

    (listed,) = (await admin.get(PATH)).json()["addons"]
    answer = await admin.put(f"{PATH}/{webhook.id}", json=listed)

    assert answer.status_code == 200
    changed = store.snapshot.webhooks[webhook.id]
    assert (changed.name, changed.format) == ("chat", WebhookFormat.GENERIC)
    assert changed.receiver_url == "https://receiver.example/"
