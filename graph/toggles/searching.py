"""Search all toggles at once."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from store import Snapshot
from store.model import Toggle
from store.threads import Worker

# The index of more toggles is built in a thread.
MAX_INDEXED_AT_ONCE = 2_000
_WORKER = Worker()

# No string contains this separator, because the databases cannot store NUL.
_SEPARATOR = "\x00"


class SearchIndex:
    """The searchable strings of all live toggles, joined to one string.

    One search in a long string is much faster than a search in each of many strings.
    """

    def __init__(self, toggles: Sequence[Toggle]) -> None:
        strings = [searched_strings(toggle) + _SEPARATOR for toggle in toggles]
        self._toggles = toggles
        self._ends = list(accumulate(map(len, strings)))
        self._joined = "".join(strings)

    def find(self, substring: str) -> list[Toggle]:
        """Return the toggles whose strings contain a case-folded substring."""
        found: list[Toggle] = []
        start = self._joined.find(substring)
        while start >= 0:
            position = bisect_right(self._ends, start)
            found.append(self._toggles[position])
            start = self._joined.find(substring, self._ends[position])
        return found


def search(snapshot: Snapshot, toggles: Sequence[Toggle], substring: str) -> Sequence[Toggle]:
    """Return the toggles whose name, description or tags contain `substring`, ignoring case."""
    casefolded = substring.casefold()
    if _SEPARATOR in casefolded:
        return []
    if toggles is snapshot.live_toggles:
        return _index_of(snapshot).find(casefolded)
    return [toggle for toggle in toggles if casefolded in searched_strings(toggle)]


def searched_strings(toggle: Toggle) -> str:
    """Return the searchable strings of a toggle, joined and case-folded.

    The result is cached with the toggle.
    """
    cached: str | None = vars(toggle).get("searched_strings")
    if cached is None:
        tags = (tag.value for tag in toggle.tags)
        cached = _SEPARATOR.join((toggle.name, toggle.description or "", *tags)).casefold()
        vars(toggle)["searched_strings"] = cached
    return cached


def is_indexed(snapshot: Snapshot) -> bool:
    """Whether the first search in a snapshot is fast."""
    return SearchIndex in snapshot.memo or len(snapshot.toggles) <= MAX_INDEXED_AT_ONCE


async def index_toggles(snapshot: Snapshot) -> None:
    """Build the index of a snapshot in a thread, because building it may take long."""
    await _WORKER.run(lambda: _index_of(snapshot))


def _index_of(snapshot: Snapshot) -> SearchIndex:
    index: SearchIndex | None = snapshot.memo.get(SearchIndex)
    if index is None:
        index = snapshot.memo[SearchIndex] = SearchIndex(snapshot.live_toggles)
    return index
