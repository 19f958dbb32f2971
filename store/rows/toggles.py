"""The tables of toggles and of the parts of toggles."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import UNSET
from sqlmodel import Field

from store.columns import Name
from store.model import Actor
from store.rows.declaring import (
    Row,
    count_column,
    json_column,
    key_column,
    name_column,
    optional_time_column,
    owner_column,
    time_column,
)
from store.values import Constraint, Variant


class ToggleRow(Row, table=True):
    id: str = key_column()
    name: str = name_column(unique=True)
    description: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    type: str = name_column()
    project: str = name_column()
    impression_data: bool
    stale_at: datetime | None = optional_time_column()
    archived_at: datetime | None = optional_time_column()
    created_at: datetime = time_column()
    created_by: Any = json_column(Actor, nullable=True)
    updated_at: datetime = time_column()
    revision: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False, index=True))


class ToggleEnvironmentRow(Row, table=True):
    toggle_id: str = owner_column("toggle.id", primary_key=True)
    environment: str = owner_column("environment.name", primary_key=True, index=True)
    enabled: bool
    variants: Any = json_column(tuple[Variant, ...] | None, absent=UNSET, nullable=True)
    updated_at: datetime = time_column()
    revision: int = count_column()


class ToggleStrategyRow(Row, table=True):
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["toggle_id", "environment"],
            ["toggle_environment.toggle_id", "toggle_environment.environment"],
            ondelete="CASCADE",
        ),
        sa.Index("ix_toggle_strategy_owner", "toggle_id", "environment"),
    )

    id: str = key_column()
    toggle_id: str = name_column()
    environment: str = name_column()
    name: str = name_column()
    title: str
    disabled: bool
    sort_order: int
    parameters: Any = json_column(dict[str, Any], absent=UNSET, nullable=True)
    constraints: Any = json_column(tuple[Constraint, ...] | None, absent=UNSET, nullable=True)
    variants: Any = json_column(tuple[Variant, ...], absent=UNSET, nullable=True)


class ToggleStrategySegmentRow(Row, table=True):
    strategy_id: str = owner_column("toggle_strategy.id", primary_key=True)
    position: int = Field(primary_key=True)
    segment_id: int = Field(foreign_key="segment.id", index=True)


class ToggleTagRow(Row, table=True):
    __table_args__ = (
        sa.ForeignKeyConstraint(["type", "value"], ["tag.type", "tag.value"]),
        sa.Index("ix_toggle_tag_tag", "type", "value"),
    )

    toggle_id: str = owner_column("toggle.id", primary_key=True)
    type: str = key_column()
    value: str = key_column()


class ToggleDependencyRow(Row, table=True):
    """A dependency of a toggle on another toggle.

    `depends_on` is the name of the required toggle. Names of toggles never change. Before the
    writer deletes a toggle, the writer deletes the toggle's dependencies. With RESTRICT, PostgreSQL
    executes fewer queries for each removed toggle than with other actions. Imports should be short,
    because other writers wait for the end of an import.
    """

    toggle_id: str = Field(
        sa_column=sa.Column(Name, sa.ForeignKey("toggle.id", ondelete="RESTRICT"), primary_key=True)
    )
    depends_on: str = Field(
        sa_column=sa.Column(
            Name,
            sa.ForeignKey("toggle.name", ondelete="RESTRICT"),
            primary_key=True,
            index=True,
        )
    )
    position: int
    enabled: bool
    variants: Any = json_column(tuple[str, ...], absent=UNSET)
