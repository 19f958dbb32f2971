"""Apply JSON patches (RFC 6902) to the bodies of objects."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Literal, TypeAlias, cast

from msgspec import UNSET, Struct, UnsetType

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.request import Request
from rest_compat.unleash8.errors import body_path
from store.operations.limits import MAX_ITEMS
from store.operations.messages import missing_key, too_long, wrong_type
from store.operations.strings import display

# Operations can copy values, so a short patch could produce a huge body.
MAX_COPIED_VALUES = 10_000

Json: TypeAlias = Any

_OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")
_WITH_VALUE = frozenset({"add", "replace", "test"})
_WITH_SOURCE = frozenset({"move", "copy"})


class PatchOperation(Struct, kw_only=True):
    """An operation of a JSON patch, in the order in which the server applies them."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: str
    value: Any = UNSET
    from_: str | UnsetType = UNSET


async def read_patch(request: Request) -> Sequence[Json]:
    """Read a body that is a list of operations.

    Raises: BadDataError: the body is not a list or is too long; the errors of `Request.json`.
    """
    patch = await request.json()
    if not isinstance(patch, list):
        raise BadDataError(Detail(wrong_type(patch, "a list of operations"), "/body"))
    operations = cast("list[Json]", patch)
    if len(operations) > MAX_ITEMS:
        raise BadDataError(Detail(too_long(len(operations), MAX_ITEMS, "entries"), "/body"))
    return operations


def apply_patch(document: Json, patch: Sequence[Json]) -> Json:
    """Return the document after all operations. The given document does not change.

    Raises: BadDataError: names the first operation that is invalid or cannot be applied.
    """
    patcher = _Patcher({"": deepcopy(document)})
    for at, operation in enumerate(patch):
        try:
            patcher.apply(operation)
        except _PatchError as error:
            raise BadDataError(Detail(str(error), body_path((str(at), *error.at)))) from None
    return patcher.root[""]


class _PatchError(Exception):
    """An operation is invalid; `at` is the path of the wrong value in the operation."""

    def __init__(self, message: str, *at: str) -> None:
        super().__init__(message)
        self.at = at


class _Patcher:
    """Applies operations to the value under the empty key of `root`."""

    def __init__(self, root: dict[str, Json]) -> None:
        self.root = root
        self._copied = 0

    def apply(self, operation: Json) -> None:
        if not isinstance(operation, dict):
            raise _PatchError(wrong_type(operation, "an object"))
        self._apply(cast("dict[str, Json]", operation))

    def _apply(self, operation: dict[str, Json]) -> None:
        op = operation.get("op")
        if op not in _OPERATIONS:
            raise _PatchError(
                missing_key("op")
                if "op" not in operation
                else wrong_type(op, f"one of {', '.join(_OPERATIONS)}"),
                "op",
            )
        path = _steps(operation, "path")
        if op in _WITH_VALUE and "value" not in operation:
            raise _PatchError(missing_key("value"), "value")
        source = _steps(operation, "from") if op in _WITH_SOURCE else ()
        if op == "test":
            if _differ(self._get(path, "path"), operation["value"]):
                raise _PatchError(f"The value at {_format(path)} is not the tested one.", "value")
        elif op == "remove":
            self._remove(path, "path")
        elif op == "replace":
            self._replace(path, operation["value"])
        elif op == "add":
            self._add(path, operation["value"])
        else:
            self._transfer(source, path, moved=op == "move")

    def _transfer(self, source: tuple[str, ...], path: tuple[str, ...], *, moved: bool) -> None:
        value = self._get(source, "from")
        if moved:
            if path[: len(source)] == source and path != source:
                raise _PatchError("A value cannot be moved into itself.", "path")
            self._remove(source, "from")
        else:
            self._copied += _size(value)
            if self._copied > MAX_COPIED_VALUES:
                raise _PatchError(
                    f"The patch copies more than {MAX_COPIED_VALUES:,} values.", "from"
                )
            value = deepcopy(value)
        self._add(path, value)

    def _get(self, path: tuple[str, ...], key: str) -> Json:
        value: Json = self.root[""]
        for step in path:
            container, index = _at(value, step, path, key)
            value = container[index]
        return value

    def _parent(self, path: tuple[str, ...], key: str) -> tuple[Json, str]:
        if not path:
            return self.root, ""
        return self._get(path[:-1], key), path[-1]

    def _replace(self, path: tuple[str, ...], value: Json) -> None:
        parent, step = self._parent(path, "path")
        container, index = _at(parent, step, path, "path")
        container[index] = value

    def _remove(self, path: tuple[str, ...], key: str) -> None:
        if not path:
            raise _PatchError("The whole object cannot be removed.", key)
        parent, step = self._parent(path, key)
        container, index = _at(parent, step, path, key)
        del container[index]

    def _add(self, path: tuple[str, ...], value: Json) -> None:
        parent, step = self._parent(path, "path")
        if isinstance(parent, dict):
            parent[step] = value
        elif isinstance(parent, list):
            items = cast("list[Json]", parent)
            last = len(items)
            items.insert(last if step == "-" else _index(step, last, path, "path"), value)
        else:
            raise _PatchError(f"Nothing exists at {_format(path[:-1])}.", "path")


def _steps(operation: dict[str, Json], key: str) -> tuple[str, ...]:
    if key not in operation:
        raise _PatchError(missing_key(key), key)
    pointer = operation[key]
    if not isinstance(pointer, str):
        raise _PatchError(wrong_type(pointer, "a string"), key)
    if pointer and not pointer.startswith("/"):
        raise _PatchError(f"The path '{display(pointer)}' must begin with '/'.", key)
    steps = pointer.split("/")[1:]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def _at(value: Json, step: str, path: tuple[str, ...], key: str) -> tuple[Json, Any]:
    """Return a container and the key of an existing value in it."""
    if isinstance(value, list):
        items = cast("list[Json]", value)
        return items, _index(step, len(items) - 1, path, key)
    if not isinstance(value, dict) or step not in value:
        raise _PatchError(f"Nothing exists at {_format(path)}.", key)
    return cast("dict[str, Json]", value), step


def _index(step: str, last: int, path: tuple[str, ...], key: str) -> int:
    is_index = step.isascii() and step.isdecimal() and (step == "0" or step[0] != "0")
    if not is_index or len(step) > len(str(MAX_COPIED_VALUES)) or int(step) > last:
        raise _PatchError(f"Nothing exists at {_format(path)}.", key)
    return int(step)


def _format(path: tuple[str, ...]) -> str:
    return f"'{display(''.join(f'/{step}' for step in path))}'"


def _differ(one: Json, other: Json) -> bool:
    # In Python, true equals 1.
    if isinstance(one, bool) != isinstance(other, bool):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        fields, theirs = cast("dict[str, Json]", one), cast("dict[str, Json]", other)
        return fields.keys() != theirs.keys() or any(
            _differ(fields[key], theirs[key]) for key in fields
        )
    if isinstance(one, list) and isinstance(other, list):
        items, others = cast("list[Json]", one), cast("list[Json]", other)
        return len(items) != len(others) or any(map(_differ, items, others))
    return one != other


def _size(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_size, cast("dict[str, Json]", value).values()))
    if isinstance(value, list):
        return 1 + sum(map(_size, cast("list[Json]", value)))
    return 1
