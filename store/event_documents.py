"""Cache the documents of events, which never change, and the differences between them."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.events import FieldChange, field_changes
from store.rows import EventRow

# The maximum length of the JSON of all cached events. Computed differences add about as much.
MAX_CHARACTERS = 8_000_000
# In addition to the JSON, an event takes about as much memory as this number of characters.
EVENT_CHARACTERS = 300

_EVENT = table_of(EventRow)
_SELECT = sa.select(
    _EVENT.c.number,
    sa.type_coerce(_EVENT.c.before, sa.Text).label("before"),
    sa.type_coerce(_EVENT.c.after, sa.Text).label("after"),
)


class EventDocuments:
    """The object before and after an event, as JSON documents.

    A document is None if the object did not exist at that time.
    """

    def __init__(self, before: str | None, after: str | None) -> None:
        self.before = before
        self.after = after

    @cached_property
    def changes(self) -> tuple[FieldChange, ...]:
        """The differences between the documents before and after the event."""
        return tuple(field_changes(_decode(self.before), _decode(self.after)))

    @property
    def length(self) -> int:
        """The memory of the documents, in characters."""
        return EVENT_CHARACTERS + len(self.before or "") + len(self.after or "")


class EventDocumentsCache:
    """The documents of recently used events.

    A limit applies to the total length of the documents.
    """

    def __init__(
        self,
        read: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        """Create an empty cache. `read` opens a reading transaction."""
        self.characters = 0
        self._read = read
        self._max_characters = max_characters
        self._cached: OrderedDict[int, EventDocuments] = OrderedDict()

    async def load(self, numbers: Collection[int]) -> dict[int, EventDocuments]:
        """Return the documents of the events with these numbers; omit events that do not exist.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        cached = self._cached
        found: dict[int, EventDocuments] = {}
        missing: list[int] = []
        for number in numbers:
            documents = cached.get(number)
            if documents is None:
                missing.append(number)
            else:
                cached.move_to_end(number)
                found[number] = documents
        if missing:
            async with self._read() as connection:
                rows = await connection.execute(_SELECT.where(_EVENT.c.number.in_(missing)))
            for number, before, after in rows:
                found[number] = documents = EventDocuments(before, after)
                if cached is self._cached:
                    self._add(number, documents)
        return found

    def clear(self) -> None:
        """Forget all documents, because the database has been replaced."""
        self._cached = OrderedDict()
        self.characters = 0

    def _add(self, number: int, documents: EventDocuments) -> None:
        if number in self._cached:
            return  # another request has loaded the event meanwhile
        self._cached[number] = documents
        self.characters += documents.length
        while self.characters > self._max_characters:
            _, oldest = self._cached.popitem(last=False)
            self.characters -= oldest.length


def _decode(document: str | None) -> Any:
    return None if document is None else msgspec.json.decode(document)
