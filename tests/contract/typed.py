"""Find values that a client in a typed language could not decode.

The types of an exchange map paths to the names of types. In a path, `tokens[].secret` is the key
`secret` of each entry of the list `tokens`. A type that ends with `?` allows null and missing keys.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_MISSING = object()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "any": lambda _: True,
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: _is_number(value) and isinstance(value, int),
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "[string]": lambda value: (
        isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    ),
    "time": lambda value: isinstance(value, str) and _TIME.fullmatch(value) is not None,
}


def type_problem(types: Mapping[str, str], body: Any) -> str | None:
    """Return the first value of a JSON body that has another type, or None."""
    for path, type in types.items():
        optional = type.endswith("?")
        for value in _values(body, path.split("."), optional=optional):
            if value is _MISSING:
                return f"{path} is missing"
            if not (optional and value is None) and not _TYPES[type.removesuffix("?")](value):
                return f"{path} is {value!r}, not {type}"
    return None


def _values(value: Any, steps: list[str], *, optional: bool) -> Iterator[Any]:
    """The values at a path. If a key of an optional value is missing, there is no value."""
    if not steps:
        yield value
        return
    key, *rest = steps
    name = key.removesuffix("[]")
    if name:
        value = value.get(name, _MISSING) if isinstance(value, dict) else _MISSING
    if value is _MISSING or (value is None and rest):
        if not optional:
            yield _MISSING
    elif key.endswith("[]"):
        for entry in value or ():
            yield from _values(entry, rest, optional=optional)
    else:
        yield from _values(value, rest, optional=optional)
