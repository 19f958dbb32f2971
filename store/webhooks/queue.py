"""The queue of a webhook: its position in the audit log, its waiting deliveries, and its lease."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.events_log import select_events, to_event
from store.model import Webhook
from store.random_ids import random_id
from store.rows import EventRow, WebhookQueueRow, WebhookRow
from store.webhooks.deliveries import DELIVERY, Delivery, DeliveryState, Outcome, to_delivery
from store.webhooks.matching import matches, order_key_of

# A process that has claimed a queue may send for this time, without claiming the queue again. The
# time is longer than the attempts of one batch.
LEASE = timedelta(seconds=15)
# Events are read from the log while fewer deliveries than this are waiting.
MAX_WAITING = 200
# The number of events that are read from the log at once.
EVENTS_AT_ONCE = 200
# The number of deliveries that are sent at the same time.
BATCH_SIZE = 8
# With pauses that double up to an hour, the last attempt is about 20 hours after the first.
MAX_ATTEMPTS = 30
MAX_PAUSE = timedelta(hours=1)
# The number of finished deliveries of each webhook in the log.
MAX_FINISHED = 200

_EVENT = table_of(EventRow)
_QUEUE = table_of(WebhookQueueRow)
_WEBHOOK = table_of(WebhookRow)
_WAITING = DeliveryState.WAITING.value


class Turn(Struct, frozen=True):
    """The deliveries to send now; and when to look again, None if nothing waits."""

    due: Sequence[Delivery]
    next_at: datetime | None


async def has_work(connection: AsyncConnection, webhook: Webhook) -> bool:
    """Whether the log has events after the queue's position, or deliveries are waiting."""
    position = sa.select(_QUEUE.c.cursor, _QUEUE.c.since).where(_QUEUE.c.webhook_id == webhook.id)
    queue = (await connection.execute(position)).first()
    if queue is None or queue.since != webhook.active_since:
        return True
    newest = await connection.scalar(sa.select(sa.func.max(_EVENT.c.number)))
    if newest is not None and newest > queue.cursor:
        return True
    waiting = _waiting_of(webhook.id).limit(1)
    return (await connection.execute(waiting)).first() is not None


async def claim(
    database: Database, connection: AsyncConnection, webhook: Webhook, holder: str, now: datetime
) -> datetime | None:
    """Let this process send the deliveries of a webhook.

    If another process has the lease, return the end of its lease; otherwise return None.
    """
    # Lock the webhook before its queue, in the order in which a deletion locks them.
    known = sa.select(_WEBHOOK.c.id).where(_WEBHOOK.c.id == webhook.id)
    locked = known.with_for_update(read=True, key_share=True)
    if await connection.scalar(locked) is None:
        return now + LEASE  # the webhook was deleted
    new = {"webhook_id": webhook.id, "since": -1, "cursor": 0, "holder": "", "leased_until": now}
    await connection.execute(database.upsert(_QUEUE).values(new).on_conflict_do_nothing())
    claimed = await connection.execute(
        sa.update(_QUEUE)
        .where(
            _QUEUE.c.webhook_id == webhook.id,
            sa.or_(_QUEUE.c.holder == holder, _QUEUE.c.leased_until <= now),
        )
        .values(holder=holder, leased_until=now + LEASE)
    )
    if claimed.rowcount:
        return None
    statement = sa.select(_QUEUE.c.leased_until).where(_QUEUE.c.webhook_id == webhook.id)
    return (await connection.execute(statement)).scalar_one()


async def release(connection: AsyncConnection, webhook_id: int, holder: str, now: datetime) -> None:
    """Let other processes send the deliveries of a webhook."""
    await connection.execute(
        sa.update(_QUEUE)
        .where(_QUEUE.c.webhook_id == webhook_id, _QUEUE.c.holder == holder)
        .values(leased_until=now)
    )


async def next_turn(connection: AsyncConnection, webhook: Webhook, now: datetime) -> Turn:
    """Add deliveries for new events, and return the deliveries to send now.

    The caller must have claimed the queue.
    """
    waiting = await _list_waiting(connection, webhook.id)
    cursor = await _cursor_of(connection, webhook)
    while len(waiting) < MAX_WAITING:
        rows = (await connection.execute(_events_after(cursor))).all()
        if not rows:
            break
        cursor = rows[-1].number
        events = [event for event in map(to_event, rows) if matches(webhook, event)]
        if events:
            new = [
                _new_delivery(webhook.id, event.number, order_key_of(event), now)
                for event in events
            ]
            await connection.execute(sa.insert(DELIVERY), new)
            waiting = await _list_waiting(connection, webhook.id)
        await connection.execute(
            sa.update(_QUEUE)
            .where(_QUEUE.c.webhook_id == webhook.id)
            .values(cursor=cursor, since=webhook.active_since)
        )
    return _due(waiting, now)


