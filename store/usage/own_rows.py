"""Remember the reports of journal rows that this process wrote, until they are aggregated."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from store.usage.reports import AnyReport

# The total length of the texts whose reports are remembered; other rows are decoded again.
MAX_CHARACTERS = 2_000_000

# The ID of a row, the time of its commit, and the length of its text. A database that was restored
# has other rows with the same IDs.
RowKey: TypeAlias = tuple[int, datetime, int]


class OwnRows:
    """The reports of the rows that the aggregation has not read yet.

    Decoding the rows would take a good part of the time of the aggregation.
    """

    def __init__(self) -> None:
        self._reports: dict[RowKey, list[AnyReport]] = {}
        self._characters = 0

    def add(self, key: RowKey, reports: Sequence[AnyReport]) -> None:
        """Remember the reports of a committed row, if there is room."""
        if self._characters + key[2] <= MAX_CHARACTERS:
            self._reports[key] = [*reports]
            self._characters += key[2]

    def take(self, key: RowKey) -> list[AnyReport] | None:
        """Forget a row, and return its reports; None if they are not remembered."""
        reports = self._reports.pop(key, None)
        if reports is not None:
            self._characters -= key[2]
        return reports

    def clear(self) -> None:
        """Forget all rows, because another process aggregates."""
        self._reports.clear()
        self._characters = 0
