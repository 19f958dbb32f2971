"""The input type for the contexts of evaluations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from graph import context as request
from graph.engine.errors import bad_user_input
from store.errors import Path, format_path
from store.evaluation import Context
from store.evaluation.context import (
    MAX_FIELDS,
    MAX_VALUE_LENGTH,
    STANDARD_FIELDS,
    context_size_error,
)
from store.operations.strings import display

_STRING_FIELDS = ("userId", "sessionId", "remoteAddress", "appName")


@strawberry.input(description="A field of the context beyond the standard fields.")
class ContextPropertyInput:
    name: str = strawberry.field(description="The name of the field.")
    value: str = strawberry.field(description="The value of the field.")


@strawberry.input(description="The context that an SDK would use for an evaluation.")
class ContextInput:
    """The input type of a context. `read` contains the values of a received input."""

    user_id: str | None = strawberry.field(default=UNSET, description="The ID of the user.")
    session_id: str | None = strawberry.field(default=UNSET, description="The ID of the session.")
    remote_address: str | None = strawberry.field(
        default=UNSET, description="The IP address of the user."
    )
    app_name: str | None = strawberry.field(
        default=UNSET, description="The name of the application."
    )
    current_time: datetime | None = strawberry.field(
        default=UNSET, description="The time of the evaluation; by default now."
    )
    properties: list[ContextPropertyInput] = strawberry.field(
        default_factory=list, description="All other fields of the context."
    )
    read: strawberry.Private[Context | None] = None

    @property
    def context(self) -> Context:
        """The evaluation context that the input describes."""
        assert self.read is not None
        return self.read


def _from_input(_: type, value: Mapping[str, Any], input_context: InputContext) -> ContextInput:
    """Convert the input of a context once for all toggles of a list.

    Without this function, Strawberry would create an object for each property and each toggle.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    assert input_context.info is not None  # `info` is None only for the default of an argument
    context: request.Context = input_context.info.context
    cached = context.contexts.get(id(value))
    if cached is None:
        # The entry refers to the value, so that no other value can get the same `id()`.
        cached = context.contexts[id(value)] = (
            value,
            _read(value, context, tuple(map(str, input_context.path))),
        )
    return ContextInput(read=cached[1])


get_object_definition(ContextInput, strict=True).from_input = _from_input


def _read(value: Mapping[str, Any], context: request.Context, path: Path) -> Context:
    """Convert the input of a context.

    If the input has no time, the context gets the time of the request.
    """
    strings = {name: value.get(name) for name in _STRING_FIELDS}
    for name, string in strings.items():
        if string is not None:
            _check_length(string, f"The value of {name}", (*path, name))
    properties = _properties(value["properties"], (*path, "properties"))
    given = [(name, string) for name, string in strings.items() if string is not None]
    if objection := context_size_error((*given, *properties.items())):
        raise _refusal(path, objection)
    return Context(
        current_time=value.get("currentTime") or context.now,
        user_id=strings["userId"],
        session_id=strings["sessionId"],
        remote_address=strings["remoteAddress"],
        app_name=strings["appName"],
        properties=properties,
    )


def _properties(inputs: Sequence[Mapping[str, str]], path: Path) -> Mapping[str, str]:
    if len(inputs) > MAX_FIELDS:
        raise _refusal(
            path, f"A context may have at most {MAX_FIELDS:,} properties, not {len(inputs):,}."
        )
    properties: dict[str, str] = {}
    for index, entry in enumerate(inputs):
        name, value = entry["name"], entry["value"]
        if name in properties or name in STANDARD_FIELDS or len(name) > MAX_VALUE_LENGTH:
            raise _refusal((*path, str(index), "name"), _objection(name))
        if len(value) > MAX_VALUE_LENGTH:
            _check_length(value, f"The value of '{display(name)}'", (*path, str(index), "value"))
        properties[name] = value
    return properties


def _objection(name: str) -> str:
    if len(name) > MAX_VALUE_LENGTH:
        limit = f"at most {MAX_VALUE_LENGTH:,} characters are allowed."
        return f"The name '{display(name)}' is too long: {limit}"
    if name == "environment":
        return "The property 'environment' is not allowed: use the environment of the evaluation."
    if name in STANDARD_FIELDS:
        return f"The property '{name}' is not allowed: use the field of the context."
    return f"The property '{display(name)}' is given twice."


def _check_length(value: str, what: str, path: Path) -> None:
    if len(value) > MAX_VALUE_LENGTH:
        raise _refusal(
            path, f"{what} has {len(value):,} characters; at most {MAX_VALUE_LENGTH:,} are allowed."
        )


def _refusal(path: Path, message: str) -> Exception:
    return bad_user_input(f"{format_path(path)}: {message}")
