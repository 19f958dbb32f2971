"""Convert objects of the model to rows and back."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncSession
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
    """Return the names of all columns, and those of the primary key."""
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


async def load_configuration(session: AsyncSession) -> Configuration:
    """Load the whole configuration."""
    configuration = await load_reference_data(session)
    for toggle in await load_toggles(session):
        configuration.toggles[toggle.name] = toggle
        configuration.toggles_by_id[toggle.id] = toggle
    return configuration


async def load_reference_data(session: AsyncSession) -> Configuration:
    """Load the configuration without the toggles."""
    configuration = Configuration()
    for kind in _SINGLE_ROW_KINDS.values():
        await load_kind(session, kind, configuration)
    return configuration


async def load_kind(session: AsyncSession, kind: Kind, configuration: Configuration) -> None:
    """Load all objects of a kind, whose row has all fields, into new mappings."""
    for name, _ in kind.indexes:
        setattr(configuration, name, {})
    for row in (await session.execute(sa.select(table_of(kind.row)))).mappings():
        values = dict(row)
        for name, enumeration in kind.enumerations.items():
            values[name] = enumeration(values[name])
        subject = kind.model(**values)
        for name, key in indexes_of(subject):
            getattr(configuration, name)[key] = subject


async def load_toggles(session: AsyncSession, *, changed_since: int = -1) -> list[Toggle]:
    """Load the toggles whose revision is above `changed_since`, with all their parts."""
    changed = sa.select(_TOGGLE.c.id).where(_TOGGLE.c.revision > changed_since)
    statement = sa.select(_TOGGLE).where(_TOGGLE.c.revision > changed_since)
    rows = [row async for row in _with_yields((await session.execute(statement)).mappings())]
    if not rows:
        return []

    async def below(table: sa.Table, *order: str) -> dict[str, list[Record]]:
        # SQLite would scan the table for a join.
        statement = sa.select(table).where(table.c.toggle_id.in_(changed))
        found: dict[str, list[Record]] = defaultdict(list)
        statement = statement.order_by(*(table.c[name] for name in order))
        async for row in _with_yields((await session.execute(statement)).mappings()):
            found[row["toggle_id"]].append(dict(row))
        return found

    tags = await below(_TOGGLE_TAG, "type", "value")
    dependencies = await below(_TOGGLE_DEPENDENCY, "position")
    environments = await below(_TOGGLE_ENVIRONMENT, "environment")
    strategies = await below(_TOGGLE_STRATEGY, "sort_order")
    segments = await _load_segments(session, changed)
    toggles: list[Toggle] = []
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


async def _with_yields(items: Iterable[T]) -> AsyncGenerator[T, None]:
    """Iterate over items, yielding to the event loop regularly."""
    for number, item in enumerate(items):
        if number % _ROWS_PER_YIELD == 0:
            await asyncio.sleep(0)
        yield item


async def _load_segments(
    session: AsyncSession, toggle_ids: sa.Select[tuple[str]]
) -> dict[str, list[int]]:
    strategies = sa.select(_TOGGLE_STRATEGY.c.id).where(
        _TOGGLE_STRATEGY.c.toggle_id.in_(toggle_ids)
    )
    statement = (
        sa.select(_TOGGLE_STRATEGY_SEGMENT)
        .where(_TOGGLE_STRATEGY_SEGMENT.c.strategy_id.in_(strategies))
        .order_by(_TOGGLE_STRATEGY_SEGMENT.c.position)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for row in await session.execute(statement):
        found[row.strategy_id].append(row.segment_id)
    return found
