"""Convert JSON values to state documents, and report the paths of invalid values."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, cast

import msgspec
from msgspec import Struct, inspect

from store.errors import Path, Problems
from store.operations.messages import unknown_key
from store.operations.strings import display
from store.transfer.checking import EnoughError, check_numbers
from store.transfer.document import fields_of
from store.transfer.unleash.batch import is_batch_export
from store.transfer.unleash.coercion import Coercion, is_stored, number_of
from store.transfer.unleash.document import VERSIONS, UnleashDocument, UnleashState
from store.transfer.unleash.rules import check_rules
from store.transfer.unleash.unknown_keys import Findings

_STATE = inspect.type_info(UnleashState)
# The types of the items of all sections.
_ENTRIES = frozenset(
    field.type.item_type.cls
    for field in fields_of(UnleashState).values()
    if isinstance(field.type, inspect.VarTupleType)
    and isinstance(field.type.item_type, inspect.StructType)
)
# The depth of items in documents.
_ITEM_DEPTH = 2
# In JSON that does not match this pattern, all numbers have at most 64 bits.
_LARGE_NUMBER = re.compile(rb"\d{19}|\d[eE]")
# JSON with at most this many opening brackets is not nested too deeply.
_MAX_BRACKETS = 60


def unleash_document_of(value: Any, *, path: Path = ()) -> UnleashDocument:
    """Convert a JSON value to a document.

    Unknown keys at the top level are errors. The result lists unknown keys at deeper levels. The
    paths of all errors begin with `path`.

    Raises: Refusal: the errors include all missing keys and all values of wrong types. If the
        version is unknown, the refusal has no other errors.
    """
    problems = Findings()
    plain: Any = None
    _check_version(value, path, problems)
    problems.raise_any()
    with suppress(EnoughError):
        coercion = Coercion(problems, partial(_check_keys, problems), _convert_entry)
        plain = coercion.read(value, _STATE, path) or {}
        check_rules(plain, path, problems)
    problems.raise_any()
    items = _encode_items(value, path, problems)
    return UnleashDocument(msgspec.convert(plain, UnleashState), items, problems.unknown)


def _check_version(value: Any, path: Path, problems: Problems) -> None:
    """Report an unknown version, because keys may have a different meaning in that version."""
    if not isinstance(value, dict) or "version" not in value:
        return
    version = cast("dict[str, Any]", value)["version"]
    number = number_of(version)
    if number not in VERSIONS:
        *others, last = map(str, VERSIONS)
        problems.invalid(
            f"The version {display(json.dumps(version))} of the document is unknown; the versions "
            f"{', '.join(others)} and {last} are accepted.",
            rule="any.only" if number is not None and is_stored(number) else "number.base",
            path=(*path, "version"),
        )


def _convert_entry(plain: dict[str, Any], kind: type[Struct]) -> Any:
    """Convert the items of sections to entries at once, because entries need less memory."""
    return msgspec.convert(plain, kind) if kind in _ENTRIES else plain


def _encode_items(
    value: Mapping[str, Any], path: Path, problems: Problems
) -> Mapping[str, Sequence[bytes]]:
    """Return the items of all sections as JSON. Events record these items exactly as sent.

    Raises: Refusal: an item contains a number or a string that cannot be stored, also as the value
        of an ignored key.
    """
    sections: dict[str, list[bytes | None]] = {}
    with suppress(EnoughError):
        for section, items in value.items():
            if isinstance(items, list):
                sections[section] = [
                    _encode_item(item, (*path, section, str(at)), problems)
                    for at, item in enumerate(cast("list[Any]", items))
                ]
    problems.raise_any()
    encoded = {
        section: [item for item in items if item is not None] for section, items in sections.items()
    }
    if any(len(encoded[section]) < len(items) for section, items in sections.items()):
        problems.invalid(
            "The document holds a lone surrogate.",
            rule="document-encoding",
            path=path,
        )
    problems.raise_any()
    return encoded


def _encode_item(item: Any, path: Path, problems: Problems) -> bytes | None:
    """Return an item as JSON, and report its numbers that exceed 64 bits.

    Return None if the item contains such a number or a lone surrogate, which UTF-8 cannot encode.
    """
    try:
        encoded = msgspec.json.encode(item)
    except (UnicodeEncodeError, OverflowError, RecursionError):
        encoded = None
    if (
        encoded is None
        or _LARGE_NUMBER.search(encoded)
        or encoded.count(b"[") + encoded.count(b"{") > _MAX_BRACKETS
    ):
        check_numbers(item, path, problems, _ITEM_DEPTH)
    return encoded


def _check_keys(
    problems: Findings,
    given: Mapping[str, Any],
    known: Mapping[str, Any],
    kind: type[Struct],
    path: Path,
) -> None:
    """Report unknown keys.

    Unknown keys at the top level of a state document are errors. Unknown keys at deeper levels, and
    unknown sections of a batch export, cause warnings.
    """
    if kind is not UnleashState or is_batch_export(given):
        problems.note_unknown(given, known, kind, path)
        return
    for key in given.keys() - known.keys():
        problems.invalid(
            unknown_key(key),
            rule="object.unknown",
            path=(*path, display(key)),
        )
