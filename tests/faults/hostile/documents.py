"""Put a fault into a JSON document at any path."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, TypeAlias

from tests.faults.hostile.values import JSON_VALUES, ODD_NAMES

Path: TypeAlias = tuple[str | int, ...]
MAX_PATHS = 40
# A placeholder. Other bytes replace it after the document is serialized.
_HOLE = "\ue000hole\ue000"
_HOLE_TEXT = json.dumps(_HOLE).encode()


def flawed(document: Any, chance: Random) -> Iterator[tuple[str, bytes]]:
    """Yield documents without end. Each document has one fault.

    Each round puts a random fault at each of up to MAX_PLACES paths.
    """
    paths = list(_paths(document))
    chance.shuffle(paths)
    paths = paths[:MAX_PATHS] or [()]
    values = [*JSON_VALUES, *(json.dumps(name).encode() for name in ODD_NAMES)]
    mutations = (_with_value, _with_value, _with_value, _without, _with_key, _with_key_twice)
    while True:
        for path in paths:
            mutate = chance.choice(mutations)
            yield mutate(document, path, chance.choice(values), chance)


def cut_off(document: Any, chance: Random) -> bytes:
    """The document without its end."""
    text = json.dumps(document).encode()
    return text[: chance.randrange(len(text))]


def string_paths(document: Any) -> list[Path]:
    """Return the paths of strings in a document."""
    return [path for path in _paths(document) if isinstance(_at(document, path), str)]


def replaced(document: Any, path: Path, value: Any) -> Any:
    """A copy of the document with another value at a path."""
    return _changed(document, path, lambda part, key: part.__setitem__(key, value))


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def _paths(document: Any, path: Path = ()) -> Iterator[Path]:
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, value in inner:
        yield (*path, key)
        yield from _paths(value, (*path, key))


def _changed(document: Any, path: Path, change: Any) -> Any:
    """Return a copy after `change(container, key)` was called at the path."""
    copy = json.loads(json.dumps(document))
    container = copy
    for step in path[:-1]:
        container = container[step]
    change(container, path[-1])
    return copy


def _label(path: Path) -> str:
    return ".".join(map(str, path)) or "the body"


def _with_value(document: Any, path: Path, value: bytes, _: Random) -> tuple[str, bytes]:
    if not path:
        return "another body", value
    text = json.dumps(replaced(document, path, _HOLE)).encode()
    return f"another value at {_label(path)}", text.replace(_HOLE_TEXT, value)


def _without(document: Any, path: Path, _: bytes, __: Random) -> tuple[str, bytes]:
    if not path:
        return "no body", b""
    left = _changed(document, path, lambda part, key: part.__delitem__(key))
    return f"nothing at {_label(path)}", json.dumps(left).encode()


def _with_key(document: Any, path: Path, value: bytes, chance: Random) -> tuple[str, bytes]:
    key = chance.choice(ODD_NAMES)

    def add(container: Any, _: str | int) -> None:
        if isinstance(container, dict):
            container[key] = _HOLE
        else:
            container.append(_HOLE)

    if not path:
        return "an odd key", json.dumps({key: _HOLE}).encode().replace(_HOLE_TEXT, value)
    text = json.dumps(_changed(document, path, add)).encode()
    return f"an odd key beside {_label(path)}", text.replace(_HOLE_TEXT, value)


def _with_key_twice(document: Any, path: Path, value: bytes, _: Random) -> tuple[str, bytes]:
    keys = [step for step in path if isinstance(step, str)]
    name = json.dumps(keys[-1] if keys else "name").encode()
    text = json.dumps(document).encode()
    if not text.startswith(b"{") or text == b"{}":
        return "a key twice", b"{%s: 1, %s: %s}" % (name, name, value)
    return f"{name.decode()} twice", b"{%s: %s, %s" % (name, value, text[1:])
