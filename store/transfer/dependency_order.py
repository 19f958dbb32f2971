"""An order of toggles in which each comes after those it depends on."""

from collections.abc import Callable, Iterable, Iterator

MOST_CYCLES = 100


def parents_first(
    names: Iterable[str], parents_of: Callable[[str], Iterable[str]]
) -> tuple[list[str], list[list[str]]]:
    """The names and those they depend on, parents first, and the ways that lead back to their
    beginning.

    Such a way names its first toggle again at its end; at most MOST_CYCLES are told of.
    """
    order: list[str] = []
    cycles: list[list[str]] = []
    done: set[str] = set()
    for start in names:
        # By hand, since chains may be longer than Python lets functions call each other.
        way: list[tuple[str, Iterator[str]]] = []
        places: dict[str, int] = {}
        entered: str | None = start if start not in done else None
        while entered is not None or way:
            if entered is not None:
                places[entered] = len(way)
                way.append((entered, iter(parents_of(entered))))
            name, parents = way[-1]
            entered = None
            for parent in parents:
                if parent in places and len(cycles) < MOST_CYCLES:
                    cycles.append([*(step for step, _ in way[places[parent] :]), parent])
                elif parent not in done and parent not in places:
                    entered = parent
                    break
            else:
                way.pop()
                del places[name]
                done.add(name)
                order.append(name)
    return order, cycles
