"""The import of 50,000 toggles into a new SQLite file with `flagstaff import`."""

from collections.abc import Iterator

from tests.benchmarks.peers.laboratory import MOST, Laboratory
from tests.benchmarks.peers.measurement import Measurement


def measurements() -> Iterator[Measurement]:
    """Measure the whole command."""
    yield Measurement(("import CPU", "import memory"), _measure, max_rounds=2)


def _measure(lab: Laboratory) -> tuple[float, float]:
    file, used = lab.import_toggles(MOST)
    # Servers with the same number of toggles use copies of this file.
    if lab.once(("database", MOST), lambda: file) != file:
        file.unlink()
    return used.cpu_s, used.peak_mb
