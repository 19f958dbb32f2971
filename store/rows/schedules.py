"""The tables of scheduled change sets."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from store.rows.declaring import (
    Row,
    count_column,
    json_column,
    name_column,
    optional_name_column,
    optional_time_column,
    owner_column,
)
from store.scheduled_changes import PlannedChange, Rollout


class ScheduleRow(Row, table=True):
    """The changes of a scheduled change set, in `changes` or in the steps of `rollout`.

    `changes` has the format of the API that scheduled the change set. When a change set is
    scheduled, the server tries its changes once and stores the results in `planned`. `revision` is
    the server's revision when the change set was scheduled.
    """

    change_set_id: str = owner_column("change_set.id", primary_key=True)
    changes: Any = json_column(Any, nullable=True)
    planned: Any = json_column(list[PlannedChange])
    rollout: Any = json_column(Rollout, nullable=True)
    force: bool
    paused_at: datetime | None = optional_time_column()
    revision: int = count_column()


class ScheduledSubjectRow(Row, table=True):
    """An object that a scheduled change set touches.

    `revision` is the object's revision when the change set was scheduled. If the rollout has
    changed the object since then, `revision` is the object's revision after the last change. For
    objects without a revision, `revision` is null.
    """

    __table_args__ = (sa.Index("ix_scheduled_subject_name", "kind", "name"),)

    change_set_id: str = owner_column("change_set.id", primary_key=True)
    position: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    kind: str = name_column()
    key: str = name_column()
    name: str = name_column()
    environment: str | None = optional_name_column()
    revision: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, nullable=True))
