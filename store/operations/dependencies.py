"""Set the dependencies of a toggle."""

from collections import deque
from collections.abc import Sequence

from msgspec import structs

from store.errors import Path, Problems, WrongStateError
from store.events import EventType
from store.model import Toggle
from store.operations.existing import check_revision, find_live_toggle, not_found
from store.operations.limits import MAX_NAME_LENGTH, check_count
from store.operations.strings import check_line, display
from store.operations.uses import dependents_of
from store.unit_of_work import UnitOfWork
from store.values import Dependency

MAX_STEPS = 10
CYCLE = "dependency-cycle"


async def set_dependencies(
    work: UnitOfWork,
    name: str,
    dependencies: Sequence[Dependency],
    *,
    expected_revision: int | None = None,
) -> Toggle:
    """Replace all dependencies of a toggle.

    Raises: Refusal.
    """
    toggle = find_live_toggle(work, name)
    requested = tuple(
        structs.replace(dependency, variants=tuple(dict.fromkeys(dependency.variants)))
        for dependency in dependencies
    )
    problems = Problems()
    check_revision(work, toggle, expected_revision, problems=problems)
    if requested != toggle.dependencies:
        _check_dependencies(work, toggle, requested, problems)
        _check_depth(work, toggle, requested, problems)
    problems.raise_any()

    if requested == toggle.dependencies:
        return toggle
    after = structs.replace(
        toggle, dependencies=requested, revision=work.revision, updated_at=work.now
    )
    work.put(after)
    work.record(
        EventType.TOGGLE_DEPENDENCIES_UPDATED,
        subject=after,
        before=toggle,
        after=after,
        summary=f"Changed the dependencies of toggle '{name}'.",
    )
    return after


def _check_dependencies(
    work: UnitOfWork, toggle: Toggle, dependencies: Sequence[Dependency], problems: Problems
) -> None:
    check_count(dependencies, what="dependencies", path=("dependencies",), problems=problems)
    seen: set[str] = set()
    for index, dependency in enumerate(dependencies):
        path = ("dependencies", str(index))
        if dependency.toggle in seen:
            problems.invalid(
                f"Toggle '{display(dependency.toggle)}' occurs more than once.",
                rule="dependencies-unique",
                path=(*path, "toggle"),
            )
        else:
            _check_parent(work, toggle, dependency.toggle, (*path, "toggle"), problems)
        seen.add(dependency.toggle)
        check_count(
            dependency.variants, what="variants", path=(*path, "variants"), problems=problems
        )
        for position, variant in enumerate(dependency.variants):
            check_line(
                variant,
                what="The variant name",
                path=(*path, "variants", str(position)),
                problems=problems,
                min_length=1,
                max_length=MAX_NAME_LENGTH,
            )


def _check_parent(
    work: UnitOfWork, toggle: Toggle, name: str, path: Path, problems: Problems
) -> None:
    """Check that a toggle can depend on `name`; ignore the dependencies of the toggle `name`."""
    parent = work.snapshot.toggles.get(name)
    if parent is None:
        problems.add(not_found("toggle", name, path=path))
        return
    if parent is toggle:
        problems.invalid(
            f"Toggle '{name}' cannot depend on itself.", rule="dependency-itself", path=path
        )
        return
    if parent.archived:
        problems.add(
            WrongStateError(
                f"Toggle '{name}' is archived; toggles can depend only on live toggles.", path=path
            )
        )
    check_no_cycle(work, toggle, parent, path=path, problems=problems)


def check_no_cycle(
    work: UnitOfWork, toggle: Toggle, parent: Toggle, *, path: Path, problems: Problems
) -> None:
    """Check that a toggle would not depend on itself if it depended on `parent`."""
    steps = _shortest_path(work, parent, toggle)
    if steps:
        problems.invalid(
            f"Toggle '{toggle.name}' would depend on itself: "
            f"{_format_steps([toggle.name, *steps])}.",
            rule=CYCLE,
            path=path,
        )


def _check_depth(
    work: UnitOfWork, toggle: Toggle, dependencies: Sequence[Dependency], problems: Problems
) -> None:
    """Check that dependencies are not nested.

    If the required toggle has dependencies itself, SDKs treat the dependency as not met.
    """
    known = {error.path for error in problems.errors}
    for index, dependency in enumerate(dependencies):
        path = ("dependencies", str(index), "toggle")
        parent = work.snapshot.toggles.get(dependency.toggle)
        if parent is not None and parent.dependencies and path not in known:
            problems.invalid(
                f"Toggle '{parent.name}' depends on other toggles itself, and SDKs follow "
                "dependencies only one step.",
                rule="dependency-depth",
                path=path,
            )
    if any(getattr(error, "rule", "") == CYCLE for error in problems.errors):
        return
    dependents = dependents_of(work.snapshot, toggle, archived=False) if dependencies else []
    if dependents:
        problems.invalid(
            f"Toggle '{dependents[0].name}' depends on toggle '{toggle.name}', and SDKs follow "
            "dependencies only one step.",
            rule="dependency-depth",
            path=("dependencies",),
        )


def _shortest_path(work: UnitOfWork, start: Toggle, end: Toggle) -> list[str]:
    """Return the names on the shortest path of dependencies, including its ends.

    If no path exists, return an empty list.
    """
    came_from: dict[str, str] = {start.name: ""}
    waiting = deque([start.name])
    while waiting and end.name not in came_from:
        name = waiting.popleft()
        toggle = work.snapshot.toggles.get(name)
        for dependency in toggle.dependencies if toggle is not None else ():
            if dependency.toggle not in came_from:
                came_from[dependency.toggle] = name
                waiting.append(dependency.toggle)
    steps: list[str] = []
    step = end.name if end.name in came_from else ""
    while step:
        steps.append(step)
        step = came_from[step]
    return steps[::-1]


def _format_steps(names: Sequence[str]) -> str:
    if len(names) > MAX_STEPS:
        names = (*names[: MAX_STEPS - 2], "…", names[-1])
    return " → ".join(names)
