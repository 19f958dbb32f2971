"""The import of 50,000 toggles by the command, into a new SQLite file."""

from collections.abc import Iterator

from tests.benchmarks.peers.laboratory import MOST, Laboratory
from tests.benchmarks.peers.measurement import Measurement


def measurements() -> Iterator[Measurement]:
    """One for the whole command."""
    yield Measurement(("import CPU", "import memory"), _measure, max_rounds=2)


def _measure(lab: Laboratory) -> tuple[float, float]:
    file, used = lab.import_toggles(MOST)
    # Servers with as many toggles need not import them again.
    if lab.once(("database", MOST), lambda: file) != file:
        file.unlink()
    return used.cpu_s, used.peak_mb
