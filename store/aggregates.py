"""Convert objects of the model to rows and back."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from store.kinds import KINDS, Kind, indexes_of
from store.model import Toggle, ToggleEnvironment, ToggleStrategy
from store.rows import (
    ToggleDependencyRow,
    ToggleEnvironmentRow,
    ToggleRow,
    ToggleStrategyRow,
    ToggleStrategySegmentRow,
    ToggleTagRow,
)
from store.slices import rows_in_slices, slices_of
from store.snapshot import Configuration
from store.values import Dependency, Tag

T = TypeVar("T")
Record = dict[str, Any]
Rows = dict[sa.Table, dict[tuple[Any, ...], Record]]


def table_of(row: type[SQLModel]) -> sa.Table:
    """Return the table of a row class, for statements."""
    return row.__table__  # type: ignore[attr-defined]  # SQLModel sets it for table=True


_TOGGLE = table_of(ToggleRow)
_TOGGLE_ENVIRONMENT = table_of(ToggleEnvironmentRow)
_TOGGLE_STRATEGY = table_of(ToggleStrategyRow)
_TOGGLE_STRATEGY_SEGMENT = table_of(ToggleStrategySegmentRow)
_TOGGLE_TAG = table_of(ToggleTagRow)
_TOGGLE_DEPENDENCY = table_of(ToggleDependencyRow)

# The kinds whose objects are stored as one row, with columns named after their fields.
_SINGLE_ROW_KINDS = {kind.model: kind for kind in KINDS if kind.model is not Toggle}
# The tables with the rows of toggles, and the columns by which the rows of one toggle are sorted.
_ORDERS: Mapping[sa.Table, Sequence[str]] = {
    _TOGGLE_TAG: ("type", "value"),
    _TOGGLE_DEPENDENCY: ("position",),
    _TOGGLE_ENVIRONMENT: ("environment",),
    _TOGGLE_STRATEGY: ("sort_order",),
}
# The number of rows to process before yielding to the event loop.
_ROWS_PER_YIELD = 100


# ------------------------------------------------------------------ objects to rows


def rows_of(subject: Any) -> Rows:
    """Return all rows of an object, by table and primary key."""
    rows: Rows = defaultdict(dict)
    if isinstance(subject, Toggle):
        _add_toggle(rows, subject)
    elif subject is not None:
        _add(rows, table_of(_SINGLE_ROW_KINDS[type(subject)].row), structs.asdict(subject))
    return rows


def _add(rows: Rows, table: sa.Table, values: Record) -> None:
    columns, key = _columns_of(table)
    rows[table][tuple([values[name] for name in key])] = {name: values[name] for name in columns}


@cache
def _columns_of(table: sa.Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of all columns, and the names of the primary key's columns."""
    return tuple(table.columns.keys()), tuple(column.name for column in table.primary_key)


def _add_toggle(rows: Rows, toggle: Toggle) -> None:
    _add(rows, _TOGGLE, structs.asdict(toggle))
    for tag in toggle.tags:
        _add(rows, _TOGGLE_TAG, {"toggle_id": toggle.id, "type": tag.type, "value": tag.value})
    for position, dependency in enumerate(toggle.dependencies):
        _add(
            rows,
            _TOGGLE_DEPENDENCY,
            {
                "toggle_id": toggle.id,
                "depends_on": dependency.toggle,
                "position": position,
                "enabled": dependency.enabled,
                "variants": dependency.variants,
            },
        )
    for configured in toggle.environments.values():
        _add(rows, _TOGGLE_ENVIRONMENT, structs.asdict(configured))
        for strategy in configured.strategies:
            _add(rows, _TOGGLE_STRATEGY, structs.asdict(strategy))
            for position, segment_id in enumerate(strategy.segments):
                _add(
                    rows,
                    _TOGGLE_STRATEGY_SEGMENT,
                    {"strategy_id": strategy.id, "position": position, "segment_id": segment_id},
                )


# ------------------------------------------------------------------ rows to objects


async def load_configuration(connection: AsyncConnection) -> Configuration:
    """Load the whole configuration."""
    configuration = await load_reference_data(connection)
    for toggle in await load_toggles(connection):
        configuration.toggles[toggle.name] = toggle
        configuration.toggles_by_id[toggle.id] = toggle
    return configuration


async def load_reference_data(connection: AsyncConnection) -> Configuration:
    """Load the configuration without the toggles."""
    configuration = Configuration()
    for kind in _SINGLE_ROW_KINDS.values():
        await load_kind(connection, kind, configuration)
    return configuration


async def load_kind(connection: AsyncConnection, kind: Kind, configuration: Configuration) -> None:
    """Load all objects of a kind into new mappings.

    The columns of the kind's rows must be the fields of the objects.
    """
    for name, _ in kind.indexes:
        setattr(configuration, name, {})
    for row in (await connection.execute(sa.select(table_of(kind.row)))).mappings():
        values = dict(row)
        for name, enumeration in kind.enumerations.items():
            values[name] = enumeration(values[name])
        subject = kind.model(**values)
        for name, key in indexes_of(subject):
            getattr(configuration, name)[key] = subject


