"""How the tables are declared: their names, and the kinds of columns they share."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from store.columns import JsonOf, Name, UtcDateTime

# Constraints need names that are the same on every database before a migration can change them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row class `ToggleTagRow` has the table `toggle_tag`."""

    # Called with the class, not an instance; SQLModel declares the attribute more narrowly.
    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # pyright: ignore[reportIncompatibleVariableOverride]
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


def key_column() -> Any:
    """A name or id that is (part of) the primary key."""
    return Field(sa_column=sa.Column(Name, primary_key=True))


def name_column(*, unique: bool = False, index: bool = False) -> Any:
    """A name that must be there."""
    return Field(sa_column=sa.Column(Name, nullable=False, unique=unique, index=index))


def optional_name_column() -> Any:
    """A name that may be missing."""
    return Field(default=None, sa_column=sa.Column(Name, nullable=True))


def time_column(*, index: bool = False) -> Any:
    """A moment that must be there."""
    return Field(sa_column=sa.Column(UtcDateTime, nullable=False, index=index))


def optional_time_column() -> Any:
    """A moment that may be missing."""
    return Field(default=None, sa_column=sa.Column(UtcDateTime, nullable=True))


def json_column(value_type: Any, *, absent: Any = None, nullable: bool = False) -> Any:
    """A value of one type as JSON text; SQL NULL stands for `absent`."""
    column_type = JsonOf(value_type, absent=absent)
    return Field(default=absent, sa_column=sa.Column(column_type, nullable=nullable))


def count_column(*, server_default: str | None = None) -> Any:
    """A whole number of 64 bits."""
    column = sa.Column(sa.BigInteger, nullable=False, server_default=server_default)
    return Field(sa_column=column)


def sequence_column() -> Any:
    """The number of the change of usage that wrote a row; 0 for those that are older."""
    return Field(
        default=0,
        sa_column=sa.Column(sa.BigInteger, nullable=False, server_default="0", index=True),
    )


def owner_column(target: str, *, primary_key: bool = False, index: bool = False) -> Any:
    """A key of a row that owns this one and takes it along when it goes."""
    return Field(
        sa_column=sa.Column(
            Name,
            sa.ForeignKey(target, ondelete="CASCADE"),
            primary_key=primary_key,
            nullable=False,
            index=index,
        )
    )
