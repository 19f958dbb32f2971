"""Convert JSON values to state documents, and report the paths of invalid values."""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, cast

import msgspec
from msgspec import Struct, inspect

from store.errors import Path, Problems
from store.operations.messages import unknown_key
from store.operations.strings import display
from store.transfer.checking import EnoughError, check_numbers
from store.transfer.unleash.coercion import Coercion, is_stored, number_of
from store.transfer.unleash.document import VERSIONS, UnleashDocument, UnleashState
from store.transfer.unleash.rules import check_rules
from store.transfer.unleash.unknown_keys import Findings

_STATE = inspect.type_info(UnleashState)


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
        coercion = Coercion(problems, partial(_check_keys, problems))
        plain = coercion.read(value, _STATE, path) or {}
        check_rules(plain, path, problems)
    problems.raise_any()
    # Check the values of ignored keys too, because events record items exactly as sent.
    with suppress(EnoughError):
        check_numbers(value, path, problems)
    problems.raise_any()
    _check_surrogates(value, path, problems)
    problems.raise_any()
    return UnleashDocument(msgspec.convert(plain, UnleashState), value, problems.unknown)


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


def _check_surrogates(value: Any, path: Path, problems: Problems) -> None:
    """Report lone surrogates, because UTF-8 cannot encode lone surrogates."""
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        problems.invalid(
            "The document holds a lone surrogate.",
            rule="document-encoding",
            path=path,
        )


def _check_keys(
    problems: Findings,
    given: Mapping[str, Any],
    known: Mapping[str, Any],
    kind: type[Struct],
    path: Path,
) -> None:
    """Report unknown keys.

    Unknown keys at the top level of the document are errors. Unknown keys at deeper levels cause
    warnings.
    """
    if kind is not UnleashState:
        problems.note_unknown(given, known, kind, path)
        return
    for key in given.keys() - known.keys():
        problems.invalid(
            unknown_key(key),
            rule="object.unknown",
            path=(*path, display(key)),
        )
