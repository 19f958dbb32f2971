"""Repair documents with invalid values, so that an import can check the valid values."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from msgspec import inspect
from msgspec.inspect import Type

from store.errors import DomainError, InvalidError, NotFoundError, Path
from store.operations.strings import display
from store.transfer.document import Document, fields_of

# Errors about unknown keys have this rule. Removing an unknown key causes no other errors.
UNKNOWN_KEY = "document-key"

# No string in a document can equal this placeholder, so no object refers to a placeholder.
_PLACEHOLDER = "\0"
# This mapping contains the kind of the objects in each section of a document.
_KINDS: Mapping[str, str] = {
    "environments": "environment",
    "projects": "project",
    "tagTypes": "tag type",
    "segments": "segment",
    "toggles": "toggle",
}


class Repair:
    """Removes the invalid values of a document, according to the validation errors."""

    def __init__(self, errors: Iterable[DomainError]) -> None:
        self._invalid = {error.path for error in errors if not _is_unknown_key(error)}
        self._left_out = {error.path for error in errors if _is_unknown_key(error)}
        self._around = _prefixes(self._invalid)
        self._touched = self._around | _prefixes(self._left_out)

    def unrelated(self, errors: Iterable[DomainError]) -> list[DomainError]:
        """Return the errors about values that are valid and contain no invalid value."""
        return [
            error
            for error in errors
            if error.path not in self._around and not _prefixes([error.path]) & self._invalid
        ]

    def repaired(self, value: Any, expected: Type, path: Path) -> Any:
        """Return the value at a path without invalid values, so that msgspec can convert the value.

        A placeholder replaces each invalid value that is required. Other invalid values are
        removed.
        """
        if path in self._invalid:
            return _placeholder(expected)
        if path not in self._touched:
            return value
        match expected:
            case inspect.UnionType():
                return self.repaired(value, _chosen(expected), path)
            case inspect.StructType():
                return self._repaired_object(value, expected, path)
            case inspect.VarTupleType():
                items = enumerate(cast("list[Any]", value))
                return [
                    self.repaired(item, expected.item_type, (*path, str(at))) for at, item in items
                ]
            case _:
                entries = cast("dict[str, Any]", value).items()
                return {
                    key: item for key, item in entries if (*path, display(key)) not in self._touched
                }

    def _repaired_object(
        self, value: dict[str, Any], expected: inspect.StructType, path: Path
    ) -> dict[str, Any]:
        rest: dict[str, Any] = {}
        for key, field in fields_of(expected.cls).items():
            field_path = (*path, key)
            # Replace invalid strings, because a missing string may mean a default object, such as
            # an environment.
            stands = field_path not in self._invalid or isinstance(field.type, inspect.StrType)
            if field.required or (key in value and stands):
                rest[key] = self.repaired(value.get(key), field.type, field_path)
        return rest


class InvalidDocument(Document, frozen=True, kw_only=True):
    """A document without the values of wrong types. Such a document is never imported.

    `errors` are the errors about the omitted values. The paths of all errors begin with `path`.
    """

    errors: tuple[DomainError, ...]
    path: Path

    def with_errors(self, errors: Iterable[DomainError]) -> list[DomainError]:
        """Return the validation errors and the given errors that no validation error has caused."""
        unclear = {self._unclear_kind(error) for error in self.errors}
        others = Repair(self.errors).unrelated(errors)
        if "anything" in unclear:
            return [
                *self.errors,
                *(error for error in others if not isinstance(error, NotFoundError)),
            ]
        return [
            *self.errors,
            *(
                error
                for error in others
                if not isinstance(error, NotFoundError) or error.kind not in unclear
            ),
        ]

    def _unclear_kind(self, error: DomainError) -> str | None:
        """Return the kind of object whose names are unknown because of an error.

        If the names of all kinds are unknown, return "anything". If all names are known, return
        None.
        """
        part, *rest = error.path[len(self.path) :]
        if _is_unknown_key(error):
            return None if rest else "anything"
        return _KINDS.get(part) if len(rest) < 2 or rest[1:] == ["name"] else None


def _placeholder(expected: Type) -> Any:
    """Return a placeholder that has the type."""
    match expected:
        case inspect.UnionType():
            return _placeholder(_chosen(expected))
        case inspect.StructType():
            # Add optional strings too, because a missing string may mean a default object.
            return {
                key: _placeholder(field.type)
                for key, field in fields_of(expected.cls).items()
                if field.required or isinstance(field.type, inspect.StrType)
            }
        case inspect.VarTupleType():
            return [_placeholder(expected.item_type)] * (expected.min_length or 0)
        case inspect.StrType():
            return _PLACEHOLDER
        case inspect.IntType() | inspect.FloatType():
            return 0
        case inspect.BoolType():
            return False
        case _:
            return {}


def _chosen(expected: inspect.UnionType) -> Type:
    """Return the non-null type of a union.

    In a union of integers and floats, return floats.
    """
    return [member for member in expected.types if not isinstance(member, inspect.NoneType)][-1]


def _is_unknown_key(error: DomainError) -> bool:
    return isinstance(error, InvalidError) and error.rule == UNKNOWN_KEY


def _prefixes(paths: Iterable[Path]) -> set[Path]:
    """Return the paths and all prefixes of the paths."""
    return {path[:steps] for path in paths for steps in range(len(path) + 1)}
