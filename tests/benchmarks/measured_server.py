"""A server that records measurements of itself for a benchmark.

    python -m tests.benchmarks.measured_server MODULE FILE [ARGUMENTS ...]

Runs the command `flagstaff` with the arguments inside the context manager `take_notes` of MODULE.
At the end, the value that `take_notes` yields is written to FILE as JSON.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

from tests.server import Server


class MeasuredServer(Server):
    """A server that runs inside `take_notes` of a benchmark's module."""

    def __init__(self, module: str, folder: Path, **variables: str) -> None:
        self._module = module
        self._notes = folder / "notes.json"
        super().__init__(folder, **variables)

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Any:
        program = [sys.executable, "-m", "tests.benchmarks.measured_server"]
        with self._log_file.open("ab") as log:
            return Popen(
                [*program, self._module, str(self._notes), *arguments],
                cwd=self._folder,
                env=environment,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=log,
                text=True,
            )

    def notes(self) -> Any:
        """The value that `take_notes` yielded, after the server has ended."""
        return json.loads(self._notes.read_text())


def main() -> None:
    """Run the command and write the notes."""
    from flagstaff.cli import main as flagstaff

    module, file, *arguments = sys.argv[1:]
    sys.argv[1:] = arguments
    with import_module(module).take_notes() as notes:
        try:
            flagstaff()
        finally:
            Path(file).write_text(json.dumps(notes))


if __name__ == "__main__":
    main()
