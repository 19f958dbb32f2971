"""Choose the tests that may notice a fault, in the order in which they run."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import PurePath

from tests.mutants.faults import Fault
from tests.mutants.recording import Recorded

# The first list of tests, which notices most faults, contains at most this many tests.
MAX_FIRST = 40
# This number is added to the nearness of a test whose module imports the file.
_IMPORTED = 2
# These tests check declarations: the schema, routes, settings, tables and fields.
OF_DECLARATIONS = frozenset(
    f"tests/{name}.py"
    for name in (
        "flagstaff/test_field_lists",
        "flagstaff/test_settings",
        "graph/test_schema",
        "openapi/test_document",
        "rest_compat/test_openapi",
        "store/test_migrations",
    )
)
# The tests of the first list take at most this many recorded seconds in total.
MAX_FIRST_S = 15.0


class Chooser:
    """Chooses tests for faults in source files."""

    def __init__(
        self,
        recorded: Recorded,
        sources: Mapping[str, bytes],
        test_files: Mapping[str, bytes],
        tests: Collection[str],
        max_s: float,
    ) -> None:
        self._recorded = recorded
        self._importers = _importers(sources, sources)
        self._testers = _importers(test_files, sources)
        self._allowed = frozenset(tests)
        self._max_s = max_s

    def stages(self, fault: Fault, excluded: Collection[str] = ()) -> Iterator[list[str]]:
        """Yield lists of tests for a fault. If no test of a list notices the fault, the next list
        runs.

        The first two lists contain tests that run the lines of the fault or of its statement. They
        also contain unrecorded tests near the file. The last list contains tests of the file and of
        its importers. This list notices faults in code that runs only once in each process.
        """
        recorded, path = self._recorded, fault.path
        lines = range(fault.line, fault.last_line + 1)
        exact = recorded.tests_of(path, lines) or recorded.tests_of(
            path, range(fault.statement, fault.line)
        )
        near = self._near(path)
        exact.update(test for test in near if not recorded.is_recorded(test))
        exact.difference_update(excluded)
        ordered = self._in_order(path, exact)
        first = self._within(ordered, MAX_FIRST_S)[:MAX_FIRST]
        rest = [test for test in ordered if test not in set(first)]
        others = [test for test in rest if not _needs_postgresql(test)]
        on_postgresql = [test for test in rest if _needs_postgresql(test)]
        second = [
            *self._within(others, self._max_s),
            *self._within(on_postgresql, self._max_s / 2),
        ]
        if recorded.runs_on_import(fault):
            declared = {test for test in self._allowed if _module(test) in OF_DECLARATIONS}
            ordered = self._in_order(path, declared.difference(first, excluded))
            second = [*dict.fromkeys([*self._within(ordered, self._max_s), *second])]
        near |= recorded.tests_of(path)
        if not near or not exact:
            for file in self._importers.get(path, ()):
                near |= recorded.tests_of(file)
        wide = self._within(
            self._in_order(path, near.difference(first, second, excluded)), self._max_s
        )
        yield from map(_by_module, filter(None, (first, second, wide)))

    def _near(self, path: str) -> set[str]:
        """Return the tests in the folders nearest to a file, and the tests whose module imports the
        file.
        """
        nearness = {test: self._nearness(path, test) for test in self._allowed}
        best = min(max(nearness.values(), default=0), len(_parts(path)))
        least = max(min(best, len(_parts(path)) - 1), 1)
        return {test for test, number in nearness.items() if number >= least}

    def _nearness(self, path: str, test: str) -> int:
        imports = _module(test) in self._testers.get(path, ())
        return closeness(path, test) + _IMPORTED * imports

    def _in_order(self, path: str, tests: Iterable[str]) -> list[str]:
        """Sort tests by nearness to the file, then by duration; tests on PostgreSQL come last."""
        levels: dict[tuple[bool, int], dict[str, list[str]]] = {}
        for test in sorted(
            self._allowed.intersection(tests), key=lambda test: (self._recorded.seconds(test), test)
        ):
            level = levels.setdefault((_needs_postgresql(test), -self._nearness(path, test)), {})
            level.setdefault(_module(test), []).append(test)
        return [
            test
            for level in sorted(levels)
            for some in zip_longest(*levels[level].values())
            for test in some
            if test
        ]

    def _within(self, tests: Sequence[str], max_s: float) -> list[str]:
        """Return the first tests that together take at most `max_s`, but at least one test."""
        chosen: list[str] = []
        total = 0.0
        for test in tests:
            total += self._recorded.seconds(test)
            if chosen and total > max_s:
                break
            chosen.append(test)
        return chosen


def closeness(path: str, test: str) -> int:
    """Return the number of leading path parts that a test and a file have in common."""
    *folders, file = PurePath(_module(test)).with_suffix("").parts[1:]
    shared = 0
    for one, other in zip(_parts(path), (*folders, file.removeprefix("test_")), strict=False):
        if one != other:
            break
        shared += 1
    return shared


def _parts(path: str) -> tuple[str, ...]:
    return PurePath(path).with_suffix("").parts


def _module(test: str) -> str:
    return test.partition("::")[0]


def _by_module(tests: Sequence[str]) -> list[str]:
    """Group tests by module, because tests of a module share fixtures."""
    modules: dict[tuple[str, bool], list[str]] = {}
    for test in tests:
        modules.setdefault((_module(test), _needs_postgresql(test)), []).append(test)
    return [test for some in modules.values() for test in some]


def _needs_postgresql(test: str) -> bool:
    return "postgresql" in test


def _importers(files: Mapping[str, bytes], sources: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Return the files that import each source file."""
    paths = {_name(path): path for path in sources}
    importers: dict[str, set[str]] = {}
    for file, content in files.items():
        for node in ast.walk(ast.parse(content)):
            for name in _imported(node):
                if name in paths:
                    importers.setdefault(paths[name], set()).add(file)
    return importers


def _imported(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (item.name for item in names)
        case ast.ImportFrom(module=str(module), names=names):
            yield module
            yield from (f"{module}.{item.name}" for item in names)
        case _:
            pass


def _name(path: str) -> str:
    parts = _parts(path)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
