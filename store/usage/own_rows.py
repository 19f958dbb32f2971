"""Cache the reports of journal rows that this process has written but not aggregated yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from store.usage.reports import AnyReport

# The cached rows have at most this total length. The aggregation decodes rows that are not cached.
MAX_CHARACTERS = 2_000_000

# A key consists of a row's ID, the time of its commit, and the length of its text. The ID alone is
# not unique, because a restored database may reuse IDs.
RowKey: TypeAlias = tuple[int, datetime, int]


class OwnRows:
    """The reports of rows that the aggregation has not read yet.

    Because of the cache, the aggregation does not decode the rows. Decoding would take much of the
    aggregation's time.
    """

    def __init__(self) -> None:
        self._reports: dict[RowKey, list[AnyReport]] = {}
        self._characters = 0

    def add(self, key: RowKey, reports: Sequence[AnyReport]) -> None:
        """Cache the reports of a committed row, if the cache has enough room."""
        if self._characters + key[2] <= MAX_CHARACTERS:
            self._reports[key] = [*reports]
            self._characters += key[2]

    def take(self, key: RowKey) -> list[AnyReport] | None:
        """Remove a row from the cache and return its reports, or None if the row is not cached."""
        reports = self._reports.pop(key, None)
        if reports is not None:
            self._characters -= key[2]
        return reports

    def clear(self) -> None:
        """Empty the cache, because another process aggregates."""
        self._reports.clear()
        self._characters = 0
