"""The import rules of `pyproject.toml` name every module of mutations."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

import graph.mutation
import graph.subject_mutations

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_subjects_may_import_no_module_of_mutations() -> None:
    contracts = tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each["name"].startswith("Subjects of graph")]
    assembled = [*vars(graph.mutation).values(), *vars(graph.subject_mutations).values()]
    modules = {
        each.__name__
        for each in assembled
        if isinstance(each, ModuleType) and each.__name__.startswith("graph.")
    }

    allowed = {
        module
        for module in modules
        if not any(fnmatch(module, pattern) for pattern in contract["forbidden_modules"])
    }

    assert "graph.toggles.version_mutations" in modules
    assert allowed == set()
