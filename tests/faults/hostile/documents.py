"""Faults put into a JSON document, one at a time, at any path."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, TypeAlias

from tests.faults.hostile.values import JSON_VALUES, ODD_NAMES

Place: TypeAlias = tuple[str | int, ...]
MAX_PLACES = 40
# A placeholder, replaced by other bytes after the document is serialized.
_HOLE = "\ue000hole\ue000"
_HOLE_TEXT = json.dumps(_HOLE).encode()


def flawed(document: Any, chance: Random) -> Iterator[tuple[str, bytes]]:
    """Yield documents with one fault each, without end.

    Each round puts a random fault at each of up to MAX_PLACES paths.
    """
    places = list(_places(document))
    chance.shuffle(places)
    places = places[:MAX_PLACES] or [()]
    values = [*JSON_VALUES, *(json.dumps(name).encode() for name in ODD_NAMES)]
    flaws = (_with_value, _with_value, _with_value, _without, _with_key, _with_key_twice)
    while True:
        for place in places:
            flaw = chance.choice(flaws)
            yield flaw(document, place, chance.choice(values), chance)


def cut_off(document: Any, chance: Random) -> bytes:
    """The document, cut off before its end."""
    text = json.dumps(document).encode()
    return text[: chance.randrange(len(text))]


def text_places(document: Any) -> list[Place]:
    """Return the paths of strings in a document."""
    return [place for place in _places(document) if isinstance(_at(document, place), str)]


def replaced(document: Any, place: Place, value: Any) -> Any:
    """A copy of the document with another value at a path."""
    return _changed(document, place, lambda it, key: it.__setitem__(key, value))


def _at(document: Any, place: Place) -> Any:
    for step in place:
        document = document[step]
    return document


def _places(document: Any, place: Place = ()) -> Iterator[Place]:
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, value in inner:
        yield (*place, key)
        yield from _places(value, (*place, key))


def _changed(document: Any, place: Place, change: Any) -> Any:
    """Return a copy after `change(container, key)` was called at the path."""
    copy = json.loads(json.dumps(document))
    container = copy
    for step in place[:-1]:
        container = container[step]
    change(container, place[-1])
    return copy


def _label(place: Place) -> str:
    return ".".join(map(str, place)) or "the body"


def _with_value(document: Any, place: Place, value: bytes, _: Random) -> tuple[str, bytes]:
    if not place:
        return "another body", value
    text = json.dumps(replaced(document, place, _HOLE)).encode()
    return f"another value at {_label(place)}", text.replace(_HOLE_TEXT, value)


def _without(document: Any, place: Place, _: bytes, __: Random) -> tuple[str, bytes]:
    if not place:
        return "no body", b""
    left = _changed(document, place, lambda it, key: it.__delitem__(key))
    return f"nothing at {_label(place)}", json.dumps(left).encode()


def _with_key(document: Any, place: Place, value: bytes, chance: Random) -> tuple[str, bytes]:
    key = chance.choice(ODD_NAMES)

    def add(container: Any, _: str | int) -> None:
        if isinstance(container, dict):
            container[key] = _HOLE
        else:
            container.append(_HOLE)

    if not place:
        return "an odd key", json.dumps({key: _HOLE}).encode().replace(_HOLE_TEXT, value)
    text = json.dumps(_changed(document, place, add)).encode()
    return f"an odd key beside {_label(place)}", text.replace(_HOLE_TEXT, value)


def _with_key_twice(document: Any, place: Place, value: bytes, _: Random) -> tuple[str, bytes]:
    keys = [step for step in place if isinstance(step, str)]
    name = json.dumps(keys[-1] if keys else "name").encode()
    text = json.dumps(document).encode()
    if not text.startswith(b"{") or text == b"{}":
        return "a key twice", b"{%s: 1, %s: %s}" % (name, name, value)
    return f"{name.decode()} twice", b"{%s: %s, %s" % (name, value, text[1:])
