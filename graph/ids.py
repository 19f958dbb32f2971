"""Global IDs: `Type:key` in base64, for all types that implement Node."""

import binascii
from base64 import b64decode, b64encode

import strawberry
from graphql import GraphQLError

from graph.engine.errors import bad_user_input
from store.errors import InvalidError, Path, refuse

# The IDs of assumed objects have this prefix. IDs of saved objects never have the prefix, so
# clients do not confuse assumed and saved objects in their caches.
ASSUMED = "assumed:"

_SEPARATOR = "/"
_ASSUMABLE = frozenset({"Toggle", "ToggleEnvironment", "ToggleStrategy", "Segment"})
_LARGEST_NUMBER = 2**63 - 1


def encode_id(type_name: str, key: str | int) -> strawberry.ID:
    """Return the global ID of an object, from the name of its type and its key.

    If assumed changes created an object, its key contains ASSUMED or is a negative number.
    """
    id = b64encode(f"{type_name}:{key}".encode()).decode()
    return strawberry.ID(ASSUMED + id if _is_assumed(type_name, key) else id)


def _is_assumed(type_name: str, key: str | int) -> bool:
    if type_name not in _ASSUMABLE:
        return False
    return key < 0 if isinstance(key, int) else ASSUMED in key


def join_key(*parts: str) -> str:
    """Return the key of an object that is identified by several names. Names have no slashes."""
    return _SEPARATOR.join(parts)


def split_key(key: str, count: int) -> tuple[str, ...] | None:
    """Return the parts of a key from `join_key`; None if the number of parts is not `count`."""
    parts = tuple(key.split(_SEPARATOR))
    return parts if len(parts) == count else None


def number_of_key(key: str) -> int | None:
    """Return the number in a key; None if no object can have this key."""
    if not (key.isascii() and key.isdigit() and len(key) <= len(str(_LARGEST_NUMBER))):
        return None
    number = int(key)
    return number if number <= _LARGEST_NUMBER and str(number) == key else None


def toggle_environment_id(toggle_id: str, environment: str) -> strawberry.ID:
    """Return the global ID of a toggle's configuration in an environment."""
    return encode_id("ToggleEnvironment", join_key(toggle_id, environment))


def toggle_strategy_id(toggle_id: str, environment: str, strategy_id: str) -> strawberry.ID:
    """Return the global ID of an activation strategy on a toggle."""
    return encode_id("ToggleStrategy", join_key(toggle_id, environment, strategy_id))


def toggle_strategy_key(id: str, *, path: Path) -> tuple[str, str, str]:
    """Return the toggle, environment and strategy in the global ID of an activation strategy.

    Raises: Refusal: the rule of its error is `id`.
    """
    toggle_id, environment, strategy_id = _parts_of(id, "ToggleStrategy", 3, path)
    return toggle_id, environment, strategy_id


def toggle_environment_key(id: str, *, path: Path) -> tuple[str, str]:
    """Return the toggle and the environment in the global ID of a toggle's configuration.

    Raises: Refusal: the rule of its error is `id`.
    """
    toggle_id, environment = _parts_of(id, "ToggleEnvironment", 2, path)
    return toggle_id, environment


def _parts_of(id: str, type_name: str, count: int, path: Path) -> tuple[str, ...]:
    key = _key_of(id, (type_name,))
    parts = None if key is None else split_key(key, count)
    if parts is None:
        refuse(InvalidError(_complaint(id, (type_name,)), rule="id", path=path))
    return parts


def parse_id(id: str) -> tuple[str, str] | None:
    """Return the type and the key in a global ID; None if the string is not a global ID."""
    try:
        type_name, separator, key = b64decode(id, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    # Keys never contain NUL, which PostgreSQL refuses in parameters.
    if not separator or not type_name.isalnum() or not key or "\0" in key:
        return None
    return type_name, key


def decode_id(id: str, *expected: str, path: Path = ()) -> str:
    """Return the key in an ID from the input of a mutation; `expected` are the allowed types.

    Raises: InvalidError: the rule is `id`.
    """
    key = _key_of(id, expected)
    if key is None:
        raise InvalidError(_complaint(id, expected), rule="id", path=path)
    return key


def decode_query_id(id: str, *expected: str) -> str:
    """Return the key in an ID from an argument of a query; `expected` are the allowed types.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    key = _key_of(id, expected)
    if key is None:
        raise not_an_id(id, *expected)
    return key


def not_an_id(id: str, *expected: str) -> GraphQLError:
    """Return the error of a query for a string that is not an ID of an expected type."""
    return bad_user_input(_complaint(id, expected))


def _key_of(id: str, expected: tuple[str, ...]) -> str | None:
    parsed = parse_id(id)
    if parsed is None or (expected and parsed[0] not in expected):
        return None
    return parsed[1]


def _complaint(id: str, expected: tuple[str, ...]) -> str:
    kinds = " or ".join(expected) or "an object"
    return f"'{id[:100]}' is not the ID of {kinds}."
