"""Convert lists and pages of rows to lists and pages of objects."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.paging import Page

T = TypeVar("T", bound=Struct)


async def count_rows(
    connection: AsyncConnection, table: sa.Table, conditions: Iterable[sa.ColumnElement[bool]]
) -> int:
    """Return the number of rows in a table that meet all conditions."""
    statement = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return (await connection.execute(statement)).scalar_one()


def select_all(kind: type[T], table: sa.Table) -> sa.Select[Any]:
    """Select the columns for all fields of a struct."""
    return sa.select(*(table.c[name] for name in kind.__struct_fields__))


def objects_of(kind: type[T], rows: Iterable[sa.Row[Any]]) -> list[T]:
    """Convert rows of `select_all` to objects."""
    return [kind(**dict(zip(kind.__struct_fields__, row, strict=True))) for row in rows]


def page_of(kind: type[T], page: Page[Any]) -> Page[T]:
    """Convert a page of rows to a page of objects."""
    return Page(objects_of(kind, page.items), page.has_next, page.has_previous)


def pages_of(kind: type[T], pages: Mapping[str, Page[Any]]) -> dict[str, Page[T]]:
    """Convert a page of rows for each parent to a page of objects."""
    return {parent: page_of(kind, page) for parent, page in pages.items()}
