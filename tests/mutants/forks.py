"""A pytest plugin that collects the tests once, and runs requested tests in forks.

A fork shares everything that is imported with its parent, so it starts at once.
"""

import gc
import os
import select
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from time import monotonic
from types import CodeType, FunctionType
from typing import TypeAlias

import pytest
from msgspec import json

from tests.mutants.processes import END_DEADLINE_S, PIPES, Reply, Request

# The place of a function is its file, its qualified name and its first line.
Place: TypeAlias = tuple[str, str, int]


def pytest_configure(config: pytest.Config) -> None:
    # Programs that tests start do not inherit the pipes.
    pipes = os.environ.pop(PIPES, "")
    if pipes:
        requests, replies = map(int, pipes.split())
        os.set_inheritable(requests, False)
        os.set_inheritable(replies, False)
        config.pluginmanager.register(_Forks(requests, replies))


class _Forks:
    """Runs tests in forks. Writes a line when all tests are collected, and a line per request."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed:
            return None  # not all tests could be collected, so pytest ends
        items = {item.nodeid: item for item in session.items}
        functions = imported_functions()
        os.write(self._replies, b"\n")
        with os.fdopen(self._requests, "rb") as requests:
            for line in requests:
                request = json.decode(line, type=Request)
                chosen = [items[test] for test in request.tests if test in items]
                reply = _in_fork(chosen, request, functions)
                os.write(self._replies, json.encode(reply) + b"\n")
        return True


def imported_functions() -> dict[Place, list[FunctionType]]:
    """Return the functions that were imported from the current folder, by place of their code."""
    # The test process froze its imported objects, and `gc.get_objects` omits frozen objects.
    gc.unfreeze()
    here = os.getcwd()  # noqa: PTH109
    functions: dict[Place, list[FunctionType]] = {}
    for item in gc.get_objects():
        if type(item) is FunctionType and item.__code__.co_filename.startswith(here):
            functions.setdefault(_place(item.__code__), []).append(item)
    gc.freeze()
    return functions


def insert(file: str, functions: Mapping[Place, Sequence[FunctionType]]) -> bool:
    """Replace the code of imported functions if their file has changed since the import.

    Return true if any code was replaced, or if nothing was imported from the file.
    """
    if not any(place[0] == file for place in functions):
        return True
    with open(file, "rb") as source:  # noqa: PTH123
        module = compile(source.read(), file, "exec", dont_inherit=True)
    has_changed = False
    for code in _codes(module):
        for function in functions.get(_place(code), ()):
            if function.__code__ != code:
                try:
                    function.__code__ = code
                except ValueError:  # the closure has other variables
                    return False
                has_changed = True
    return has_changed


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _in_fork(
    items: Sequence[pytest.Item],
    request: Request,
    functions: Mapping[Place, Sequence[FunctionType]],
) -> Reply:
    """Run tests in a fork until one fails."""
    if not items:
        return Reply()
    reports, sent = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reports)
        os.setsid()
        try:
            if request.file and not insert(request.file, functions):
                os.write(sent, json.encode(Reply(is_inserted=False)) + b"\n")
            else:
                _run(items, sent)
        finally:
            os._exit(0)
    os.close(sent)
    reply = _await_reply(reports, request.max_s)
    os.close(reports)
    if reply.is_late:
        _signal(child, signal.SIGINT)
    ends = monotonic() + END_DEADLINE_S
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if monotonic() > ends:
            _signal(child, signal.SIGKILL)
        select.select([], [], [], 0.01)
    # End processes that the tests have started and not ended.
    _signal(child, signal.SIGKILL)
    return reply


def _await_reply(reports: int, max_s: float) -> Reply:
    """Read the lines that a fork writes: one for each test that begins, and then a reply.

    If a fork ends without a reply, the test that was running has failed.
    """
    buffer, test = b"", ""
    while True:
        ready, _, _ = select.select([reports], [], [], max_s)
        if not ready:
            return Reply(test, f"longer than {max_s:.0f} s", is_late=True)
        received = os.read(reports, 65_536)
        if not received:
            return Reply(test, "the process ended")
        *lines, buffer = (buffer + received).split(b"\n")
        for line in lines:
            if line.startswith(b"{"):
                return json.decode(line, type=Reply)
            test = line.decode()


def _run(items: Sequence[pytest.Item], sent: int) -> None:
    """Run tests until a test fails, and then finalize the shared fixtures."""
    failures: list[str] = []

    class Reports:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                failures.append(_first_line(report))

    config = items[0].config
    config.pluginmanager.register(Reports())
    is_clean = False
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            os.write(sent, item.nodeid.encode() + b"\n")
            config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failures:
                os.write(sent, json.encode(Reply(item.nodeid, failures[0])) + b"\n")
                break
        else:
            is_clean = True
            os.write(sent, json.encode(Reply()) + b"\n")
    finally:
        if not is_clean:
            with suppress(BaseException):
                config.hook.pytest_runtest_teardown(item=items[-1], nextitem=None)


def _first_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash is not None else str(report.longrepr)
    return f"{report.when}: {text.partition(chr(10))[0][:200]}"


def _signal(child: int, number: int) -> None:
    """Send a signal to all processes in the process group of a fork."""
    with suppress(ProcessLookupError):
        os.killpg(child, number)
