"""The tables of webhooks, of their queues, and of their deliveries."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import UNSET
from sqlmodel import Field

from store.columns import BigInteger
from store.model import Actor, Addon
from store.rows.declaring import (
    Row,
    count_column,
    json_column,
    name_column,
    optional_time_column,
    time_column,
)


def _webhook_column(*, primary_key: bool = False) -> Any:
    """Declare the webhook to which a row belongs."""
    return Field(
        sa_column=sa.Column(
            sa.Integer,
            sa.ForeignKey("webhook.id", ondelete="CASCADE"),
            primary_key=primary_key,
            autoincrement=False,
            nullable=False,
        )
    )


class WebhookRow(Row, table=True):
    id: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    name: str = name_column()
    description: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    receiver_url: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    format: str
    event_types: Any = json_column(tuple[str, ...], nullable=True)
    projects: Any = json_column(tuple[str, ...], absent=UNSET)
    environments: Any = json_column(tuple[str, ...], absent=UNSET)
    enabled: bool
    active_since: int = count_column()
    signing_secret: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    addon: Any = json_column(Addon, nullable=True)
    created_at: datetime = time_column()
    created_by: Any = json_column(Actor, nullable=True)
    revision: int = count_column()


class WebhookQueueRow(Row, table=True):
    """The position of a webhook in the audit log, and the process that sends its deliveries.

    All matching events up to the number `cursor` have a delivery. `since` is the `active_since` of
    the webhook for which `cursor` was set. Until `leased_until`, only the process `holder` may
    send.
    """

    webhook_id: int = _webhook_column(primary_key=True)
    since: int = count_column()
    cursor: int = count_column()
    holder: str = name_column()
    leased_until: datetime = time_column()


class WebhookDeliveryRow(Row, table=True):
    """An event that is sent to a webhook.

    Deliveries with the same `order_key` are sent one after another. `status` is the status of the
    last answer. `error` is the reason of the last failure.
    """

    __table_args__ = (
        sa.Index("ix_webhook_delivery_state", "webhook_id", "state", "number"),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(
        default=None, sa_column=sa.Column(BigInteger, primary_key=True, autoincrement=True)
    )
    id: str = name_column(unique=True)
    webhook_id: int = _webhook_column()
    event_number: int = count_column()
    order_key: str = name_column()
    state: str = name_column()
    is_test: bool
    attempts: int
    due_at: datetime = time_column()
    created_at: datetime = time_column()
    attempted_at: datetime | None = optional_time_column()
    status: int | None = None
    error: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    duration_ms: int | None = None
