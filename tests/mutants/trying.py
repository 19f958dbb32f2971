"""Copies of the working tree, and the tests that run in the copies."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from msgspec import structs

from tests.mutants.faults import Fault
from tests.mutants.outcomes import Outcome, Verdict
from tests.mutants.processes import Reply, Request, StartError, TestProcess
from tests.mutants.recording import Recorded

# The time limit of a test is this time plus a multiple of its recorded duration.
MIN_TEST_S = 60.0
SLOWER = 10


class Tree:
    """A copy of the files of a repository's working tree.

    `built` are paths of build results, which the copy must not change. `folder` contains the copy
    and temporary files. `options` are options of pytest, and `tests` the paths that it collects.
    """

    def __init__(
        self,
        root: Path,
        folder: Path,
        *,
        built: Sequence[str],
        options: Sequence[str],
        tests: Sequence[str],
    ) -> None:
        self.folder = folder / "tree"
        self._folder = folder
        self._options = options
        self._tests = tests
        self._processes = ExitStack()
        self._process: TestProcess | None = None
        # Python's cache of compiled files cannot distinguish files that are written within a
        # second.
        self._written = 1_000_000_000
        for name in listed_files(root):
            if (root / name).is_file():
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, target)
        for name in built:
            if (root / name.lstrip("/")).exists():
                (self.folder / name.lstrip("/")).symlink_to(root / name.lstrip("/"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.close()

    def write(self, path: str, source: bytes) -> None:
        """Replace a file, so that Python compiles it again."""
        file = self.folder / path
        file.write_bytes(source)
        self._written += 2
        os.utime(file, (self._written, self._written))

    def start(self) -> None:
        """Start the process that imports everything, unless it is running."""
        if self._process is None:
            process = TestProcess(self.folder, self._folder / "forks", self._arguments(self._tests))
            self._process = self._processes.enter_context(process)

    def run(self, request: Request) -> Reply:
        """Run tests in a fork of the process that has imported everything without a fault."""
        assert self._process is not None, "it is not started"
        try:
            return self._process.run(request)
        except StartError as error:
            raise RuntimeError(f"the process that forks has ended: {error}") from error

    def run_anew(self, request: Request) -> Reply:
        """Run tests in a new process.

        Raises: StartError: pytest could not import or collect the tests.
        """
        modules = dict.fromkeys(test.partition("::")[0] for test in request.tests)
        arguments = self._arguments(list(modules))
        with TestProcess(self.folder, self._folder / "new", arguments) as process:
            return process.run(structs.replace(request, file=""))

    def _arguments(self, tests: Sequence[str]) -> list[str]:
        return [*self._options, *tests]


def listed_files(root: Path, *patterns: str) -> Iterator[str]:
    """Yield the paths of the files of a repository that Git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
    )
    yield from filter(None, listed.stdout.decode().split("\0"))


def try_fault(
    tree: Tree,
    fault: Fault,
    source: bytes,
    stages: Iterable[Sequence[str]],
    recorded: Recorded,
    *,
    patience: int = 1,
) -> Outcome:
    """Run tests with a fault in a tree until a test fails."""
    # Imported functions can be replaced, but not the effects of code that has run on import.
    on_import = recorded.runs_on_import(fault)
    count = 0
    tree.start()
    for tests in stages:
        count += len(tests)
        request = _request(tests, recorded, patience)
        try:
            reply = _run_with(tree, fault, source, request, anew=on_import)
        except StartError as error:
            return Outcome(fault, Verdict.KILLED, f"cannot start: {error}")
        if reply.test:
            verdict = Verdict.TIMEOUT if reply.is_late else Verdict.KILLED
            return Outcome(fault, verdict, reply.error, reply.test)
    return Outcome(fault, Verdict.SURVIVED, f"{count} tests passed" if count else "no test is near")


def failing(tree: Tree, tests: Sequence[str], recorded: Recorded) -> set[str]:
    """Return the tests that fail without any fault."""
    tree.start()
    found: set[str] = set()
    while tests:
        reply = tree.run(_request(tests, recorded, 1))
        if not reply.test:
            break
        found.add(reply.test)
        tests = tests[tests.index(reply.test) + 1 :]
    return found


def _request(tests: Sequence[str], recorded: Recorded, patience: int) -> Request:
    longest_s = max(recorded.seconds(test) for test in tests)
    return Request(tests, patience * (MIN_TEST_S + SLOWER * longest_s))


def _run_with(tree: Tree, fault: Fault, source: bytes, request: Request, *, anew: bool) -> Reply:
    """Run tests with a fault.

    Raises: StartError: pytest cannot import or collect the tests with the fault.
    """
    tree.write(fault.path, fault.put_into(source))
    try:
        if not anew:
            request.file = str(tree.folder / fault.path)
            reply = tree.run(request)
            if reply.is_inserted:
                return reply
        return tree.run_anew(request)
    finally:
        tree.write(fault.path, source)
