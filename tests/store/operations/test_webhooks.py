"""Creating, changing, deleting and testing webhooks."""

from typing import Any

import pytest

from store import Store
from store.errors import LimitExceededError, WrongStateError
from store.events import EventType
from store.operations import webhooks
from store.operations.fields import WebhookFields
from store.operations.webhooks import create_webhook, delete_webhook, record_test, update_webhook
from tests.store.operations.doing import carry_out, error_paths, last_event, refused

URL = "https://receiver.example/hooks/secret-path"


async def test_events_of_a_webhook_contain_no_secrets(store: Store):
    webhook = await carry_out(store, create_webhook, name="chat", receiver_url=URL)

    event = await last_event(store)
    assert store.snapshot.webhooks[webhook.id] is webhook
    assert event.type is EventType.WEBHOOK_CREATED
    assert event.after["name"] == "chat"
    assert "secret" not in str(event.after).lower()
    assert webhook.signing_secret.startswith("whsec_")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "receiver.example",
        "ftp://receiver.example/",
        "https:///path",
        "https://user:password@receiver.example/",
        "https://receiver.example/#part",
        "https://receiver.example:99999/",
        "https://receiver.example/a b",
        "https://receiver.example/\n",
        "http://[::1",
    ],
)
async def test_the_url_is_absolute_and_for_http(store: Store, url: str):
    found = await error_paths(store, create_webhook, name="chat", receiver_url=url)

    assert found == [("webhook-url", ("receiverUrl",))]


async def test_every_error_of_a_webhook_is_reported_at_once(store: Store):
    fields: dict[str, Any] = {
        "name": "",
        "description": "\x00",
        "receiver_url": "https://a.example/" + "x" * 2_000,
        "event_types": ("feature-created", "no-such-type"),
        "projects": ("default", "none"),
        "environments": ("none",),
    }

    assert await error_paths(store, create_webhook, **fields) == [
        ("text-length", ("name",)),
        ("text-characters", ("description",)),
        ("text-length", ("receiverUrl",)),
        ("event-type", ("eventTypes", "1")),
        ("NOT_FOUND", ("projects", "1")),
        ("NOT_FOUND", ("environments", "0")),
    ]


async def test_a_change_keeps_the_secret_unless_it_is_replaced(store: Store):
    created = await carry_out(store, create_webhook, name="chat", receiver_url=URL)

    renamed = await carry_out(store, update_webhook, created.id, name="news")
    rotated = await carry_out(
        store, update_webhook, created.id, WebhookFields(), rotate_secret=True
    )

    assert renamed.signing_secret == created.signing_secret
    assert rotated.signing_secret != created.signing_secret
    assert (rotated.name, rotated.receiver_url) == ("news", URL)


async def test_the_number_of_webhooks_is_limited(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhooks, "MAX_WEBHOOKS", 1)
    await carry_out(store, create_webhook, name="a", receiver_url=URL)

    (error,) = await refused(store, create_webhook, name="b", receiver_url=URL)

    assert isinstance(error, LimitExceededError)


async def test_a_disabled_webhook_cannot_be_tested(store: Store):
    created = await carry_out(store, create_webhook, name="a", receiver_url=URL, enabled=False)

    (error,) = await refused(store, record_test, created.id)

    assert isinstance(error, WrongStateError)


async def test_the_id_of_a_deleted_webhook_is_not_used_again(store: Store):
    first = await carry_out(store, create_webhook, name="a", receiver_url=URL)
    await carry_out(store, delete_webhook, first.id)

    second = await carry_out(store, create_webhook, name="a", receiver_url=URL)

    assert [*store.snapshot.webhooks] == [second.id]
    assert second.id > first.id


async def test_another_process_knows_the_secret(store: Store, other_store: Store):
    created = await carry_out(store, create_webhook, name="a", receiver_url=URL)

    await other_store.refresh()

    assert other_store.snapshot.webhooks[created.id] == created
