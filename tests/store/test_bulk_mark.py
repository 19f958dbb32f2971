"""The file that shows when large changes of other processes are written."""

import math
import os
import time
from pathlib import Path

from store.bulk_mark import BulkMark


def test_a_mark_that_was_never_held_was_released_never(tmp_path: Path) -> None:
    assert BulkMark(str(tmp_path / "a.db")).seconds_since() == math.inf
    assert list(tmp_path.iterdir()) == []


def test_all_processes_see_that_a_mark_is_held_and_since_when_it_is_not(tmp_path: Path) -> None:
    """Two locks in one process conflict like locks of two processes."""
    first, second = (BulkMark(str(tmp_path / "a.db")) for _ in range(2))
    with first.held():
        with second.held():
            pass
        os.utime(tmp_path / "a.db-bulk", (0, 0))
        held = first.seconds_since(), second.seconds_since()
    released = first.seconds_since(), second.seconds_since()

    assert held == (0, 0)
    assert all(0 <= since < time.time() / 2 for since in released)


def test_a_release_after_which_the_clock_was_set_back_is_ignored(tmp_path: Path) -> None:
    mark = BulkMark(str(tmp_path / "a.db"))
    with mark.held():
        pass
    tomorrow = time.time() + 86_400
    os.utime(tmp_path / "a.db-bulk", (tomorrow, tomorrow))

    assert mark.seconds_since() == math.inf
