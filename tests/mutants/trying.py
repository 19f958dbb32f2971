"""Copies of the tree, and the tests that run in them."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from tests.mutants.faults import Fault

# The time that pytest has for its cleanup after an interruption.
END_DEADLINE_S = 20
# The maximum time for starting pytest and importing everything.
START_S = 30.0
# A fault may let a loop fill the memory.
MAX_MEMORY = 6_000_000_000


class Verdict(StrEnum):
    """The outcome of a fault."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"


class Outcome(Struct, frozen=True):
    """The outcome of a fault, and the first test that failed or another remark."""

    fault: Fault
    verdict: Verdict
    about: str = ""


class Tree:
    """A copy of the files of a repository, as they are in its working tree.

    `built` are the paths of build results in the copy, which are not changed.
    """

    def __init__(self, root: Path, folder: Path, *, built: Sequence[str]) -> None:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            check=True,
            stdout=subprocess.PIPE,
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (root / name).is_file():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, target)
        for name in built:
            if (root / name.lstrip("/")).exists():
                (folder / name.lstrip("/")).symlink_to(root / name.lstrip("/"))
        self.folder = folder
        # Python's cache of compiled files cannot distinguish files that are written within a
        # second.
        self._written = 1_000_000_000

    def write(self, path: str, source: bytes) -> None:
        """Replace a file, so that Python compiles it again."""
        file = self.folder / path
        file.write_bytes(source)
        self._written += 2
        os.utime(file, (self._written, self._written))


def try_fault(
    tree: Tree,
    fault: Fault,
    source: bytes,
    tests: Sequence[str],
    options: Sequence[str],
    *,
    timeout_s: float,
) -> Outcome:
    """Run tests with a fault in a tree until one fails."""
    tree.write(fault.path, fault.put_into(source))
    try:
        code, output = run_tests(tree.folder, ["-x", *options, *tests], timeout_s=timeout_s)
    finally:
        tree.write(fault.path, source)
    if code is None:
        return Outcome(fault, Verdict.TIMEOUT)
    if code == 0:
        return Outcome(fault, Verdict.SURVIVED, f"{len(tests)} tests passed")
    failed = [line for line in output.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return Outcome(fault, Verdict.KILLED, failed[0] if failed else f"pytest ended with {code}")


def run_tests(
    folder: Path,
    arguments: Sequence[str],
    *,
    timeout_s: float | None = None,
    variables: Mapping[str, str] | None = None,
    shown: bool = False,
) -> tuple[int | None, str]:
    """Run pytest in a tree; return its exit code, or None if it took too long, and its output."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(folder), **(variables or {})}
    # A new session, so that everything the tests have started can be ended.
    with subprocess.Popen(
        [*command, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=None if shown else subprocess.PIPE,
        stderr=None if shown else subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _end(process)
            return None, ""
        except BaseException:
            _end(process)
            raise
    return process.returncode, output or ""


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=END_DEADLINE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
