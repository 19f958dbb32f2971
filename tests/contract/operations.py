"""The operations of Unleash 8.2.0, open source edition, from its OpenAPI document.

`operations-8.2.tsv` has a line for each operation: method, path, operation ID, the programs that
call the operation, and a key of `docs/reference/rest-differences.md`. The programs are known from
their published sources and documentation. Unleash's own frontend is not one of them. The key is
the reason why Flagstaff leaves out the operation on purpose.
"""

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

_FILE = Path(__file__).with_name("operations-8.2.tsv")
_PARAMETER = re.compile(r"\{\w+\}")


class UnleashOperation(Struct, frozen=True):
    """An operation of Unleash. `left_out` is the key of a documented difference, or empty."""

    method: str
    path: str
    id: str
    callers: str
    left_out: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches the paths of requests for the operation."""
        parts = [re.escape(part) for part in _PARAMETER.split(self.path)]
        return re.compile("[^/]+".join(parts))

    def path_with(self, value: str) -> str:
        """Return the path with the same value for all parameters."""
        return _PARAMETER.sub(value, self.path)


@cache
def unleash_operations() -> Sequence[UnleashOperation]:
    """All operations, sorted by path."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t")
    return [UnleashOperation(*row) for row in rows]
