"""Create the parts of compiled functions that depend only on types, for lists and leaves."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import orjson
from graphql import GraphQLList, GraphQLNonNull, Undefined, is_leaf_type

from graph.engine.run.limits import LONG_STRING, NUMBER_BYTES, size_of_string

# Converts an object of the store to its JSON value. The second argument is the request's context.
Complete: TypeAlias = Callable[[Any, Any], Any]
# graphql-core does not set the type parameters of its types.
AnyType: TypeAlias = Any

# Longer lists are completed item by item, so that other operations can run between the items.
MAX_AT_ONCE = 1_000


class NotPlainError(Exception):
    """A compiled selection cannot complete a value, or must yield to other operations."""


def complete_list(item_type: AnyType, complete: Complete) -> Complete:
    required = isinstance(item_type, GraphQLNonNull)
    of_leaves = is_leaf(item_type)

    def complete_all(values: Any, context: Any) -> Any:
        if not isinstance(values, list | tuple):
            raise NotPlainError
        items = cast("Sequence[Any]", values)
        if of_leaves:
            return [complete_item(complete, item, context, required) for item in items]
        if len(items) > MAX_AT_ONCE:
            raise NotPlainError
        completed: list[Any] = []
        for item in items:
            if context.pace.is_over():
                raise NotPlainError
            completed.append(complete_item(complete, item, context, required))
        return completed

    return complete_all


def encode(value: Any, option: int = 0) -> bytes:
    """Return a value as JSON that is kept, such as a cached value or a key.

    The bytes are copied, because orjson allocates 4 KB for each value, and the unused part of this
    memory often cannot be reused.
    """
    return bytes(memoryview(orjson.dumps(value, option=option)))


def complete_item(complete: Complete, value: Any, context: Any, required: bool) -> Any:
    """Complete an item of a list. The item may be None if the list allows null."""
    if value is None:
        if required:
            raise NotPlainError
        return None
    completed = complete(value, context)
    if completed is None or completed is Undefined:
        raise NotPlainError
    return completed


def complete_leaf(return_type: AnyType) -> Complete:
    """Return the function that serializes a value and adds its size to the size of the answer."""
    coerce: Callable[[Any], Any] = return_type.coerce_output_value

    def complete(result: Any, context: Any) -> Any:
        completed: Any = coerce(result)
        answer = context.answer
        if isinstance(completed, str):
            size = len(completed)
            short = size <= LONG_STRING and completed.isascii()
            answer.bytes += size + 2 if short else size_of_string(completed)
        elif completed is None or completed is Undefined:
            raise TypeError(f"{return_type} serializes {result!r} as null.")
        elif isinstance(completed, int | float):
            answer.bytes += NUMBER_BYTES
        else:
            answer.bytes += len(orjson.dumps(completed))
        if answer.bytes > answer.maximum:
            answer.refuse()
        return completed

    return complete


def is_filter(field: Any) -> bool:
    """Whether a field filters a whole list to return one page."""
    return field is not None and "first" in field.args


def is_list_of_objects(type: AnyType) -> bool:
    """Whether a type is a list whose items are objects."""
    type = nullable(type)
    return isinstance(type, GraphQLList) and not is_leaf(cast("Any", type).of_type)


def is_leaf(type: AnyType) -> bool:
    """Whether a type is a scalar or an enumeration."""
    return is_leaf_type(nullable(type))


def nullable(type: AnyType) -> AnyType:
    """Return a type without its non-null wrapper."""
    return cast("Any", type).of_type if isinstance(type, GraphQLNonNull) else type
