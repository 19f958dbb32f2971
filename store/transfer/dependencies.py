"""Validate the dependencies of a document's toggles, and sort the toggles for the import."""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from msgspec import UNSET, structs

from store.errors import Path, Problems
from store.operations.existing import not_found
from store.operations.limits import MAX_NAME_LENGTH, check_count
from store.operations.strings import check_line, display
from store.snapshot import Snapshot
from store.transfer.context import ImportContext, ImportMode
from store.transfer.dependency_order import parents_first
from store.transfer.document import ToggleEntry
from store.values import Dependency

MAX_STEPS_DISPLAYED = 8


def plain_dependencies(dependencies: Collection[Dependency]) -> tuple[Dependency, ...]:
    """Return the dependencies without repeated names of variants."""
    return tuple(
        structs.replace(dependency, variants=tuple(dict.fromkeys(dependency.variants)))
        for dependency in dependencies
    )


def check_dependencies(entry: ToggleEntry, names: Collection[str], problems: Problems) -> None:
    """Report invalid dependencies of one toggle.

    Paths of errors begin at the toggle's entry. `names` are all toggles that exist after the
    import. A toggle may depend on an archived toggle, because a toggle with dependents can be
    archived.
    """
    dependencies = entry.dependencies or ()
    check_count(dependencies, what="dependencies", path=("dependencies",), problems=problems)
    seen: set[str] = set()
    for at, dependency in enumerate(dependencies):
        path: Path = ("dependencies", str(at))
        name = dependency.toggle
        if name == entry.name:
            problems.invalid(
                f"Toggle '{display(name)}' cannot depend on itself.",
                rule="dependency-itself",
                path=(*path, "toggle"),
            )
        elif name not in names:
            problems.add(not_found("toggle", name, path=(*path, "toggle")))
        elif name in seen:
            problems.invalid(
                f"The dependency on toggle '{display(name)}' occurs more than once.",
                rule="dependencies-unique",
                path=(*path, "toggle"),
            )
        seen.add(name)
        check_count(
            dependency.variants, what="variants", path=(*path, "variants"), problems=problems
        )
        for number, variant in enumerate(dependency.variants):
            check_line(
                variant,
                what="The variant name",
                path=(*path, "variants", str(number)),
                problems=problems,
                min_length=1,
                max_length=MAX_NAME_LENGTH,
            )


def order_of_toggles(context: ImportContext, positions: Mapping[str, int]) -> list[int]:
    """Return the positions of the document's toggles, sorted so that parents precede dependents.

    The function reports cycles of dependencies. With this order, no toggle depends on a missing
    toggle during the import. The reverse order avoids missing toggles when the import is undone.
    """
    snapshot = context.work.snapshot

    def parents_of(name: str) -> Iterator[str]:
        dependencies = _final_dependencies(context, snapshot, positions, name)
        return (dependency.toggle for dependency in dependencies if dependency.toggle != name)

    order, cycles = parents_first(positions, parents_of)
    for cycle in cycles:
        _note_cycle(context, positions, cycle)
    return [positions[name] for name in order if name in positions]


def _final_dependencies(
    context: ImportContext, snapshot: Snapshot, positions: Mapping[str, int], name: str
) -> Collection[Dependency]:
    current = snapshot.toggles.get(name)
    existing = current.dependencies if current is not None else ()
    if name not in positions or context.preserves(current):
        return existing
    entry = context.document.toggles[positions[name]]
    if entry.dependencies is not UNSET:
        return entry.dependencies
    return () if context.mode is ImportMode.REPLACE_ALL else existing


def _note_cycle(context: ImportContext, positions: Mapping[str, int], cycle: list[str]) -> None:
    # Existing toggles have no cycles, so the document contains at least one dependency of the
    # cycle.
    for name, parent in pairwise(cycle):
        if name not in positions:
            continue
        dependencies = context.document.toggles[positions[name]].dependencies or ()
        found = [at for at, dependency in enumerate(dependencies) if dependency.toggle == parent]
        if found:
            steps = cycle if len(cycle) <= MAX_STEPS_DISPLAYED else [*cycle[:6], "…", cycle[-1]]
            context.problems.invalid(
                f"Toggle '{display(name)}' would depend on itself: "
                f"{' → '.join(map(display, steps))}.",
                rule="dependency-cycle",
                path=(
                    *context.path,
                    "toggles",
                    str(positions[name]),
                    "dependencies",
                    str(found[0]),
                    "toggle",
                ),
            )
            return
