"""Sort toggles so that each toggle follows the toggles on which it depends."""

from collections.abc import Callable, Iterable, Iterator

MAX_CYCLES = 100


def parents_first(
    names: Iterable[str], parents_of: Callable[[str], Iterable[str]]
) -> tuple[list[str], list[list[str]]]:
    """Sort toggles and their parents so that parents precede dependents, and find cycles.

    The function returns the sorted names and the cycles. Parents are the toggles on which a toggle
    depends. A cycle is a list of names whose first and last items are equal. The result contains at
    most MAX_CYCLES cycles.
    """
    order: list[str] = []
    cycles: list[list[str]] = []
    done: set[str] = set()
    for start in names:
        # This loop avoids recursion, because chains of dependencies may exceed the recursion limit.
        path: list[tuple[str, Iterator[str]]] = []
        depths: dict[str, int] = {}
        entered: str | None = start if start not in done else None
        while entered is not None or path:
            if entered is not None:
                depths[entered] = len(path)
                path.append((entered, iter(parents_of(entered))))
            name, parents = path[-1]
            entered = None
            for parent in parents:
                if parent in depths and len(cycles) < MAX_CYCLES:
                    cycles.append([*(step for step, _ in path[depths[parent] :]), parent])
                elif parent not in done and parent not in depths:
                    entered = parent
                    break
            else:
                path.pop()
                del depths[name]
                done.add(name)
                order.append(name)
    return order, cycles