async def load_toggles(connection: AsyncConnection, *, changed_since: int = -1) -> list[Toggle]:
    """Load the toggles whose revision is above `changed_since`, with all their parts.

    Toggles are loaded in slices. The memory for rows, and the time for which the event loop is
    blocked, therefore do not grow with the number of toggles.
    """
    is_changed = _TOGGLE.c.revision > changed_since
    every_id = sa.select(_TOGGLE.c.id).where(is_changed)
    ids: list[str] = []
    async for part in rows_in_slices(connection, every_id):
        ids += [row.id for row in part]
    # Sort in Python, because SQLite would have to scan the whole table. Python and both databases
    # order IDs in the same way.
    ids.sort()
    loader = _ToggleLoader(connection, is_changed)
    toggles: list[Toggle] = []
    for part in slices_of(ids):
        toggles += await loader.load(part[0], part[-1])
    return toggles


class _ToggleLoader:
    """Loads toggles with all their parts, a range of IDs at a time."""

    def __init__(self, connection: AsyncConnection, is_chosen: sa.ColumnElement[bool]) -> None:
        self._connection = connection
        id_type = _TOGGLE.c.id.type
        chosen = (
            _TOGGLE.c.id >= sa.bindparam("first_", type_=id_type),
            _TOGGLE.c.id <= sa.bindparam("last_", type_=id_type),
            is_chosen,
        )
        self._toggles = sa.select(_TOGGLE).where(*chosen)
        # Do not join the tables, because SQLite would scan them.
        ids = sa.select(_TOGGLE.c.id).where(*chosen)
        self._parts = {
            table: sa.select(table)
            .where(table.c.toggle_id.in_(ids))
            .order_by(*(table.c[name] for name in order))
            for table, order in _ORDERS.items()
        }
        strategies = _TOGGLE_STRATEGY.c.toggle_id.in_(ids)
        self._segments = (
            sa.select(_TOGGLE_STRATEGY_SEGMENT)
            .where(
                _TOGGLE_STRATEGY_SEGMENT.c.strategy_id.in_(
                    sa.select(_TOGGLE_STRATEGY.c.id).where(strategies)
                )
            )
            .order_by(_TOGGLE_STRATEGY_SEGMENT.c.position)
        )

    async def load(self, first: str, last: str) -> list[Toggle]:
        """Load the chosen toggles with IDs in a range, in no particular order."""
        ends = {"first_": first, "last_": last}
        tags = await self._by_toggle(_TOGGLE_TAG, ends)
        dependencies = await self._by_toggle(_TOGGLE_DEPENDENCY, ends)
        environments = await self._by_toggle(_TOGGLE_ENVIRONMENT, ends)
        strategies = await self._by_toggle(_TOGGLE_STRATEGY, ends)
        segments: dict[str, list[int]] = defaultdict(list)
        async for row in _with_yields(await self._connection.execute(self._segments, ends)):
            segments[row.strategy_id].append(row.segment_id)
        toggles: list[Toggle] = []
        rows = (await self._connection.execute(self._toggles, ends)).mappings()
        async for row in _with_yields(rows):
            toggle_id = row["id"]
            in_order: dict[str, list[ToggleStrategy]] = defaultdict(list)
            for record in strategies[toggle_id]:
                strategy = ToggleStrategy(**record, segments=tuple(segments[record["id"]]))
                in_order[strategy.environment].append(strategy)
            toggles.append(
                Toggle(
                    **row,
                    tags=tuple(Tag(tag["type"], tag["value"]) for tag in tags[toggle_id]),
                    dependencies=tuple(
                        Dependency(record["depends_on"], record["enabled"], record["variants"])
                        for record in dependencies[toggle_id]
                    ),
                    environments={
                        record["environment"]: ToggleEnvironment(
                            **record, strategies=tuple(in_order[record["environment"]])
                        )
                        for record in environments[toggle_id]
                    },
                )
            )
        return toggles

    async def _by_toggle(
        self, table: sa.Table, ends: Mapping[str, str]
    ) -> defaultdict[str, list[Record]]:
        """Load the rows of a table that belong to toggles, grouped by the ID of the toggle."""
        found: defaultdict[str, list[Record]] = defaultdict(list)
        rows = (await self._connection.execute(self._parts[table], ends)).mappings()
        async for row in _with_yields(rows):
            found[row["toggle_id"]].append(dict(row))
        return found


async def _with_yields(items: Iterable[T]) -> AsyncGenerator[T, None]:
    """Iterate over items, yielding to the event loop regularly."""
    for number, item in enumerate(items):
        if number % _ROWS_PER_YIELD == 0:
            await asyncio.sleep(0)
        yield item
