"""The tables of reference data and API tokens."""

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
    sequence_column,
    time_column,
)
from store.values import Constraint, LegalValue, StrategyParameter


class StrategyRow(Row, table=True):
    name: str = key_column()
    title: str
    description: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    parameters: Any = json_column(tuple[StrategyParameter, ...], absent=UNSET)
    built_in: bool
    deprecated: bool
    created_at: datetime = time_column()
    revision: int = count_column()


class EnvironmentRow(Row, table=True):
    name: str = key_column()
    type: str
    enabled: bool
    sort_order: int
    created_at: datetime = time_column()
    served_revision: int = count_column()
    revision: int = count_column()


class ProjectRow(Row, table=True):
    name: str = key_column()
    title: str
    description: str
    declared: bool
    created_at: datetime = time_column()
    revision: int = count_column()


class ToggleTypeRow(Row, table=True):
    name: str = key_column()
    title: str
    description: str
    lifetime_days: int | None = None
    sort_order: int
    declared: bool
    revision: int = count_column()


class SegmentRow(Row, table=True):
    id: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    name: str = name_column(unique=True)
    description: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    constraints: Any = json_column(tuple[Constraint, ...], absent=UNSET)
    created_at: datetime = time_column()
    created_by: Any = json_column(Actor, nullable=True)
    revision: int = count_column()


class ContextFieldRow(Row, table=True):
    name: str = key_column()
    description: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    legal_values: Any = json_column(tuple[LegalValue, ...], absent=UNSET)
    stickiness: bool
    built_in: bool
    sort_order: int
    created_at: datetime = time_column()
    revision: int = count_column()


class TagTypeRow(Row, table=True):
    name: str = key_column()
    description: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=True))
    icon: str | None = None
    color: str | None = None
    created_at: datetime = time_column()
    revision: int = count_column()


class TagRow(Row, table=True):
    """A tag; the table also contains tags that no toggle has."""

    type: str = Field(sa_column=sa.Column(Name, sa.ForeignKey("tag_type.name"), primary_key=True))
    value: str = key_column()


class ApiTokenRow(Row, table=True):
    id: str = key_column()
    name: str = name_column()
    type: str
    environment: str | None = Field(
        default=None,
        sa_column=sa.Column(Name, sa.ForeignKey("environment.name"), nullable=True),
    )
    projects: Any = json_column(tuple[str, ...], absent=UNSET)
    hint: str
    secret_hash: str = name_column(unique=True)
    created_at: datetime = time_column()
    created_by: Any = json_column(Actor, nullable=True)
    expires_at: datetime | None = optional_time_column()
    revision: int = count_column()


class ApiTokenUseRow(Row, table=True):
    """The time of a token's last use.

    The time has a separate table, because using a token does not change the token.
    """

    token_id: str = owner_column("api_token.id", primary_key=True)
    last_used_at: datetime = time_column()
    sequence: int = sequence_column()
