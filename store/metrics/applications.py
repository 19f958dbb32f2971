"""What is known of applications: themselves, their instances, and the toggles they use."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.aggregates import table_of
from store.paging import Key, Page, Window, page_of_rows
from store.rows import ApplicationInstanceRow, ApplicationRow, ToggleRow, ToggleUsageRow
from store.searching import holds_text

_APPLICATION = table_of(ApplicationRow)
_INSTANCE = table_of(ApplicationInstanceRow)
_USAGE = table_of(ToggleUsageRow)
_TOGGLE = table_of(ToggleRow)

ApplicationOrder: TypeAlias = Literal["name", "created_at", "last_seen_at"]


class Application(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """An application that registered (then it has `registered_at`) or only reported usage.

    `strategies` are the names that its SDK last said it implements; `metrics_count` is the sum of
    all counts it ever reported.
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


class ApplicationInstance(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """One running copy of an application in an environment, as it described itself.

    `sdk_version` is the text that was sent, see `split_sdk`; `started_at` is by its own clock.
    """

    id: str
    app_name: str
    instance_id: str
    environment: str
    sdk_version: str | None = None
    connection_id: str | None = None
    interval_ms: int | None = None
    platform_name: str | None = None
    platform_version: str | None = None
    yggdrasil_version: str | None = None
    spec_version: str | None = None
    client_ip: str | None = None
    started_at: datetime | None = None
    created_at: datetime
    last_seen_at: datetime


class ToggleUsage(Struct, frozen=True, kw_only=True, dict=True, rename="camel"):
    """That an application asked for a name in an environment; the counts are of a lifetime."""

    toggle_name: str
    app_name: str
    environment: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_yes_at: datetime | None = None
    last_no_at: datetime | None = None
    yes: int = 0
    no: int = 0


class ApplicationFilter(Struct, frozen=True, kw_only=True):
    """Which applications are wanted; all that is given must hold, None means any.

    `search` is text in name or description; `registered` tells applications that registered from
    those that only reported usage; `sdks` are names without versions; of several
    environments, strategies, toggles or SDKs one is enough.
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

T = TypeVar("T", Application, ApplicationInstance, ToggleUsage)


def split_sdk(sdk_version: str) -> tuple[str, str | None]:
    """Name and version of an SDK out of what it calls itself, such as `unleash-node-sdk:6.1.0`."""
    name, _, version = sdk_version.rpartition(":")
    return (name, version or None) if name else (sdk_version, None)


# ------------------------------------------------------------------ applications


async def application_by_name(session: AsyncSession, name: str) -> Application | None:
    """The application with a name, None when there is none."""
    return (await applications_by_name(session, [name])).get(name)


async def applications_by_name(
    session: AsyncSession | AsyncConnection, names: Collection[str]
) -> dict[str, Application]:
    """The applications with some names; unknown names are left out."""
    statement = _select(Application, _APPLICATION).where(_APPLICATION.c.name.in_(names))
    found = _structs(Application, await session.execute(statement))
    return {application.name: application for application in found}


async def list_applications(
    session: AsyncSession,
    filter: ApplicationFilter,
    order: ApplicationOrder,
    descending: bool,
    window: Window,
) -> Page[Application]:
    """A page of applications, names breaking ties; the window is of `application_position`s."""
    columns = [_APPLICATION.c.name]
    if order != "name":
        columns.insert(0, _APPLICATION.c[order])
    statement = _select(Application, _APPLICATION).where(*_application_conditions(filter))
    page = await page_of_rows(session, statement, columns, window, descending=descending)
    return _page(Application, page)


def application_position(application: Application, order: ApplicationOrder = "name") -> Key:
    """The place of an application in the list."""
    if order == "name":
        return (application.name,)
    return (getattr(application, order), application.name)


async def count_applications(session: AsyncSession, filter: ApplicationFilter = NO_FILTER) -> int:
    """How many applications a filter lets through."""
    return await _count(session, _APPLICATION, _application_conditions(filter))


async def environments_of(
    session: AsyncSession, app_names: Collection[str]
) -> dict[str, list[str]]:
    """Where each application has reported from, by name; those that never did are left out."""
    statement = sa.union(
        *(
            sa.select(table.c.app_name, table.c.environment).where(table.c.app_name.in_(app_names))
            for table in (_INSTANCE, _USAGE)
        )
    )
    environments: dict[str, list[str]] = defaultdict(list)
    for app_name, environment in sorted(await session.execute(statement)):
        environments[app_name].append(environment)
    return dict(environments)


async def live_sdks(
    session: AsyncSession, app_names: Collection[str], since: datetime
) -> dict[str, list[tuple[str, int]]]:
    """What the instances run that reported since then, and how many do, by application."""
    count = sa.func.count()
    statement = (
        sa.select(_INSTANCE.c.app_name, _INSTANCE.c.sdk_version, count)
        .where(
            _INSTANCE.c.app_name.in_(app_names),
            _INSTANCE.c.last_seen_at >= since,
            _INSTANCE.c.sdk_version.is_not(None),
        )
        .group_by(_INSTANCE.c.app_name, _INSTANCE.c.sdk_version)
        .order_by(count.desc(), _INSTANCE.c.sdk_version)
    )
    sdks: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for app_name, sdk_version, instances in await session.execute(statement):
        sdks[app_name].append((sdk_version, instances))
    return dict(sdks)


def _application_conditions(filter: ApplicationFilter) -> list[sa.ColumnElement[bool]]:
    name = _APPLICATION.c.name
    conditions: list[sa.ColumnElement[bool]] = []
    if filter.search:
        conditions.append(
            holds_text(name, filter.search) | holds_text(_APPLICATION.c.description, filter.search)
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
    # Within a JSON list of texts only an item can read like this. LIKE would ignore case on SQLite.
    item = msgspec.json.encode(strategy).decode()
    names = sa.type_coerce(_APPLICATION.c.strategies, sa.Text)
    return sa.func.replace(names, item, "") != names


def _runs_one_of(sdks: Collection[str]) -> sa.ColumnElement[bool]:
    # Trimmed of everything after its last colon. A list rather than alternatives, since SQLite
    # limits how many of these a condition may have.
    version = _INSTANCE.c.sdk_version
    named = sa.func.rtrim(version, sa.func.replace(version, ":", ""))
    return version.in_(sdks) | named.in_([f"{sdk}:" for sdk in sdks])


# ------------------------------------------------------------------ instances


async def list_instances(
    session: AsyncSession,
    app_name: str | None = None,
    *,
    environment: str | None = None,
    seen_since: datetime | None = None,
    window: Window,
) -> Page[ApplicationInstance]:
    """A page of instances, latest report first; the window is of `instance_position`s."""
    statement = _select(ApplicationInstance, _INSTANCE).where(
        *_instance_conditions(app_name, environment, seen_since)
    )
    columns = [_INSTANCE.c.last_seen_at, _INSTANCE.c.id]
    page = await page_of_rows(session, statement, columns, window, descending=True)
    return _page(ApplicationInstance, page)


def instance_position(instance: ApplicationInstance) -> Key:
    """The place of an instance in the list."""
    return (instance.last_seen_at, instance.id)


async def count_instances(
    session: AsyncSession,
    app_name: str | None = None,
    *,
    environment: str | None = None,
    seen_since: datetime | None = None,
) -> int:
    """How many instances there are, of one application or of all."""
    conditions = _instance_conditions(app_name, environment, seen_since)
    return await _count(session, _INSTANCE, conditions)


async def instances_by_id(
    session: AsyncSession, ids: Collection[str]
) -> dict[str, ApplicationInstance]:
    """The instances with some keys; unknown keys are left out."""
    statement = _select(ApplicationInstance, _INSTANCE).where(_INSTANCE.c.id.in_(ids))
    found = _structs(ApplicationInstance, await session.execute(statement))
    return {instance.id: instance for instance in found}


def _instance_conditions(
    app_name: str | None, environment: str | None, seen_since: datetime | None
) -> list[sa.ColumnElement[bool]]:
    conditions = _equal({_INSTANCE.c.app_name: app_name, _INSTANCE.c.environment: environment})
    if seen_since is not None:
        conditions.append(_INSTANCE.c.last_seen_at >= seen_since)
    return conditions


# ------------------------------------------------------------------ usages


async def list_usages(
    session: AsyncSession,
    *,
    application: str | None = None,
    toggle: str | None = None,
    environment: str | None = None,
    seen_since: datetime | None = None,
    unknown: bool | None = None,
    only_names: Collection[str] | None = None,
    except_names: Collection[str] | None = None,
    window: Window,
) -> Page[ToggleUsage]:
    """A page of usages, newest report first; the window is of `usage_position`s.

    `unknown` asks for names that no toggle has, live or archived, or for those that one has;
    `only_names` and `except_names` are for small sets of names.
    """
    conditions = _usage_conditions(
        application, toggle, environment, seen_since, unknown, only_names, except_names
    )
    columns = [
        _USAGE.c.last_seen_at,
        _USAGE.c.toggle_name,
        _USAGE.c.app_name,
        _USAGE.c.environment,
    ]
    statement = _select(ToggleUsage, _USAGE).where(*conditions)
    page = await page_of_rows(session, statement, columns, window, descending=True)
    return _page(ToggleUsage, page)


def usage_position(usage: ToggleUsage) -> Key:
    """The place of a usage in the list."""
    return (usage.last_seen_at, usage.toggle_name, usage.app_name, usage.environment)


async def count_usages(
    session: AsyncSession,
    *,
    application: str | None = None,
    toggle: str | None = None,
    environment: str | None = None,
    seen_since: datetime | None = None,
    unknown: bool | None = None,
    only_names: Collection[str] | None = None,
    except_names: Collection[str] | None = None,
) -> int:
    """How many usages `list_usages` would list."""
    conditions = _usage_conditions(
        application, toggle, environment, seen_since, unknown, only_names, except_names
    )
    return await _count(session, _USAGE, conditions)


def _usage_conditions(
    application: str | None,
    toggle: str | None,
    environment: str | None,
    seen_since: datetime | None,
    unknown: bool | None,
    only_names: Collection[str] | None,
    except_names: Collection[str] | None,
) -> list[sa.ColumnElement[bool]]:
    name = _USAGE.c.toggle_name
    conditions = _equal(
        {_USAGE.c.app_name: application, name: toggle, _USAGE.c.environment: environment}
    )
    if seen_since is not None:
        conditions.append(_USAGE.c.last_seen_at >= seen_since)
    if unknown is not None:
        has_toggle = sa.exists().where(_TOGGLE.c.name == name)
        conditions.append(~has_toggle if unknown else has_toggle)
    if only_names is not None:
        conditions.append(name.in_(only_names))
    if except_names is not None:
        conditions.append(name.not_in(except_names))
    return conditions


# ------------------------------------------------------------------ what the lists share


def _equal(wanted: Mapping[sa.Column[Any], str | None]) -> list[sa.ColumnElement[bool]]:
    return [column == value for column, value in wanted.items() if value is not None]


async def _count(
    session: AsyncSession, table: sa.Table, conditions: Iterable[sa.ColumnElement[bool]]
) -> int:
    statement = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return (await session.execute(statement)).scalar_one()


def _select(kind: type[T], table: sa.Table) -> sa.Select[Any]:
    return sa.select(*(table.c[name] for name in kind.__struct_fields__))


def _structs(kind: type[T], rows: Iterable[sa.Row[Any]]) -> list[T]:
    return [kind(**dict(zip(kind.__struct_fields__, row, strict=True))) for row in rows]


def _page(kind: type[T], page: Page[Any]) -> Page[T]:
    return Page(_structs(kind, page.items), page.has_next, page.has_previous)
