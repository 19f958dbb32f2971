"""Convert JSON values to documents, and report the path of every invalid value."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from msgspec import inspect, structs
from msgspec.inspect import Type

from store.errors import Path, Problems
from store.operations.messages import missing_key, unknown_key, wrong_type
from store.operations.strings import display
from store.transfer.document import FORMAT, VERSION, Document, fields_of
from store.transfer.repair import UNKNOWN_KEY, InvalidDocument, Repair
from store.transfer.soundness import BEYOND, DEEPEST, scalar_rule, soundness_of, union_member

# The input of an import contains the document at this path.
SOURCE: Path = ("source",)
MAX_ERRORS = 1_000

_DOCUMENT = inspect.type_info(Document)
_is_sound = soundness_of(_DOCUMENT)


class EnoughError(Exception):
    """The limit of errors is reached."""


def draft_of(value: Any, *, path: Path = SOURCE) -> Document:
    """Convert a JSON value to a document without the values of wrong types.

    If a value has a wrong type, the result is an `InvalidDocument`. An import refuses an
    `InvalidDocument`. The refusal also contains the errors about valid values.

    Raises: Refusal: the value is not a document, or the limit of errors is reached.
    """
    problems = Problems()
    if isinstance(value, dict):
        _check_head(cast("dict[str, Any]", value), path, problems)
        problems.raise_any()
    if _is_sound(value):
        return msgspec.convert(value, Document)
    try:
        _check(value, _DOCUMENT, path, problems)
    except EnoughError:
        problems.raise_any()
    errors = tuple(problems.errors)
    if not isinstance(value, dict):
        problems.raise_any()
    rest = msgspec.convert(Repair(errors).repaired(value, _DOCUMENT, path), Document)
    return InvalidDocument(**structs.asdict(rest), errors=errors, path=path)


def _check_head(value: dict[str, Any], path: Path, problems: Problems) -> None:
    """Refuse a document of another format or version with one error instead of an error per key."""
    if value.get("format") != FORMAT:
        problems.invalid(
            f"The document must have the format '{FORMAT}'.",
            rule="document-format",
            path=(*path, "format"),
        )
        return
    version = value.get("version")
    if version != VERSION or isinstance(version, bool | float):
        problems.invalid(
            f"The document must have the version {VERSION}, the only known version.",
            rule="document-version",
            path=(*path, "version"),
        )


def _check(value: Any, expected: Type, path: Path, problems: Problems) -> None:
    """Report the errors of a value and of all nested values."""
    if len(problems.errors) >= MAX_ERRORS:
        raise EnoughError
    match expected:
        case inspect.UnionType():
            _check_union(value, expected, path, problems)
        case inspect.StructType():
            _check_object(value, expected, path, problems)
        case inspect.VarTupleType():
            if not isinstance(value, list):
                return _note_type(value, "a list", path, problems)
            for at, item in enumerate(cast("list[Any]", value)):
                _check(item, expected.item_type, (*path, str(at)), problems)
        case inspect.DictType():
            if not isinstance(value, dict):
                return _note_type(value, "an object", path, problems)
            for key, item in cast("dict[str, Any]", value).items():
                _check(item, expected.value_type, (*path, display(key)), problems)
        case inspect.AnyType():
            check_numbers(value, path, problems)
        case _:
            _check_scalar(value, expected, path, problems)
    return None


def _check_union(value: Any, expected: inspect.UnionType, path: Path, problems: Problems) -> None:
    allows_null, member = union_member(expected)
    if value is not None or not allows_null:
        _check(value, member, path, problems)


def _check_object(value: Any, expected: inspect.StructType, path: Path, problems: Problems) -> None:
    if not isinstance(value, dict):
        return _note_type(value, "an object", path, problems)
    given = cast("dict[str, Any]", value)
    fields = fields_of(expected.cls)
    for key, item in given.items():
        if key in fields:
            _check(item, fields[key].type, (*path, key), problems)
        else:
            problems.invalid(
                unknown_key(key),
                rule=UNKNOWN_KEY,
                path=(*path, display(key)),
            )
    for key, field in fields.items():
        if field.required and key not in given:
            problems.invalid(missing_key(key), rule="document-required", path=(*path, key))
    return None


def _check_scalar(value: Any, expected: Type, path: Path, problems: Problems) -> None:
    fits, description = scalar_rule(expected)
    if not fits(value):
        _note_type(value, description, path, problems)


def check_numbers(value: Any, path: Path, problems: Problems, depth: int = 0) -> None:
    """Report numbers that exceed 64 bits, because parsers convert such numbers to floats."""
    if len(problems.errors) >= MAX_ERRORS:
        raise EnoughError
    if depth > DEEPEST:
        problems.invalid(
            f"The document is nested more than {DEEPEST} deep.", rule="document-depth", path=path
        )
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            check_numbers(item, (*path, display(key)), problems, depth + 1)
    elif isinstance(value, list):
        for at, item in enumerate(cast("list[Any]", value)):
            check_numbers(item, (*path, str(at)), problems, depth + 1)
    elif isinstance(value, int | float) and not -BEYOND <= value < BEYOND:
        _note_type(value, "a 64-bit number", path, problems)


def _note_type(value: Any, description: str, path: Path, problems: Problems) -> None:
    problems.invalid(wrong_type(value, description), rule="document-type", path=path)
