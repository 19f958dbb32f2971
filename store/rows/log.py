"""The tables of the revision and the audit log."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from store.columns import BigInteger, Name
from store.model import Actor
from store.rows.declaring import (
    Row,
    count_column,
    json_column,
    key_column,
    name_column,
    optional_name_column,
    optional_time_column,
    time_column,
)


class ServerStateRow(Row, table=True):
    """The single row whose update serializes all writers.

    `last_change_at` ensures that the times of events never decrease.
    """

    id: int = Field(primary_key=True)
    installation_id: str
    revision: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    last_change_at: datetime = time_column()


class ChangeSetRow(Row, table=True):
    __table_args__ = (sa.Index("ix_change_set_state", "state", "apply_at"),)

    id: str = key_column()
    comment: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    created_at: datetime = time_column()
    created_by: Any = json_column(Actor)
    applied_at: datetime | None = optional_time_column()
    reverts_id: str | None = Field(
        default=None, sa_column=sa.Column(Name, sa.ForeignKey("change_set.id"), nullable=True)
    )
    idempotency_key: str | None = Field(
        default=None, sa_column=sa.Column(Name, nullable=True, unique=True)
    )
    revision: int = count_column()
    # Servers of earlier releases do not write this column, so the column needs a default. These
    # servers apply all change sets immediately.
    state: str = Field(sa_column=sa.Column(sa.Text, nullable=False, server_default="applied"))
    apply_at: datetime | None = optional_time_column()
    refusal_code: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    refusal_message: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))


class EventRow(Row, table=True):
    """An event. Events are never updated, except that `change_set_id` may be cleared.

    `before` and `after` contain whole objects, so one row is enough to read an old state.
    """

    __table_args__ = (
        sa.Index("ix_event_subject", "subject_kind", "subject_key", "number"),
        sa.Index("ix_event_toggle", "toggle_name", "number"),
        sa.Index("ix_event_toggle_id", "toggle_id", "revision"),
        sa.Index("ix_event_type", "type", "number"),
        sa.Index("ix_event_wire_type", "wire_type", "environment", "number"),
        sa.Index("ix_event_revision", "revision"),
        sa.Index("ix_event_actor", "actor_name", "number"),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(
        default=None, sa_column=sa.Column(BigInteger, primary_key=True, autoincrement=True)
    )
    revision: int = count_column()
    type: str = name_column()
    wire_type: str = name_column()
    wire_data: Any = json_column(Any, nullable=True)
    summary: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    subject_kind: str
    subject_key: str = name_column()
    subject_name: str = name_column()
    toggle_id: str | None = optional_name_column()
    toggle_name: str | None = optional_name_column()
    environment: str | None = optional_name_column()
    project: str | None = optional_name_column()
    actor_name: str = name_column()
    actor_kind: str
    actor_token_id: str | None = optional_name_column()
    # This column is no foreign key, because PostgreSQL would check the key for each event of an
    # import while other writers wait. Before a change set is removed, the retention clears this
    # column in the events of the change set.
    change_set_id: str | None = Field(
        default=None, sa_column=sa.Column(Name, nullable=True, index=True)
    )
    before: Any = json_column(Any, nullable=True)
    after: Any = json_column(Any, nullable=True)
    created_at: datetime = time_column(index=True)
