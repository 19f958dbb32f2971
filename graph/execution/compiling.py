"""Selections compiled into functions: plain objects in lists are shown without a resolver each."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias, cast

import orjson
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, Undefined, is_leaf_type
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField

from graph.execution.pacing import Pace, PacedExecutor
from graph.fields import ContextualField, DerivedField

# From an object of the store to what is sent of it.
Show: TypeAlias = Callable[[Any], Any]
# graphql-core leaves the generics of its types open.
AnyType: TypeAlias = Any


# Of longer lists each item is shown by itself, so that others have their turn in between.
MOST_AT_ONCE = 1_000


class _NotPlainError(Exception):
    """A value is none that a compiled selection shows, or it is time to give way to others."""


class CompilingExecutor(PacedExecutor):
    """Executes operations; what is plain in them at a fraction of the price.

    An item of a list is shown by one function if all that is selected of it, at any depth, is read
    from the objects themselves or from the request's context. Whatever such a function stumbles
    over is completed again in the usual way, which reports errors in their places and gives way
    where lists are long.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By the identity of the list of fields, which is kept with it so that it stays unique.
        self._compiled: dict[tuple[int, Any], tuple[Any, Show | None]] = {}

    def complete_list_item_value(
        self,
        item: Any,
        complete_results: list[Any],
        item_type: AnyType,
        field_details_list: Any,
        info: Any,
        item_path: Path,
        position_context: Any,
    ) -> bool:
        """Append the completed item; whether it has to be awaited."""
        show = self._shown_by(item_type, field_details_list)
        if show is not None:
            counted = self.context_value.answer_characters
            try:
                complete_results.append(_shown(show, item, isinstance(item_type, GraphQLNonNull)))
            except Exception:
                # It comes up again below, in the place where it belongs, and is counted there.
                self.context_value.answer_characters = counted
            else:
                return False
        return super().complete_list_item_value(  # pyright: ignore[reportUnknownMemberType] (generics left open there)
            item,
            complete_results,
            item_type,
            field_details_list,
            info,
            item_path,
            position_context,
        )

    def complete_leaf_value(self, return_type: AnyType, result: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] (called on the executor all the same)
        """The value as it is sent; how long texts are is added up."""
        completed: Any = return_type.coerce_output_value(result)
        if isinstance(completed, str):
            self.context_value.answer_characters += len(completed)
        elif completed is None or completed is Undefined:
            raise TypeError(f"{return_type} shows {result!r} as nothing.")
        elif not isinstance(completed, int | float):
            self.context_value.answer_characters += len(orjson.dumps(completed))
        return completed

    def _shown_by(self, type: AnyType, field_details_list: Any) -> Show | None:
        key = (id(field_details_list), type)
        if key not in self._compiled:
            self._compiled[key] = (field_details_list, self._compile(type, field_details_list))
        return self._compiled[key][1]

    def _compile(self, type: AnyType, field_details_list: Any) -> Show | None:
        """What shows a value of a type other than None; None if it cannot be read just so."""
        type = _nullable(type)
        if isinstance(type, GraphQLList):
            of_type: AnyType = cast("Any", type).of_type
            show = self._compile(of_type, field_details_list)
            return show and self._compile_list(of_type, show)
        if isinstance(type, GraphQLObjectType):
            return self._compile_object(cast("Any", type), field_details_list)
        return partial(self.complete_leaf_value, type) if is_leaf_type(type) else None

    def _compile_list(self, item_type: AnyType, show: Show) -> Show:
        required = isinstance(item_type, GraphQLNonNull)
        of_leaves = is_leaf_type(_nullable(item_type))
        pace: Pace = self.context_value.pace

        def show_all(values: Any) -> Any:
            if not isinstance(values, list | tuple):
                raise _NotPlainError
            items = cast("Sequence[Any]", values)
            if not of_leaves and (len(items) > MOST_AT_ONCE or pace.is_over()):
                raise _NotPlainError
            return [_shown(show, it, required) for it in items]

        return show_all

    def _compile_object(self, type: AnyType, field_details_list: Any) -> Show | None:
        collected = self.collect_subfields(type, field_details_list)
        if collected.new_defer_usages:
            return None
        fields: list[tuple[str, Show, Show, bool]] = []
        for name, details in collected.grouped_field_set.items():
            field_name = details[0].node.name.value
            field: Any = self.schema.get_field(type, field_name)
            read = self._reader(type, field_name, field) if field else None
            show = self._compile(field.type, details) if field and read else None
            if field is None or read is None or show is None:
                return None
            fields.append((name, read, show, isinstance(field.type, GraphQLNonNull)))
        accepts = type.is_type_of

        def show_object(value: Any) -> Any:
            if accepts is not None and accepts(value, None) is not True:
                raise _NotPlainError
            return {
                name: _shown(show, read(value), required) for name, read, show, required in fields
            }

        return show_object

    def _reader(self, type: AnyType, name: str, field: Any) -> Show | None:
        """What reads a field of an object; None if its resolver has to do it."""
        if name == "__typename":
            return lambda _: type.name
        definition = field.extensions.get("strawberry-definition")
        match definition:
            case ContextualField():
                derivation, context = definition.contextual_derivation, self.context_value
                return lambda value: derivation(value, context)
            case DerivedField():
                return definition.derivation
            case StrawberryField() if definition.is_basic_field:
                return attrgetter(definition.python_name)
            case _:
                return None


def _nullable(type: AnyType) -> AnyType:
    return cast("Any", type).of_type if isinstance(type, GraphQLNonNull) else type


def _shown(show: Show, value: Any, required: bool) -> Any:
    if value is None:
        if required:
            raise _NotPlainError
        return None
    shown = show(value)
    if shown is None or shown is Undefined:
        raise _NotPlainError
    return shown
