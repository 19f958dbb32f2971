"""Helpers that declare the names and the common columns of tables."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from store.columns import JsonOf, Name, UtcDateTime

# Migrations can change a constraint only if its name is the same on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """Base of row classes.

    The name of the table is derived from the name of the class. For example, `ToggleTagRow` has the
    table `toggle_tag`.
    """

    # SQLAlchemy passes the class instead of an instance. SQLModel declares `__tablename__` with a
    # narrower type.
    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # pyright: ignore[reportIncompatibleVariableOverride]
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


def key_column() -> Any:
    """Declare a name or id that is (part of) the primary key."""
    return Field(sa_column=sa.Column(Name, primary_key=True))


def name_column(*, unique: bool = False, index: bool = False) -> Any:
    """Declare a required name."""
    return Field(sa_column=sa.Column(Name, nullable=False, unique=unique, index=index))


def optional_name_column() -> Any:
    """Declare an optional name."""
    return Field(default=None, sa_column=sa.Column(Name, nullable=True))


def time_column(*, index: bool = False) -> Any:
    """Declare a required datetime."""
    return Field(sa_column=sa.Column(UtcDateTime, nullable=False, index=index))


def optional_time_column() -> Any:
    """Declare an optional datetime."""
    return Field(default=None, sa_column=sa.Column(UtcDateTime, nullable=True))


def json_column(value_type: Any, *, absent: Any = None, nullable: bool = False) -> Any:
    """Declare a column that stores values of one type as JSON; SQL NULL is read as `absent`."""
    column_type = JsonOf(value_type, absent=absent)
    return Field(default=absent, sa_column=sa.Column(column_type, nullable=nullable))


def count_column(*, server_default: str | None = None) -> Any:
    """Declare a 64-bit integer."""
    column = sa.Column(sa.BigInteger, nullable=False, server_default=server_default)
    return Field(sa_column=column)


def sequence_column() -> Any:
    """Declare the number of the usage write that last wrote a row.

    For rows that earlier releases wrote, the number is 0.
    """
    return Field(
        default=0,
        sa_column=sa.Column(sa.BigInteger, nullable=False, server_default="0", index=True),
    )


def import_column() -> Any:
    """Declare the id of the import of another server's database that created a row, or null.

    Servers of earlier releases do not write this column.
    """
    return optional_name_column()


def import_index(table: str) -> sa.Index:
    """Declare the index of the rows of a table that imports created; other rows cost nothing."""
    imported = sa.text("import_id IS NOT NULL")
    return sa.Index(
        f"ix_{table}_import", "import_id", sqlite_where=imported, postgresql_where=imported
    )


def owner_column(target: str, *, primary_key: bool = False, index: bool = False) -> Any:
    """Declare a foreign key to the owner of a row; deleting the owner also deletes the row."""
    return Field(
        sa_column=sa.Column(
            Name,
            sa.ForeignKey(target, ondelete="CASCADE"),
            primary_key=primary_key,
            nullable=False,
            index=index,
        )
    )
