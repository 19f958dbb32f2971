"""Encode the change set and the events of a unit of work.

The module also finds the environments whose features bodies may differ.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy.engine import Dialect

from store.aggregates import table_of
from store.events import ChangeSet, Event, document_of
from store.kinds import KINDS
from store.model import Environment, Toggle
from store.row_changes import Batch, EncodedColumn, Kind, batch_of, encoder_of
from store.rows import ChangeSetRow, EventRow

# Of more events than this, the documents are encoded only when the rows are written.
MAX_ENCODED_EVENTS = 1_000

_EVENT = table_of(EventRow)
_CHANGE_SET = table_of(ChangeSetRow)
_EVENT_COLUMNS = tuple(column.name for column in _EVENT.columns if column.name != "number")
_DOCUMENTS = frozenset({"before", "after", "wire_data"})


def batch_of_change_set(dialect: Dialect, change_set: ChangeSet) -> Batch:
    """Return the row of a change set."""
    columns = tuple(_CHANGE_SET.columns.keys())
    return batch_of(dialect, Kind.INSERT, _CHANGE_SET, columns, [structs.asdict(change_set)])


def batch_of_events(dialect: Dialect, events: Sequence[Event]) -> Batch:
    """Return the rows of events. The caller must not change the sequence afterwards."""
    values: list[Sequence[Any]] = []
    for name in _EVENT_COLUMNS:
        column = EncodedColumn(events, _encoder_of_event(dialect, name))
        is_late = name in _DOCUMENTS and len(events) > MAX_ENCODED_EVENTS
        values.append(column if is_late else [*column])
    return Batch(Kind.INSERT, _EVENT, _EVENT_COLUMNS, values)


def _encoder_of_event(dialect: Dialect, column: str) -> Callable[[Event], Any]:
    """Return the function that encodes the value of an event in a column."""
    read = _READERS.get(column) or attrgetter(column)
    encode = None if column in _JSON else encoder_of(dialect, _EVENT, column)
    return read if encode is None else lambda event: encode(read(event))


_WITH_SECRETS = tuple(kind.model for kind in KINDS if kind.has_secrets)


def _json_of(source: Any) -> str | None:
    """Return the JSON document of an object, as events store it."""
    if source is None:
        return None
    if isinstance(source, _WITH_SECRETS):
        source = document_of(source)  # this omits the secrets
    return msgspec.json.encode(source).decode()


# The JSON in these columns is made from the objects of the model, which is faster than encoding
# their documents.
_JSON: Mapping[str, Callable[[Event], str | None]] = {
    "before": lambda event: _json_of(event.state_before),
    "after": lambda event: _json_of(event.state_after),
}
# The functions that read the values of columns. Other columns are named after an attribute.
_READERS: Mapping[str, Callable[[Event], Any]] = {
    **_JSON,
    "type": lambda event: event.type.name,
    "subject_kind": lambda event: event.subject_kind.value,
    "actor_name": lambda event: event.actor.name,
    "actor_kind": lambda event: event.actor.kind.value,
    "actor_token_id": lambda event: event.actor.token_id,
}


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
