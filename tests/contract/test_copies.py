"""The copied recordings and data are those of the shared folder, where there is one."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SHARED = TESTS.parents[1] / "shared"


@pytest.mark.parametrize(
    ("copied", "name", "suffixes"),
    [("contract", "contract", {".yaml"}), ("data", "data", {".json", ".yml"})],
)
def test_copies_are_those_of_the_shared_folder(copied: str, name: str, suffixes: set[str]) -> None:
    if not (SHARED / name).is_dir():
        pytest.skip("there is no shared folder beside this one")

    originals = {
        it.name: it.read_bytes() for it in (SHARED / name).iterdir() if it.suffix in suffixes
    }
    copies = {
        it.name: it.read_bytes() for it in (TESTS / copied).iterdir() if it.suffix in suffixes
    }

    assert copies.keys() == originals.keys()
    assert [it for it in originals if copies[it] != originals[it]] == []


def test_the_page_queries_are_those_of_the_design() -> None:
    original = SHARED / "design" / "queries.graphql"
    if not original.is_file():
        pytest.skip("there is no shared folder beside this one")

    assert (TESTS / "data" / "queries.graphql").read_bytes() == original.read_bytes()
