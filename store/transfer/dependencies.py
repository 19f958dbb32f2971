"""What the toggles of a document depend on: the rules, and an order to take them in."""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from msgspec import UNSET, structs

from store.errors import Path, Problems
from store.operations.existing import not_found
from store.operations.limits import MAX_NAME_LENGTH, check_count
from store.operations.text import check_line, display
from store.snapshot import Snapshot
from store.transfer.context import ImportContext, ImportMode
from store.transfer.dependency_order import parents_first
from store.transfer.document import ToggleEntry
from store.values import Dependency

MOST_STEPS_SHOWN = 8


def plain_dependencies(dependencies: Collection[Dependency]) -> tuple[Dependency, ...]:
    """The dependencies, each naming a variant once."""
    return tuple(
        structs.replace(dependency, variants=tuple(dict.fromkeys(dependency.variants)))
        for dependency in dependencies
    )


def check_dependencies(entry: ToggleEntry, names: Collection[str], problems: Problems) -> None:
    """Note what is wrong with the dependencies of one toggle, with places in its entry.

    `names` are all toggles that there will be. Archived ones may be depended on: a toggle that
    others depend on can be archived, after all.
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
                f"Toggle '{display(name)}' is depended on more than once.",
                rule="dependencies-unique",
                path=(*path, "toggle"),
            )
        seen.add(name)
        check_count(
            dependency.variants, what="variants", path=(*path, "variants"), problems=problems
        )
        for place, variant in enumerate(dependency.variants):
            check_line(
                variant,
                what="The variant name",
                path=(*path, "variants", str(place)),
                problems=problems,
                min_length=1,
                max_length=MAX_NAME_LENGTH,
            )


def order_of_toggles(context: ImportContext, places: Mapping[str, int]) -> list[int]:
    """The places of the toggles in the document, those of parents before those of dependents.

    Notes dependencies that would lead back to the toggle that has them. Every state on the way,
    forwards and backwards, then has no toggle that depends on one that is not there.
    """
    snapshot = context.work.snapshot

    def parents_of(name: str) -> Iterator[str]:
        dependencies = _dependencies_in_the_end(context, snapshot, places, name)
        return (dependency.toggle for dependency in dependencies if dependency.toggle != name)

    order, cycles = parents_first(places, parents_of)
    for cycle in cycles:
        _note_cycle(context, places, cycle)
    return [places[name] for name in order if name in places]


def _dependencies_in_the_end(
    context: ImportContext, snapshot: Snapshot, places: Mapping[str, int], name: str
) -> Collection[Dependency]:
    current = snapshot.toggles.get(name)
    there = current.dependencies if current is not None else ()
    if name not in places or context.keeps(current):
        return there
    entry = context.document.toggles[places[name]]
    if entry.dependencies is not UNSET:
        return entry.dependencies
    return () if context.mode is ImportMode.REPLACE_ALL else there


def _note_cycle(context: ImportContext, places: Mapping[str, int], cycle: list[str]) -> None:
    # What is there has no cycles, so one of the document's dependencies is among the steps.
    for name, parent in pairwise(cycle):
        if name not in places:
            continue
        dependencies = context.document.toggles[places[name]].dependencies or ()
        found = [at for at, dependency in enumerate(dependencies) if dependency.toggle == parent]
        if found:
            steps = cycle if len(cycle) <= MOST_STEPS_SHOWN else [*cycle[:6], "…", cycle[-1]]
            context.problems.invalid(
                f"Toggle '{display(name)}' would depend on itself: "
                f"{' → '.join(map(display, steps))}.",
                rule="dependency-cycle",
                path=(
                    *context.path,
                    "toggles",
                    str(places[name]),
                    "dependencies",
                    str(found[0]),
                    "toggle",
                ),
            )
            return
