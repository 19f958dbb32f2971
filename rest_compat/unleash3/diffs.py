"""Compare two documents, in the notation of 3.x events."""

from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import Any, TypeAlias, cast

Step: TypeAlias = str | int

# The number of differences is limited, because documents may be large. A list of events needs up to
# a hundred comparisons.
MAX_DIFFERENCES = 200

_MISSING = object()


def differences(older: Any, newer: Any) -> list[dict[str, Any]]:
    """Return the differences between two documents.

    The kinds are N (new), D (deleted), E (edited) and A (an item beyond the end of the other list).
    `lhs` is the older value, and `rhs` is the newer value. If a value has more than MAX_DIFFERENCES
    differences, one difference replaces the whole value.
    """
    return list(_differences(older, newer, ()))


def _differences(older: Any, newer: Any, path: tuple[Step, ...]) -> Iterable[dict[str, Any]]:
    if older == newer and repr(older) == repr(newer):
        return ()  # a fast path for equal values; `repr` distinguishes true from 1
    if isinstance(older, dict) and isinstance(newer, dict):
        inside = _of_objects(cast("dict[str, Any]", older), cast("dict[str, Any]", newer), path)
    elif isinstance(older, list) and isinstance(newer, list):
        inside = _of_lists(cast("list[Any]", older), cast("list[Any]", newer), path)
    # In Python, True equals 1.
    elif older != newer or isinstance(older, bool) != isinstance(newer, bool):
        return [_edited(older, newer, path)]
    else:
        return ()
    if not path:
        return inside
    found = list(islice(inside, MAX_DIFFERENCES + 1))
    return found if len(found) <= MAX_DIFFERENCES else [_edited(older, newer, path)]


def _of_objects(
    older: dict[str, Any], newer: dict[str, Any], path: tuple[Step, ...]
) -> Iterator[dict[str, Any]]:
    for key in {**older, **newer}:
        one, other = older.get(key, _MISSING), newer.get(key, _MISSING)
        if one is _MISSING or other is _MISSING:
            kind = "N" if one is _MISSING else "D"
            yield {"kind": kind, "path": (*path, key)} | _sides(one, other)
        else:
            yield from _differences(one, other, (*path, key))


def _of_lists(
    older: list[Any], newer: list[Any], path: tuple[Step, ...]
) -> Iterator[dict[str, Any]]:
    for index, (one, other) in enumerate(zip_longest(older, newer, fillvalue=_MISSING)):
        if one is _MISSING or other is _MISSING:
            item = {"kind": "N" if one is _MISSING else "D"} | _sides(one, other)
            yield {"kind": "A", "path": path, "index": index, "item": item}
        else:
            yield from _differences(one, other, (*path, index))


def _edited(older: Any, newer: Any, path: tuple[Step, ...]) -> dict[str, Any]:
    return {"kind": "E", "path": path} | _sides(older, newer)


def _sides(older: Any, newer: Any) -> dict[str, Any]:
    sides = {"lhs": older, "rhs": newer}
    return {side: value for side, value in sides.items() if value is not _MISSING}
