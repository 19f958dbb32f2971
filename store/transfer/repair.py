"""What is left of a document with flaws, so that the rules can be checked on all the rest of it."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from msgspec import inspect
from msgspec.inspect import Type

from store.errors import DomainError, InvalidError, NotFoundError, Path
from store.operations.text import shown
from store.transfer.document import Document, fields_of

# The rule about keys that are not known. Leaving these out has no consequences for the rest.
UNKNOWN_KEY = "document-key"

# No text of a document can be this one, so nothing refers to it by accident.
_STAND_IN = "\0"
# What the objects in a part of the document are called where something refers to them.
_KINDS: Mapping[str, str] = {
    "environments": "environment",
    "projects": "project",
    "tagTypes": "tag type",
    "segments": "segment",
    "toggles": "toggle",
}


class Flaws:
    """Errors that say which values of a document are none, and what can be done without these."""

    def __init__(self, errors: Iterable[DomainError]) -> None:
        self._flawed = {it.path for it in errors if not _is_unknown_key(it)}
        self._left_out = {it.path for it in errors if _is_unknown_key(it)}
        self._around = _beginnings(self._flawed)
        self._touched = self._around | _beginnings(self._left_out)

    def apart(self, errors: Iterable[DomainError]) -> list[DomainError]:
        """Those of other errors that are about neither a flawed value nor what holds one."""
        return [
            it
            for it in errors
            if it.path not in self._around and not _beginnings([it.path]) & self._flawed
        ]

    def mended(self, value: Any, wanted: Type, path: Path) -> Any:
        """The value at a path as it can be converted: what is flawed is left out or, where that
        would not do, has a stand-in."""
        if path in self._flawed:
            return _stand_in(wanted)
        if path not in self._touched:
            return value
        match wanted:
            case inspect.UnionType():
                return self.mended(value, _chosen(wanted), path)
            case inspect.StructType():
                return self._mended_object(value, wanted, path)
            case inspect.VarTupleType():
                items = enumerate(cast("list[Any]", value))
                return [self.mended(it, wanted.item_type, (*path, str(at))) for at, it in items]
            case _:
                entries = cast("dict[str, Any]", value).items()
                return {key: it for key, it in entries if (*path, shown(key)) not in self._touched}

    def _mended_object(
        self, value: dict[str, Any], wanted: inspect.StructType, path: Path
    ) -> dict[str, Any]:
        rest: dict[str, Any] = {}
        for key, field in fields_of(wanted.cls).items():
            place = (*path, key)
            # Left out, a text may stand for something that is there, such as an environment.
            stands = place not in self._flawed or isinstance(field.type, inspect.StrType)
            if field.required or (key in value and stands):
                rest[key] = self.mended(value.get(key), field.type, place)
        return rest


class FlawedDocument(Document, frozen=True, kw_only=True):
    """A document without what was of a wrong type in it; it is never taken in.

    `flaws` tell what that was; `path` is the way to the document, with which all of them begin.
    """

    flaws: tuple[DomainError, ...]
    path: Path

    def with_flaws(self, errors: Iterable[DomainError]) -> list[DomainError]:
        """The flaws and those errors of the rest that do not merely come from them."""
        unclear = {self._unclear_kind(it) for it in self.flaws}
        others = Flaws(self.flaws).apart(errors)
        if "anything" in unclear:
            return [*self.flaws, *(it for it in others if not isinstance(it, NotFoundError))]
        return [
            *self.flaws,
            *(it for it in others if not isinstance(it, NotFoundError) or it.kind not in unclear),
        ]

    def _unclear_kind(self, flaw: DomainError) -> str | None:
        """The kind of object of which, by a flaw, nobody knows any more which ones there are."""
        part, *place = flaw.path[len(self.path) :]
        if _is_unknown_key(flaw):
            return None if place else "anything"
        return _KINDS.get(part) if len(place) < 2 or place[1:] == ["name"] else None


def _stand_in(wanted: Type) -> Any:
    """Some value of a type."""
    match wanted:
        case inspect.UnionType():
            return _stand_in(_chosen(wanted))
        case inspect.StructType():
            # Texts as well: left out, they may stand for something that is there.
            return {
                key: _stand_in(field.type)
                for key, field in fields_of(wanted.cls).items()
                if field.required or isinstance(field.type, inspect.StrType)
            }
        case inspect.VarTupleType():
            return [_stand_in(wanted.item_type)] * (wanted.min_length or 0)
        case inspect.StrType():
            return _STAND_IN
        case inspect.IntType() | inspect.FloatType():
            return 0
        case inspect.BoolType():
            return False
        case _:
            return {}


def _chosen(wanted: inspect.UnionType) -> Type:
    """The only unions are those with null, and that of the two kinds of numbers."""
    return [it for it in wanted.types if not isinstance(it, inspect.NoneType)][-1]


def _is_unknown_key(error: DomainError) -> bool:
    return isinstance(error, InvalidError) and error.rule == UNKNOWN_KEY


def _beginnings(paths: Iterable[Path]) -> set[Path]:
    """The paths and all that lead to them."""
    return {path[:steps] for path in paths for steps in range(len(path) + 1)}
