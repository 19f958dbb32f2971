"""Deliveries of events to webhooks, and the log of deliveries."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.paging import Key, Page, Window, counts_by_parent, pages_by_parent
from store.rows import WebhookDeliveryRow

DELIVERY = table_of(WebhookDeliveryRow)


class DeliveryState(StrEnum):
    """The state of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Outcome(Struct, frozen=True, kw_only=True):
    """The result of one attempt.

    `status` is None without an answer. `error` is None after a success. Unless `may_retry`, the
    delivery is not tried again.
    """

    status: int | None = None
    error: str | None = None
    duration_ms: int = 0
    may_retry: bool = True


class Delivery(Struct, frozen=True, kw_only=True, dict=True):
    """An event that was sent, or is to be sent, to a webhook; see `WebhookDeliveryRow`."""

    number: int
    id: str
    webhook_id: int
    event_number: int
    order_key: str
    state: DeliveryState
    is_test: bool
    attempts: int
    due_at: datetime
    created_at: datetime
    attempted_at: datetime | None = None
    status: int | None = None
    error: str | None = None
    duration_ms: int | None = None


async def list_deliveries_of(
    connection: AsyncConnection,
    ids: Collection[str],
    states: Collection[DeliveryState] | None,
    window: Window,
) -> dict[str, Page[Delivery]]:
    """Return a page of the deliveries of each webhook, newest first; the keys are `(number,)`.

    `ids` are the IDs of webhooks as strings. The function executes one statement for all pages.
    """
    webhooks = [int(id) for id in ids]
    statement = sa.select(DELIVERY).where(*_in_states(states))
    pages = await pages_by_parent(
        connection, statement, DELIVERY.c.webhook_id, webhooks, [DELIVERY.c.number], window
    )
    return {str(id): page.map(to_delivery) for id, page in pages.items()}


async def count_deliveries_of(
    connection: AsyncConnection, ids: Collection[str], states: Collection[DeliveryState] | None
) -> dict[str, int]:
    """Count the deliveries of each webhook in the log and the queue."""
    webhooks = [int(id) for id in ids]
    statement = sa.select(DELIVERY).where(*_in_states(states))
    counts = await counts_by_parent(connection, statement, DELIVERY.c.webhook_id, webhooks)
    return {str(id): count for id, count in counts.items()}


async def deliveries_by_id(
    connection: AsyncConnection, ids: Collection[str]
) -> Mapping[str, Delivery]:
    """Return the deliveries with these IDs."""
    statement = sa.select(DELIVERY).where(DELIVERY.c.id.in_(ids))
    return {row.id: to_delivery(row) for row in await connection.execute(statement)}


def delivery_key(delivery: Delivery) -> Key:
    """Return the cursor key of a delivery."""
    return (delivery.number,)


def to_delivery(row: sa.Row[Any]) -> Delivery:
    """Convert a row to a delivery."""
    values: dict[str, Any] = {column.name: getattr(row, column.name) for column in DELIVERY.c}
    values["state"] = DeliveryState(row.state)
    return Delivery(**values)


def _in_states(states: Collection[DeliveryState] | None) -> list[sa.ColumnElement[bool]]:
    return [] if states is None else [DELIVERY.c.state.in_([state.value for state in states])]
