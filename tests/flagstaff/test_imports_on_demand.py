"""Processes import large libraries only when they need them."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

_LARGE = (
    "alembic",
    "fastapi",
    "graphql",
    "httpx",
    "pydantic",
    "sqlalchemy",
    "strawberry",
    "typer",
    "uvicorn",
)
_RUN = """
import runpy, sys
sys.argv = ["flagstaff", *sys.argv[1:]]
try:
    runpy.run_module("flagstaff", run_name="__main__")
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def imported_by(*arguments: str, folder: Path) -> Sequence[str]:
    """Return which of the large libraries a command imports."""
    command = [sys.executable, "-c", _RUN, *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    modules = set(ended.stderr.split())
    return [name for name in _LARGE if name in modules]


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("arguments", "imported"),
    [
        (("--version",), []),
        (("--help",), ["typer"]),
        (("serve", "--help"), ["typer"]),
        (("token", "create", "--help"), ["typer"]),
        (
            ("schema", "--output", "schema.graphql"),
            ["graphql", "pydantic", "sqlalchemy", "strawberry", "typer"],
        ),
        (("token", "list"), ["graphql", "pydantic", "sqlalchemy", "typer"]),
    ],
    ids=" ".join,
)
def test_a_command_imports_what_it_needs(
    arguments: tuple[str, ...], imported: list[str], database_file: Path
) -> None:
    assert imported_by(*arguments, folder=database_file.parent) == imported


@pytest.mark.thorough
def test_a_server_starts_without_the_libraries_of_its_pages_and_migrations() -> None:
    program = "import flagstaff.server, sys; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", program], text=True).split()

    assert {"flagstaff.server", "sqlalchemy"} <= set(modules)
    assert not {"alembic", "fastapi"} & set(modules)
