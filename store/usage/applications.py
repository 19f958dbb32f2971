"""Applications, and queries that filter, list and count applications."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.paging import Key, Page, Window, page_of_rows
from store.rows import ApplicationInstanceRow, ApplicationRow, ToggleUsageRow
from store.searching import column_contains
from store.slices import SLICE
from store.usage.listing import count_rows, objects_of, page_of, select_all

_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)

ApplicationOrder: TypeAlias = Literal["name", "created_at", "last_seen_at"]


class Application(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """An application that has registered or reported usage.

    If the application has only reported usage, `registered_at` is None. `strategies` are the names
    of the strategies in the application's last registration. `metrics_count` is the sum of all
    counts that the application has reported.
    """

    name: str
    registered_at: datetime | None = None
    description: str = ""
    url: str | None = None
    icon: str | None = None
    color: str | None = None
    strategies: tuple[str, ...] = ()
    created_by: str | None = None
    created_at: datetime
    updated_at: datetime
    last_seen_at: datetime
    metrics_count: int = 0


class ApplicationFilter(Struct, frozen=True, kw_only=True):
    """Conditions on applications. All given fields must match.

    A field that is None matches every application. `search` matches applications whose name or
    description contains the string. If `registered` is true, only registered applications match. If
    `registered` is false, only applications that have never registered match. `sdks` are names
    without versions. If a field has several values, an application must match at least one value.
    """

    search: str | None = None
    registered: bool | None = None
    names: Collection[str] | None = None
    except_names: Collection[str] | None = None
    environments: Collection[str] | None = None
    strategies: Collection[str] | None = None
    toggles: Collection[str] | None = None
    sdks: Collection[str] | None = None
    last_seen_from: datetime | None = None
    last_seen_to: datetime | None = None


NO_FILTER = ApplicationFilter()


async def application_by_name(connection: AsyncConnection, name: str) -> Application | None:
    """Return the application with the given name, or None if the name is unknown."""
    return (await applications_by_name(connection, [name])).get(name)


async def applications_by_name(
    connection: AsyncConnection, names: Collection[str]
) -> dict[str, Application]:
    """Return a mapping of the given names to applications, without unknown names."""
    statement = select_all(Application, _APPLICATION).where(_APPLICATION.c.name.in_(names))
    found = objects_of(Application, await connection.execute(statement))
    return {application.name: application for application in found}


async def list_applications(
    connection: AsyncConnection,
    filter: ApplicationFilter,
    order: ApplicationOrder,
    descending: bool,
    window: Window,
) -> Page[Application]:
    """Return a page of applications, sorted by `order` and then by name.

    The keys in `window` are results of `application_position`.
    """
    columns = [_APPLICATION.c.name]
    if order != "name":
        columns.insert(0, _APPLICATION.c[order])
    statement = select_all(Application, _APPLICATION).where(*_application_conditions(filter))
    page = await page_of_rows(connection, statement, columns, window, descending=descending)
    return page_of(Application, page)


async def all_applications(
    connection: AsyncConnection, filter: ApplicationFilter
) -> list[Application]:
    """Return all applications that match a filter, sorted by name.

    The function reads the applications in pages.
    """
    found: list[Application] = []
    window = Window(SLICE)
    while True:
        page = await list_applications(connection, filter, "name", False, window)
        found += page.items
        if not page.has_next:
            return found
        window = Window(SLICE, after=application_position(found[-1]))


def application_position(application: Application, order: ApplicationOrder = "name") -> Key:
    """Return the key that marks the position of an application in a list."""
    if order == "name":
        return (application.name,)
    return (getattr(application, order), application.name)


async def count_applications(
    connection: AsyncConnection, filter: ApplicationFilter = NO_FILTER
) -> int:
    """Return the number of applications that match a filter."""
    return await count_rows(connection, _APPLICATION, _application_conditions(filter))


async def implementers(
    connection: AsyncConnection, filter: ApplicationFilter
) -> dict[str, list[str]]:
    """Return a mapping of strategies to the sorted applications that implement each strategy."""
    statement = (
        sa.select(_APPLICATION.c.name, _APPLICATION.c.strategies)
        .where(*_application_conditions(filter))
        .order_by(_APPLICATION.c.name)
    )
    names: dict[str, list[str]] = defaultdict(list)
    for name, strategies in await connection.execute(statement):
        for strategy in set(strategies):
            names[strategy].append(name)
    return dict(names)


async def environments_of(
    connection: AsyncConnection, app_names: Collection[str]
) -> dict[str, list[str]]:
    """Return a mapping of application names to the sorted environments of their reports."""
    statement = sa.union(
        *(
            sa.select(table.c.app_name, table.c.environment).where(table.c.app_name.in_(app_names))
            for table in (_INSTANCE, _USAGE)
        )
    )
    environments: dict[str, list[str]] = defaultdict(list)
    for app_name, environment in sorted(await connection.execute(statement)):
        environments[app_name].append(environment)
    return dict(environments)


def _application_conditions(filter: ApplicationFilter) -> list[sa.ColumnElement[bool]]:
    name = _APPLICATION.c.name
    conditions: list[sa.ColumnElement[bool]] = []
    if filter.search:
        conditions.append(
            column_contains(name, filter.search)
            | column_contains(_APPLICATION.c.description, filter.search)
        )
    if filter.registered is not None:
        registered = _APPLICATION.c.registered_at.is_not(None)
        conditions.append(registered if filter.registered else ~registered)
    if filter.names is not None:
        conditions.append(name.in_(filter.names))
    if filter.except_names is not None:
        conditions.append(name.not_in(filter.except_names))
    if filter.environments is not None:
        conditions.append(
            _reported(_INSTANCE, _INSTANCE.c.environment.in_(filter.environments))
            | _reported(_USAGE, _USAGE.c.environment.in_(filter.environments))
        )
    if filter.strategies is not None:
        conditions.append(sa.or_(sa.false(), *map(_implements, filter.strategies)))
    if filter.toggles is not None:
        conditions.append(_reported(_USAGE, _USAGE.c.toggle_name.in_(filter.toggles)))
    if filter.sdks is not None:
        conditions.append(_reported(_INSTANCE, _runs_one_of(filter.sdks)))
    if filter.last_seen_from is not None:
        conditions.append(_APPLICATION.c.last_seen_at >= filter.last_seen_from)
    if filter.last_seen_to is not None:
        conditions.append(_APPLICATION.c.last_seen_at <= filter.last_seen_to)
    return conditions


def _reported(table: sa.Table, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(table.c.app_name == _APPLICATION.c.name, condition)


def _implements(strategy: str) -> sa.ColumnElement[bool]:
    # Search the JSON text for the encoded name. The encoded name can only match a whole item of the
    # list. On SQLite, LIKE would ignore case.
    item = msgspec.json.encode(strategy).decode()
    names = sa.type_coerce(_APPLICATION.c.strategies, sa.Text)
    return sa.func.replace(names, item, "") != names


def _runs_one_of(sdks: Collection[str]) -> sa.ColumnElement[bool]:
    # This expression removes everything after the last colon. Use IN instead of OR, because SQLite
    # limits the depth of an expression.
    version = _INSTANCE.c.sdk_version
    named = sa.func.rtrim(version, sa.func.replace(version, ":", ""))
    return version.in_(sdks) | named.in_([f"{sdk}:" for sdk in sdks])
