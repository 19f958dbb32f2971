"""Lists of toggles that one request changes together."""

from collections.abc import Sequence

import pytest

from store import Store
from store.model import Toggle
from store.operations.dependencies import set_dependencies
from store.operations.projects import create_project
from store.operations.toggle_bulk import MAX_TOGGLES, dependents_first, find_toggles
from store.operations.toggles import archive_toggle, create_toggle
from store.unit_of_work import UnitOfWork
from store.values import Dependency
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, error_paths


async def furnish(store: Store) -> None:
    """Toggles of `default`, of which `gone` is archived, and a toggle of another project."""
    await carry_out(store, create_project, name="shop")
    for name in ("a", "b", "c", "gone"):
        await carry_out(store, create_toggle, name=name)
    await carry_out(store, create_toggle, name="foreign", project="shop")
    await carry_out(store, archive_toggle, "gone")
    for name in "ab":
        await carry_out(store, set_dependencies, name, [Dependency("c", True, ())])


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the objects of `furnish`."""
    return filled(beginning, furnish)


async def find(work: UnitOfWork, names: Sequence[str], *, archived: bool) -> list[Toggle]:
    return find_toggles(work, names, project="default", archived=archived, path=("features",))


async def test_toggles_come_in_the_order_of_their_names_in_the_list(store: Store):
    live = await carry_out(store, find, ["c", "a"], archived=False)
    archived = await carry_out(store, find, ["gone"], archived=True)

    assert [toggle.name for toggle in live] == ["c", "a"]
    assert [toggle.name for toggle in archived] == ["gone"]
    assert await carry_out(store, find, [], archived=False) == []


async def test_all_wrong_names_are_refused_together(store: Store):
    names = ["a", "nobody", "foreign", "gone", "a"]

    assert await error_paths(store, find, names, archived=False) == [
        ("NOT_FOUND", ("features", "1")),
        ("NOT_FOUND", ("features", "2")),
        ("toggle-state", ("features", "3")),
        ("toggles-unique", ("features", "4")),
    ]
    assert await error_paths(store, find, ["a"], archived=True) == [
        ("toggle-state", ("features", "0"))
    ]


async def test_a_list_has_a_maximum_length(store: Store):
    names = [f"t-{number}" for number in range(MAX_TOGGLES + 1)]

    ((_, path),) = await error_paths(store, find, names, archived=False)

    assert path == ("features",)


async def test_dependents_precede_the_toggles_on_which_they_depend(store: Store):
    toggles = store.snapshot.toggles

    for names in ("cab", "abc", "acb", "c", ""):
        ordered = [toggle.name for toggle in dependents_first([toggles[name] for name in names])]

        assert sorted(ordered) == sorted(names)
        assert "c" not in ordered or ordered[-1] == "c"
