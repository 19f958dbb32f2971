"""Apply JSON patches (RFC 6902) to the bodies of objects."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Literal, TypeAlias, cast

from jsonpatch import JsonPatch, JsonPatchException, JsonPatchTestFailed
from jsonpointer import EndOfList, JsonPointer, JsonPointerException
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
    patched, copied = deepcopy(document), 0
    for at, operation in enumerate(patch):
        try:
            checked = _check_form(operation)
            if checked["op"] == "copy":
                copied += _size(_existing(patched, checked, "from"))
                if copied > MAX_COPIED_VALUES:
                    raise _PatchError(
                        f"The patch copies more than {MAX_COPIED_VALUES:,} values.", "from"
                    )
            patched = _apply(patched, checked)
        except _PatchError as error:
            raise BadDataError(Detail(str(error), body_path((str(at), *error.at)))) from None
    return patched


class _PatchError(Exception):
    """An operation is invalid; `at` is the path of the wrong value in the operation."""

    def __init__(self, message: str, *at: str) -> None:
        super().__init__(message)
        self.at = at


def _check_form(operation: Json) -> dict[str, Json]:
    """Return an operation that has all keys with the right types."""
    if not isinstance(operation, dict):
        raise _PatchError(wrong_type(operation, "an object"))
    fields = cast("dict[str, Json]", operation)
    op = fields.get("op")
    if op not in _OPERATIONS:
        raise _PatchError(
            missing_key("op")
            if "op" not in fields
            else wrong_type(op, f"one of {', '.join(_OPERATIONS)}"),
            "op",
        )
    _check_pointer(fields, "path")
    if op in _WITH_VALUE and "value" not in fields:
        raise _PatchError(missing_key("value"), "value")
    if op in _WITH_SOURCE:
        _check_pointer(fields, "from")
    return fields


def _check_pointer(operation: dict[str, Json], key: str) -> None:
    if key not in operation:
        raise _PatchError(missing_key(key), key)
    pointer = operation[key]
    if not isinstance(pointer, str):
        raise _PatchError(wrong_type(pointer, "a string"), key)
    try:
        JsonPointer(pointer)
    except JsonPointerException:
        raise _PatchError(
            f"The path '{display(pointer)}' must begin with '/', and '~' must be written as '~0'.",
            key,
        ) from None


def _apply(document: Json, operation: dict[str, Json]) -> Json:
    """Apply one operation to a document, and return the document, which may be another object."""
    op, path = operation["op"], operation["path"]
    if op == "remove" and not path:
        raise _PatchError("The whole object cannot be removed.", "path")
    if op == "test":
        _existing(document, operation, "path")
    if op in _WITH_SOURCE:
        _existing(document, operation, "from")
        source = operation["from"]
        if op == "move" and path != source and JsonPointer(path).contains(JsonPointer(source)):
            raise _PatchError("A value cannot be moved into itself.", "path")
    try:
        return JsonPatch([operation]).apply(document, in_place=True)
    except JsonPatchTestFailed:
        raise _PatchError(
            f"The value at '{display(path)}' is not the tested one.", "value"
        ) from None
    except (JsonPatchException, JsonPointerException):
        raise _PatchError(f"Nothing exists at '{display(path)}'.", "path") from None


def _existing(document: Json, operation: dict[str, Json], key: str) -> Json:
    """Return the value at the path under a key of the operation."""
    pointer = operation[key]
    value = JsonPointer(pointer).resolve(document, default=UNSET)
    if value is UNSET or isinstance(value, EndOfList):
        raise _PatchError(f"Nothing exists at '{display(pointer)}'.", key)
    return value


def _size(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_size, cast("dict[str, Json]", value).values()))
    if isinstance(value, list):
        return 1 + sum(map(_size, cast("list[Json]", value)))
    return 1
