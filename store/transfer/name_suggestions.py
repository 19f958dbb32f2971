"""Suggest names that are allowed, in place of the refused names of a document."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, cast

from msgspec import Struct

from store.errors import DomainError, Path
from store.operations.limits import MAX_NAME_LENGTH
from store.operations.names import is_name

# The kinds of objects, by the key of the list that contains them. The keys are those of all kinds
# of documents.
_KINDS: Mapping[str, str] = {
    "features": "toggle",
    "toggles": "toggle",
    "environments": "environment",
    "projects": "project",
    "strategies": "strategy",
    "featureStrategies": "strategy",
    "segments": "segment",
    "contextFields": "context field",
    "tagTypes": "tag type",
    "variants": "variant",
}
_NAME_KEYS = ("name", "id", "strategyName")
_NAME_RULES = frozenset({"name-length", "name-pattern", "name-reserved"})
# Names of segments are lines of text.
_LINE_RULES = frozenset({"text-length", "text-characters"})
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9\-_.~!*'()]+")
# Suggestions have room for a number.
_MAX_LENGTH = MAX_NAME_LENGTH - 4


class NameSuggestion(Struct, frozen=True):
    """A refused name, the kind of object that has this name, and an allowed name."""

    kind: str
    old: str
    new: str

    @property
    def is_of_toggle(self) -> bool:
        """Whether the name is the name of a toggle, which an import can rename."""
        return self.kind == "toggle"


def suggest_names(value: Any, errors: Iterable[DomainError]) -> Iterator[NameSuggestion]:
    """Yield an allowed name for each name in a document that breaks a rule.

    `value` is the document as a JSON value, and the paths of the errors begin at its top level.
    """
    taken: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    for error in errors:
        kind = _kind_of(error)
        old = _value_at(value, error.path)
        if kind is None or not isinstance(old, str) or (kind, old) in seen:
            continue
        seen.add((kind, old))
        if kind not in taken:
            taken[kind] = set(_names_of(value, kind))
        new = _suggest(kind, old, taken[kind])
        taken[kind].add(new)
        yield NameSuggestion(kind, old, new)


def _kind_of(error: DomainError) -> str | None:
    """Return the kind of object whose name an error refuses, None for other errors."""
    *steps, key = error.path or ("",)
    section = next((step for step in reversed(steps) if not step.isdecimal()), "")
    kind = _KINDS.get(section)
    rules = _LINE_RULES if kind == "segment" else _NAME_RULES
    return kind if key in _NAME_KEYS and getattr(error, "rule", "") in rules else None


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, dict):
            value = cast("dict[str, Any]", value).get(step)
        elif isinstance(value, list) and step.isdecimal():
            items = cast("list[Any]", value)
            value = items[int(step)] if int(step) < len(items) else None
        else:
            return None
    return value


def _names_of(value: Any, kind: str) -> Iterator[str]:
    document = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    for section, items in document.items():
        if _KINDS.get(section) != kind or not isinstance(items, list):
            continue
        for item in cast("list[Any]", items):
            entry = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
            yield from (name for key in _NAME_KEYS if isinstance(name := entry.get(key), str))


def _suggest(kind: str, name: str, taken: Set[str]) -> str:
    """Return an allowed name that is not taken."""
    if kind == "segment":
        line = "".join(letter if letter.isprintable() else " " for letter in name)
        base = " ".join(line.split())[:_MAX_LENGTH].strip() or kind
    else:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        base = _NOT_ALLOWED.sub("-", plain).strip("-")[:_MAX_LENGTH]
        if not is_name(base):
            base = kind.replace(" ", "-")
    candidates = (base, *(f"{base}-{number}" for number in range(2, 1_000)))
    return next((each for each in candidates if each not in taken), base)
