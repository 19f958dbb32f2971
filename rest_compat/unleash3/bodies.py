"""Read bodies of the 3.x admin API. Values are converted as in imports of 3.x documents.

Violations are listed in the order of the fields in the model of the body.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, inspect

from rest_compat.http.errors import InvalidBodyError, Violation
from rest_compat.http.request import Request
from rest_compat.unleash3.errors import violation_of
from store.errors import Path, Problems
from store.operations.limits import MAX_TAG_VALUE_LENGTH
from store.operations.messages import duplicate, not_url_friendly, unknown_key
from store.operations.names import is_name
from store.transfer.checking import EnoughError
from store.transfer.document import fields_of
from store.transfer.unleash.coercion import Coercion

StructT = TypeVar("StructT", bound=Struct)

# Results are cached, because inspecting a type takes as long as reading a body.
_type_info = cache(inspect.type_info)


def _check_url_friendly(name: str, path: Path, problems: Problems) -> None:
    # This check does not run for names of invalid length.
    if not is_name(name):
        problems.invalid(not_url_friendly(name), rule="isUrlFriendly.base", path=path)


def check_unique(values: Sequence[Any] | None, path: Path, problems: Problems) -> None:
    """Check that all values of a list are different. Report the first duplicate."""
    seen: set[Any] = set()
    for at, value in enumerate(values or ()):
        if value in seen:
            problems.invalid(duplicate("value", value), rule="array.unique", path=(*path, str(at)))
            return
        seen.add(value)


Name = Annotated[str, Meta(min_length=2, max_length=100, extra={"check": _check_url_friendly})]
TagTypeName = Annotated[
    str, Meta(min_length=2, max_length=50, extra={"check": _check_url_friendly})
]
TagValue = Annotated[str, Meta(min_length=2, max_length=MAX_TAG_VALUE_LENGTH)]


class NameBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """The name of a new object."""

    name: Name


async def read_body(request: Request, kind: type[StructT]) -> StructT:
    """Read and validate a body.

    As in Unleash 3.17.6, a JSON value that is not an object is read as `{}`.

    Raises: InvalidBodyError: the error lists all violations; the errors of `Request.json`.
    """
    return read_model(await request.json_object(), kind)


def read_model(sent: dict[str, Any], kind: type[StructT]) -> StructT:
    """Validate a decoded body, and convert it to a `kind`.

    Raises: InvalidBodyError: the error lists all violations. Unknown keys are at the end.
    """
    problems = Problems()
    plain: Any = None
    with suppress(EnoughError):
        plain = Coercion(problems).read(sent, _type_info(kind))
    violations = [violation_of(error) for error in problems.errors]
    if kind.__struct_config__.forbid_unknown_fields:
        known = fields_of(kind)
        violations += [
            Violation(unknown_key(key), (key,), "object.unknown")
            for key in sent
            if key not in known
        ]
    if violations:
        raise InvalidBodyError(violations)
    return msgspec.convert(plain, kind)
