"""Encode the change set and the events of a unit of work.

The module also finds the environments whose features bodies may differ.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy.engine import Dialect

from store.aggregates import table_of
from store.events import ChangeSet, Event, document_of, row_of
from store.model import ApiToken, Environment, Toggle
from store.row_changes import Batch, Kind, batch_of
from store.rows import ChangeSetRow, EventRow

# The objects from which the documents `before` and `after` of an event are made.
Sources = tuple[Any, Any]

_EVENT = table_of(EventRow)
_CHANGE_SET = table_of(ChangeSetRow)
_EVENT_COLUMNS = tuple(column.name for column in _EVENT.columns if column.name != "number")
_DOCUMENTS = tuple(map(_EVENT_COLUMNS.index, ("before", "after")))


def batch_of_change_set(dialect: Dialect, change_set: ChangeSet) -> Batch:
    """Return the row of a change set."""
    columns = tuple(_CHANGE_SET.columns.keys())
    return batch_of(dialect, Kind.INSERT, _CHANGE_SET, columns, [structs.asdict(change_set)])


def batch_of_events(dialect: Dialect, events: Sequence[Event], sources: Sequence[Sources]) -> Batch:
    """Return the rows of one or more events."""
    # Encode the objects themselves, which is faster than encoding their documents.
    records = [row_of(event) | {"before": None, "after": None} for event in events]
    batch = batch_of(dialect, Kind.INSERT, _EVENT, _EVENT_COLUMNS, records)
    for position, objects in zip(_DOCUMENTS, zip(*sources, strict=True), strict=True):
        batch.values[position] = [*map(_json_of, objects)]
    return batch


def _json_of(source: Any) -> str | None:
    """Return the JSON document of an object, as events store it."""
    if source is None:
        return None
    if isinstance(source, ApiToken):
        source = document_of(source)  # this omits the secret
    return msgspec.json.encode(source).decode()


def environments_served_differently(
    before: Toggle | None, after: Toggle | None, environments: Mapping[str, Environment]
) -> set[str]:
    """Return the environments whose features bodies may differ between two states of a toggle."""
    live_before = before is not None and not before.archived
    live_after = after is not None and not after.archived
    if not live_before and not live_after:
        return set()
    if before is None or after is None or live_before != live_after:
        return set(environments)
    neutral: dict[str, Any] = {"environments": {}, "revision": 0, "updated_at": after.updated_at}
    if structs.replace(before, **neutral) != structs.replace(after, **neutral):
        return set(environments)
    return {
        name
        for name in {*before.environments, *after.environments}
        if before.environments.get(name) is not after.environments.get(name)
    }
