"""Events are sent once, in order for each toggle, and again after failures."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.events import Event, EventType
from store.model import SYSTEM, Webhook
from store.operations.fields import ToggleFields, WebhookFields
from store.operations.toggles import create_toggle, update_toggle
from store.operations.webhooks import create_webhook, update_webhook
from store.paging import Window
from store.webhooks import queue
from store.webhooks.deliveries import Delivery, DeliveryState, Outcome, list_deliveries_of
from store.webhooks.sending import Sending
from tests.store.operations.doing import carry_out

URL = "https://receiver.example/"


class Recorder:
    """Records sent events, and fails as a test wants."""

    def __init__(self, fails: Callable[[Event], bool] = lambda _: False) -> None:
        self.sent: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.fails = fails

    async def __call__(
        self, webhook: Webhook, delivery_id: str, event: Event, *, limit_s: float
    ) -> Outcome:
        await asyncio.sleep(0)
        self.ids.append(delivery_id)
        if self.fails(event):
            return Outcome(status=500, error="No.")
        self.sent.append((event.subject_name, event.after["description"] or ""))
        return Outcome(status=204)


def sending(
    store: Store,
    webhook: Webhook,
    send: Any,
    *,
    holder: str = "p-1",
    attempts: Counter[DeliveryState] | None = None,
) -> Sending:
    return Sending(
        store._database,
        store.clock,
        send,
        webhook_id=webhook.id,
        current=lambda: store.snapshot.webhooks.get(webhook.id),
        holder=holder,
        closing=asyncio.Event(),
        attempts=Counter() if attempts is None else attempts,
    )


async def created(store: Store, **fields: Any) -> Webhook:
    given = {"name": "w", "receiver_url": URL, **fields}
    async with store.write(SYSTEM) as work:
        return await create_webhook(work, WebhookFields(**given))


async def describe(store: Store, toggle: str, *descriptions: str) -> None:
    for description in descriptions:
        if toggle not in store.snapshot.toggles:
            fields = ToggleFields(description=description)
            await carry_out(store, create_toggle, name=toggle, fields=fields)
        else:
            await carry_out(store, update_toggle, toggle, ToggleFields(description=description))


async def log_of(store: Store, webhook: Webhook) -> list[Delivery]:
    key = str(webhook.id)
    async with store.read() as session:
        pages = await list_deliveries_of(session, [key], None, Window(500))
    return [*pages[key].items][::-1]


async def test_only_later_matching_events_are_sent(store: Store):
    await describe(store, "before", "0")
    webhook = await created(
        store, event_types=(EventType.TOGGLE_UPDATED.value,), projects=("default",)
    )
    await describe(store, "a", "1", "2")
    recorder = Recorder()

    pause_s = await sending(store, webhook, recorder).run()

    assert (recorder.sent, pause_s) == ([("a", "2")], None)
    (delivery,) = await log_of(store, webhook)
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 1)
    assert recorder.ids == [delivery.id]


async def test_a_failure_delays_only_the_events_of_its_toggle(store: Store):
    webhook = await created(store)
    await describe(store, "a", "1", "2")
    await describe(store, "b", "1")
    recorder = Recorder(lambda event: event.subject_name == "a")
    sends = sending(store, webhook, recorder)

    first_s = await sends.run()

    assert recorder.sent == [("b", "1")]
    assert first_s is not None
    assert 0 < first_s <= 1
    states = [(each.order_key, each.state, each.attempts) for each in await log_of(store, webhook)]
    a, b = (store.snapshot.toggles[name].id for name in "ab")
    assert states == [
        (a, DeliveryState.WAITING, 1),
        (a, DeliveryState.WAITING, 0),
        (b, DeliveryState.DELIVERED, 1),
    ]


async def test_a_delivery_is_tried_again_with_the_same_id_and_later_events_follow(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queue, "pause_after", lambda _: timedelta(0))
    webhook = await created(store)
    await describe(store, "a", "1", "2")
    recorder = Recorder(lambda _: len(recorder.ids) < 3)

    await sending(store, webhook, recorder).run()

    assert recorder.sent == [("a", "1"), ("a", "2")]
    assert len(recorder.ids) == 4
    assert len(set(recorder.ids)) == 2


async def test_after_the_last_attempt_later_events_follow(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queue, "pause_after", lambda _: timedelta(0))
    monkeypatch.setattr(queue, "MAX_ATTEMPTS", 3)
    webhook = await created(store)
    await describe(store, "a", "1", "2")
    recorder = Recorder(lambda event: event.after["description"] == "1")
    attempts = Counter[DeliveryState]()

    await sending(store, webhook, recorder, attempts=attempts).run()

    assert recorder.sent == [("a", "2")]
    assert attempts == {
        DeliveryState.WAITING: 2,
        DeliveryState.FAILED: 1,
        DeliveryState.DELIVERED: 1,
    }
    failed, delivered = await log_of(store, webhook)
    assert (failed.state, failed.attempts, failed.error) == (DeliveryState.FAILED, 3, "No.")
    assert delivered.state is DeliveryState.DELIVERED


async def test_the_log_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "MAX_FINISHED", 2)
    webhook = await created(store)
    for name in "abcde":
        await describe(store, name, "1")
    recorder = Recorder()

    await sending(store, webhook, recorder).run()

    assert len(recorder.sent) == 5
    assert len(await log_of(store, webhook)) == 2


async def test_only_one_process_sends_at_a_time(store: Store):
    webhook = await created(store)
    await describe(store, "a", "1")
    other = Recorder()
    pauses: list[float | None] = []

    class Slow(Recorder):
        async def __call__(self, *args: Any, limit_s: float) -> Outcome:
            pauses.append(await sending(store, webhook, other, holder="p-2").run())
            return await super().__call__(*args, limit_s=limit_s)

    first = Slow()
    await sending(store, webhook, first).run()

    assert (first.sent, other.sent) == ([("a", "1")], [])
    assert pauses[0] is not None
    assert pauses[0] > 0


async def test_events_while_a_webhook_is_disabled_are_never_sent(store: Store):
    webhook = await created(store, enabled=False)
    await describe(store, "a", "1")
    await carry_out(store, update_webhook, webhook.id, WebhookFields(enabled=True))
    await describe(store, "a", "2")
    recorder = Recorder()

    await sending(store, webhook, recorder).run()

    assert recorder.sent == [("a", "2")]
