"""Cache the reports of journal rows that this process wrote, until the rows are aggregated."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from store.usage.reports import AnyReport

# The maximum total length of the cached rows. The aggregation decodes other rows.
MAX_CHARACTERS = 2_000_000

# The ID of a row, the time of its commit, and the length of its text. The ID is not enough, because
# a restored database may have other rows with the same IDs.
RowKey: TypeAlias = tuple[int, datetime, int]


class OwnRows:
    """The reports of rows that the aggregation has not read yet.

    The cache saves the aggregation from decoding these rows, which would take much of its time.
    """

    def __init__(self) -> None:
        self._reports: dict[RowKey, list[AnyReport]] = {}
        self._characters = 0

    def add(self, key: RowKey, reports: Sequence[AnyReport]) -> None:
        """Cache the reports of a committed row, if the cache has room for them."""
        if self._characters + key[2] <= MAX_CHARACTERS:
            self._reports[key] = [*reports]
            self._characters += key[2]

    def take(self, key: RowKey) -> list[AnyReport] | None:
        """Remove a row from the cache, and return its reports; None if they are not cached."""
        reports = self._reports.pop(key, None)
        if reports is not None:
            self._characters -= key[2]
        return reports

    def clear(self) -> None:
        """Empty the cache, because another process aggregates."""
        self._reports.clear()
        self._characters = 0