async def settle(
    connection: AsyncConnection,
    webhook_id: int,
    outcomes: Iterable[tuple[Delivery, Outcome]],
    now: datetime,
) -> None:
    """Store the outcomes of attempts, and remove the oldest entries of the log."""
    for delivery, outcome in outcomes:
        attempts = delivery.attempts + 1
        await connection.execute(
            sa.update(DELIVERY)
            # Another process may have sent the delivery after the lease expired.
            .where(DELIVERY.c.number == delivery.number, DELIVERY.c.state == _WAITING)
            .values(
                state=state_after(delivery, outcome).value,
                attempts=attempts,
                due_at=now + pause_after(attempts),
                attempted_at=now,
                **_result(outcome),
            )
        )
    await _trim_log(connection, webhook_id)


def state_after(delivery: Delivery, outcome: Outcome) -> DeliveryState:
    """Return the state of a delivery after another attempt."""
    if outcome.error is None:
        return DeliveryState.DELIVERED
    may_retry = outcome.may_retry and delivery.attempts + 1 < MAX_ATTEMPTS
    return DeliveryState.WAITING if may_retry else DeliveryState.FAILED


async def add_test(
    connection: AsyncConnection,
    webhook_id: int,
    id: str,
    event_number: int,
    outcome: Outcome,
    now: datetime,
) -> None:
    """Add the delivery of a test to the log."""
    state = DeliveryState.DELIVERED if outcome.error is None else DeliveryState.FAILED
    values = _new_delivery(webhook_id, event_number, "", now) | {
        "id": id,
        "is_test": True,
        "state": state.value,
        "attempts": 1,
        "attempted_at": now,
    }
    await connection.execute(sa.insert(DELIVERY).values(values | _result(outcome)))
    await _trim_log(connection, webhook_id)


def pause_after(attempts: int) -> timedelta:
    """Return the pause after a number of failed attempts: 1, 2, 4 … seconds, at most an hour."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 20)), MAX_PAUSE)


def _new_delivery(
    webhook_id: int, event_number: int, order_key: str, now: datetime
) -> dict[str, Any]:
    return {
        "id": random_id(),
        "webhook_id": webhook_id,
        "event_number": event_number,
        "order_key": order_key,
        "state": _WAITING,
        "is_test": False,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "error": outcome.error,
        "duration_ms": outcome.duration_ms,
    }


def _due(waiting: Sequence[Delivery], now: datetime) -> Turn:
    """Select the deliveries to send: of each order key only the oldest, if its pause is over."""
    first_by_key: dict[str, Delivery] = {}
    for delivery in waiting:
        first_by_key.setdefault(delivery.order_key, delivery)
    firsts = first_by_key.values()
    due = [delivery for delivery in firsts if delivery.due_at <= now]
    next_at = min((delivery.due_at for delivery in firsts), default=None)
    return Turn(due[:BATCH_SIZE], next_at)


async def _list_waiting(connection: AsyncConnection, webhook_id: int) -> list[Delivery]:
    statement = _waiting_of(webhook_id)
    return [to_delivery(row) for row in await connection.execute(statement)]


def _waiting_of(webhook_id: int) -> sa.Select[Any]:
    return (
        sa.select(DELIVERY)
        .where(DELIVERY.c.webhook_id == webhook_id, DELIVERY.c.state == _WAITING)
        .order_by(DELIVERY.c.number)
    )


async def _cursor_of(connection: AsyncConnection, webhook: Webhook) -> int:
    """Return the queue's position in the log, at least at the last event that is not sent."""
    statement = sa.select(_QUEUE.c.cursor, _QUEUE.c.since).where(_QUEUE.c.webhook_id == webhook.id)
    queue = (await connection.execute(statement)).one()
    if queue.since == webhook.active_since:
        return queue.cursor
    earlier = (
        sa.select(_EVENT.c.number)
        .where(_EVENT.c.revision <= webhook.active_since)
        .order_by(_EVENT.c.revision.desc(), _EVENT.c.number.desc())
        .limit(1)
    )
    return max(queue.cursor, await connection.scalar(earlier) or 0)


def _events_after(number: int) -> sa.Select[Any]:
    return (
        select_events(documents=False)
        .where(_EVENT.c.number > number)
        .order_by(_EVENT.c.number)
        .limit(EVENTS_AT_ONCE)
    )


async def _trim_log(connection: AsyncConnection, webhook_id: int) -> None:
    finished = sa.and_(DELIVERY.c.webhook_id == webhook_id, DELIVERY.c.state != _WAITING)
    newest_to_remove = (
        sa.select(DELIVERY.c.number)
        .where(finished)
        .order_by(DELIVERY.c.number.desc())
        .offset(MAX_FINISHED)
        .limit(1)
        .scalar_subquery()
    )
    await connection.execute(
        sa.delete(DELIVERY).where(finished, DELIVERY.c.number <= newest_to_remove)
    )
