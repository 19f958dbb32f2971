"""From a JSON value to the state document: what 3.x converts is converted, and everything that is
not as it must be is noted with its place."""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

import msgspec
from msgspec import inspect
from msgspec.inspect import Type

from store.errors import Path, Problems
from store.operations.text import shown
from store.state.checking import (
    BEYOND,
    MOST_ERRORS,
    EnoughError,
    check_numbers,
    words_for,
)
from store.state.document import fields_of
from store.state.v3.document import VERSIONS, V3Document, V3State
from store.state.v3.rules import check_rules
from store.state.v3.unknown_keys import Findings

# Rules have the names that 3.x gives them (rest-contract.md, "Error bodies, 3.x").
_Sized: TypeAlias = inspect.StrType | inspect.VarTupleType

_STATE = inspect.type_info(V3State)
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_FLAGS = {"true": True, "false": False}


def v3_document_of(value: Any, *, path: Path = ()) -> V3Document:
    """The document that a JSON value is; `path` is the way to it, with which all errors begin.

    Texts that are `true`, `false` or a number count as such where one is wanted, and moments may be
    milliseconds since 1970. Unknown keys are refused at the top; below, the document names them.

    Raises: Refusal: with everything that is missing or of a wrong type, or with the version alone
        where it is unknown.
    """
    problems = Findings()
    plain: Any = None
    _check_version(value, path, problems)
    problems.raise_any()
    with suppress(EnoughError):
        plain = _read(value, _STATE, path, problems) or {}
        check_rules(plain, path, problems)
    problems.raise_any()
    # Of what is dropped, too: events keep items as they were sent.
    with suppress(EnoughError):
        check_numbers(value, path, problems)
    problems.raise_any()
    _check_text(value, path, problems)
    problems.raise_any()
    return V3Document(msgspec.convert(plain, V3State), value, problems.unknown)


def _check_version(value: Any, path: Path, problems: Problems) -> None:
    """Note a version that is unknown: everything else may mean something else there."""
    if not isinstance(value, dict) or "version" not in value:
        return
    version = cast("dict[str, Any]", value)["version"]
    number = _number_of(version)
    if number not in VERSIONS:
        *others, last = map(str, VERSIONS)
        problems.invalid(
            f"The version {shown(json.dumps(version))} of the document is unknown; the versions "
            f"{', '.join(others)} and {last} are accepted.",
            rule="number.base" if number is None else "any.only",
            path=(*path, "version"),
        )


def _check_text(value: Any, path: Path, problems: Problems) -> None:
    """Note characters that no encoding can carry, wherever they are."""
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        problems.invalid(
            "The document holds half of a character, which text does not.",
            rule="document-encoding",
            path=path,
        )


def _read(value: Any, wanted: Type, path: Path, problems: Findings) -> Any:
    """The value with its conversions made, of no use where problems were noted."""
    if len(problems.errors) >= MOST_ERRORS:
        raise EnoughError
    match wanted:
        case inspect.UnionType():
            kinds = [it for it in wanted.types if not isinstance(it, inspect.NoneType)]
            if value is None and len(kinds) < len(wanted.types):
                return None
            return _read(value, kinds[-1], path, problems)
        case inspect.StructType():
            return _read_object(value, wanted, path, problems)
        case inspect.VarTupleType():
            if not isinstance(value, list):
                return _note(value, "a list", "array.base", path, problems)
            items = cast("list[Any]", value)
            _check_size(items, wanted, "array", "entries", path, problems)
            return [
                _read(item, wanted.item_type, (*path, str(at)), problems)
                for at, item in enumerate(items)
            ]
        case _:
            return _read_scalar(value, wanted, path, problems)


def _read_object(
    value: Any, wanted: inspect.StructType, path: Path, problems: Findings
) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return _note(value, "an object", "object.base", path, problems)
    given = cast("dict[str, Any]", value)
    fields = fields_of(wanted.cls)
    if wanted.cls is V3State:
        for key in given.keys() - fields.keys():
            problems.invalid(
                f"The key '{shown(key)}' is not known there.",
                rule="object.unknown",
                path=(*path, shown(key)),
            )
    else:
        problems.note_unknown(given, fields, wanted.cls, path)
    plain: dict[str, Any] = {}
    for key, field in fields.items():
        if key in given:
            plain[key] = _read(given[key], field.type, (*path, key), problems)
        elif field.required:
            problems.invalid(f"The key '{key}' is missing.", rule="any.required", path=(*path, key))
    return plain


def _read_scalar(value: Any, wanted: Type, path: Path, problems: Problems) -> Any:
    match wanted:
        case inspect.StrType():
            if not isinstance(value, str):
                return _note(value, "a text", "string.base", path, problems)
            _check_size(value, wanted, "string", "characters", path, problems)
            return value
        case inspect.BoolType():
            flag = _FLAGS.get(value.lower()) if isinstance(value, str) else value
            if not isinstance(flag, bool):
                return _note(value, "true or false", "boolean.base", path, problems)
            return flag
        case inspect.IntType() | inspect.FloatType():
            number = _number_of(value)
            if number is None or (isinstance(wanted, inspect.IntType) and number % 1):
                return _note(value, "a number of 64 bits", "number.base", path, problems)
            return number
        case inspect.DateTimeType():
            moment = _moment_of(value)
            if moment is None:
                words = "a date and time such as 2030-01-31T12:00:00Z"
                return _note(value, words, "date.base", path, problems)
            return moment
        case inspect.DictType():
            if not isinstance(value, dict):
                return _note(value, "an object", "object.base", path, problems)
            return cast("dict[str, Any]", value)
        case _:
            raise TypeError(f"{wanted} is in no 3.x document")


def _number_of(value: Any) -> int | float | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if not -BEYOND <= value < BEYOND:
        return None
    return int(value) if value % 1 == 0 else value


def _moment_of(value: Any) -> datetime | None:
    with suppress(ValueError, OverflowError, OSError):
        number = _number_of(value)
        if number is not None:
            return datetime.fromtimestamp(number / 1000, UTC)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _check_size(
    value: str | Sequence[Any],
    wanted: _Sized,
    kind: str,
    counted: str,
    path: Path,
    problems: Problems,
) -> None:
    if wanted.min_length is not None and len(value) < wanted.min_length:
        rule = "string.empty" if kind == "string" else "array.min"
        problems.invalid("The value must not be empty.", rule=rule, path=path)
    if wanted.max_length is not None and len(value) > wanted.max_length:
        problems.invalid(
            f"The value has {len(value):,} {counted}; at most {wanted.max_length:,} are allowed.",
            rule=f"{kind}.max",
            path=path,
        )


def _note(value: Any, words: str, rule: str, path: Path, problems: Problems) -> None:
    problems.invalid(f"The value must be {words}, not {words_for(value)}.", rule=rule, path=path)
