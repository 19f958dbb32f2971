"""The code of imported functions is replaced after their file has changed."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutants.forks import imported_functions, insert

SOURCE = """
LIMIT = 3


def checked(function):
    def check(value):
        return value < LIMIT and function(value)

    return check


@checked
def add(value):
    return value + 1


class Counter:
    @property
    def count(self):
        return sum(1 for _ in range(LIMIT))
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "of_forks.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "of_forks", raising=False)
    return import_module("of_forks")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value + 1", "value - 1", (0, False, 3)),
        ("value < LIMIT and", "value <= LIMIT and", (2, 4, 3)),
        ("sum(1 for", "sum(2 for", (2, False, 6)),
    ],
)
def test_functions_closures_and_properties_are_replaced(
    module: ModuleType, old: str, new: str, expected: tuple[object, ...]
) -> None:
    functions = imported_functions()
    file = Path(module.__file__ or "")
    file.write_text(SOURCE.replace(old, new))

    assert insert(str(file), functions)
    assert (module.add(1), module.add(3), module.Counter().count) == expected


def test_code_that_has_run_on_import_cannot_be_replaced(module: ModuleType) -> None:
    functions = imported_functions()
    file = Path(module.__file__ or "")
    file.write_text(SOURCE.replace("LIMIT = 3", "LIMIT = 4"))

    assert not insert(str(file), functions)


def test_other_variables_of_a_closure_cannot_be_replaced(module: ModuleType) -> None:
    functions = imported_functions()
    file = Path(module.__file__ or "")
    file.write_text(SOURCE.replace("and function(value)", "and value"))

    assert not insert(str(file), functions)


@pytest.mark.thorough
def test_a_file_that_is_not_imported_needs_no_replacement(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text("def upgrade(): pass")

    assert insert(str(file), imported_functions())
