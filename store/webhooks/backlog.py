"""How far the deliveries of webhooks are behind the audit log, for monitoring."""

from collections.abc import Callable, Collection
from datetime import datetime
from time import monotonic
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.database import Database
from store.errors import StoreUnavailableError
from store.rows import EventRow, WebhookQueueRow, WebhookRow
from store.snapshot import Snapshot
from store.webhooks.deliveries import DELIVERY, DeliveryState

# A backlog is read at most once in this time, however often somebody asks for it.
_FRESH_S = 1.0

_EVENT = table_of(EventRow)
_QUEUE = table_of(WebhookQueueRow)
_WEBHOOK = table_of(WebhookRow)


class Backlog(Struct, frozen=True):
    """The work that the enabled webhooks of an installation still have.

    `events` is the number of events in the log after the position of the queue that is furthest
    behind. `waiting` is the number of deliveries in all queues. `failing` contains the IDs of the
    webhooks with a delivery whose last attempt failed. `oldest_at` is the time of the oldest event
    or delivery that is not sent; None if nothing waits.
    """

    events: int = 0
    waiting: int = 0
    failing: Collection[int] = ()
    oldest_at: datetime | None = None


class BacklogReader:
    """Reads the backlog, and keeps the last one while the database is unavailable."""

    def __init__(self, database: Database, snapshot: Callable[[], Snapshot]) -> None:
        self._database = database
        self._snapshot = snapshot
        self._read_at: float | None = None
        self.last: Backlog | None = None

    async def refresh(self) -> None:
        """Read the backlog into `last`, which is None until the first time that this succeeds.

        Without enabled webhooks, nothing is read.
        """
        enabled = [each.id for each in self._snapshot().webhooks.values() if each.enabled]
        if not enabled:
            self.last, self._read_at = Backlog(), None
            return
        now = monotonic()
        is_fresh = self._read_at is not None and now - self._read_at < _FRESH_S
        if is_fresh or not self._database.available:
            return
        self._read_at = now
        try:
            async with self._database.begin_read() as connection:
                self.last = await read_backlog(connection, enabled)
        except StoreUnavailableError:
            self._read_at = None


async def read_backlog(connection: AsyncConnection, webhook_ids: Collection[int]) -> Backlog:
    """Read the backlog of webhooks."""
    position: int = await connection.scalar(_lowest_position(webhook_ids)) or 0
    newest: int = await connection.scalar(sa.select(sa.func.max(_EVENT.c.number))) or 0
    next_event = (
        sa.select(_EVENT.c.created_at)
        .where(_EVENT.c.number > position)
        .order_by(_EVENT.c.number)
        .limit(1)
    )
    times = [await connection.scalar(next_event)]
    waiting, failing = 0, list[int]()
    for row in await connection.execute(_waiting_by_webhook(webhook_ids)):
        waiting += row.waiting
        times.append(row.oldest_at)
        if row.attempts:
            failing.append(row.webhook_id)
    return Backlog(
        events=max(newest - position, 0),
        waiting=waiting,
        failing=tuple(failing),
        oldest_at=min((time for time in times if time is not None), default=None),
    )


def _lowest_position(webhook_ids: Collection[int]) -> sa.Select[Any]:
    """Select the lowest position in the log; see `WebhookQueueRow`.

    A webhook that was just enabled begins after the last event that is not sent.
    """
    beginning = (
        sa.select(_EVENT.c.number)
        .where(_EVENT.c.revision <= _WEBHOOK.c.active_since)
        .order_by(_EVENT.c.revision.desc(), _EVENT.c.number.desc())
        .limit(1)
        .correlate(_WEBHOOK)
        .scalar_subquery()
    )
    is_current = _QUEUE.c.since == _WEBHOOK.c.active_since
    position = sa.case((is_current, _QUEUE.c.cursor), else_=sa.func.coalesce(beginning, 0))
    queues = sa.outerjoin(_WEBHOOK, _QUEUE, _QUEUE.c.webhook_id == _WEBHOOK.c.id)
    return (
        sa.select(sa.func.min(position)).select_from(queues).where(_WEBHOOK.c.id.in_(webhook_ids))
    )


def _waiting_by_webhook(webhook_ids: Collection[int]) -> sa.Select[Any, int, Any, Any]:
    return (
        sa.select(
            DELIVERY.c.webhook_id,
            sa.func.count().label("waiting"),
            sa.func.max(DELIVERY.c.attempts).label("attempts"),
            sa.func.min(DELIVERY.c.created_at).label("oldest_at"),
        )
        .where(
            DELIVERY.c.webhook_id.in_(webhook_ids),
            DELIVERY.c.state == DeliveryState.WAITING.value,
        )
        .group_by(DELIVERY.c.webhook_id)
    )
