"""Check lists of toggles that one request changes together."""

from collections.abc import Sequence

from store.errors import Path, Problems
from store.model import Toggle
from store.operations.existing import not_found
from store.operations.limits import check_count
from store.operations.strings import display
from store.unit_of_work import UnitOfWork

MAX_TOGGLES = 1_000


def find_toggles(
    work: UnitOfWork, names: Sequence[str], *, project: str, archived: bool, path: Path
) -> list[Toggle]:
    """Return the toggles of a project with the given names, in this order.

    Either all of them must be archived, or none.

    Raises: Refusal: a name is unknown, occurs twice, or is that of a toggle in the other state. The
        error names each of them; `path` is the path of the list.
    """
    problems = Problems()
    check_count(names, what="toggles", path=path, problems=problems, maximum=MAX_TOGGLES)
    problems.raise_any()
    found: dict[str, Toggle] = {}
    for at, name in enumerate(names):
        toggle = work.snapshot.toggles.get(name)
        here = (*path, str(at))
        if name in found:
            problems.invalid(
                f"Toggle '{display(name)}' occurs more than once.", rule="toggles-unique", path=here
            )
        elif toggle is None or toggle.project != project:
            problems.add(not_found(f"toggle of project '{display(project)}'", name, path=here))
        elif toggle.archived != archived:
            state = "not archived" if archived else "archived"
            problems.invalid(f"Toggle '{name}' is {state}.", rule="toggle-state", path=here)
        else:
            found[name] = toggle
    problems.raise_any()
    return list(found.values())


def dependents_first(toggles: Sequence[Toggle]) -> list[Toggle]:
    """Return the toggles in an order in which each toggle precedes those on which it depends."""
    by_name = {toggle.name: toggle for toggle in toggles}
    ordered: dict[str, Toggle] = {}

    def visit(toggle: Toggle) -> None:
        for dependency in toggle.dependencies:
            if dependency.toggle in by_name and dependency.toggle not in ordered:
                visit(by_name[dependency.toggle])
        ordered[toggle.name] = toggle

    for toggle in toggles:
        if toggle.name not in ordered:
            visit(toggle)
    return list(reversed(ordered.values()))
