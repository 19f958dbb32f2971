"""The backlog of webhooks tells how far their deliveries are behind the audit log."""

from typing import Any

import pytest

from store import Store
from store.model import Webhook
from store.operations.fields import WebhookFields
from store.operations.webhooks import update_webhook
from store.webhooks import queue
from store.webhooks.backlog import Backlog, BacklogReader, read_backlog
from tests.store.operations.doing import carry_out
from tests.store.webhooks.test_sending import Recorder, created, describe, sending


async def backlog_of(store: Store, *webhooks: Webhook) -> Backlog:
    async with store.read() as connection:
        return await read_backlog(connection, [webhook.id for webhook in webhooks])


async def test_the_queue_that_is_furthest_behind_counts(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    await describe(store, "before", "0")
    first, second = await created(store), await created(store, name="v")
    await sending(store, first, Recorder()).run()
    await sending(store, second, Recorder()).run()
    assert await backlog_of(store, first, second) == Backlog()
    began_at = store.clock()
    monkeypatch.setattr(queue, "EVENTS_AT_ONCE", 1)
    monkeypatch.setattr(queue, "MAX_WAITING", 1)
    await describe(store, "a", "1", "2", "3")

    await sending(store, first, Recorder(lambda _: True)).run()

    of_first = await backlog_of(store, first)
    assert (of_first.events, of_first.waiting, of_first.failing) == (2, 1, (first.id,))
    assert of_first.oldest_at is not None
    assert of_first.oldest_at >= began_at
    assert (await backlog_of(store, first, second)).events == 3


async def test_a_webhook_that_begins_has_no_backlog_of_earlier_events(store: Store):
    await describe(store, "a", "1", "2")
    webhook = await created(store, enabled=False)
    await describe(store, "a", "3")
    await carry_out(store, update_webhook, webhook.id, WebhookFields(enabled=True))
    before = await backlog_of(store, webhook)

    await describe(store, "a", "4")

    assert before.events == 0
    assert (await backlog_of(store, webhook)).events == 1


async def test_without_enabled_webhooks_nothing_is_read(store: Store):
    database: Any = None  # reading would raise an error
    reader = BacklogReader(database, lambda: store.snapshot)
    await created(store, enabled=False)

    await reader.refresh()

    assert reader.last == Backlog()
