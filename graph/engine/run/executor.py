"""Selections compiled into functions: plain objects in lists are shown without a resolver each."""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import isawaitable
from operator import attrgetter
from typing import Any, Self, TypeAlias, cast
from weakref import WeakMethod

import orjson
from graphql import (
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfoHelpers,
    Undefined,
    get_argument_values,
    is_abstract_type,
    is_leaf_type,
)
from graphql.pyutils import Path
from strawberry import Info
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from graph.engine.run.answer_size import (
    LONG_TEXT,
    NUMBER_BYTES,
    AnswerSize,
    size_of_names,
    size_of_text,
)
from graph.engine.run.fields import ContextualField, DerivedField, ImmediateField
from graph.engine.run.pacing import Pace, PacedExecutor

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

    An item of a list, or a field of an object, is shown by one function if all that is selected of
    it, at any depth, is read from the objects themselves or from the request's context. Whatever
    such a function stumbles over is completed again in the usual way, which reports errors in their
    places and gives way where lists are long.

    Nothing that an executor holds refers back to it: its memory is free when the operation ends,
    without a garbage collection.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.async_helpers = GraphQLResolveInfoHelpers(
            gather=_weak(self.gather_async_work),  # pyright: ignore[reportUnknownMemberType] (generics left open there)
            track=_weak(self.track_async_work),
        )
        # By the identity of the list of fields, which is kept with it so that it stays unique.
        # Each execution makes lists of its own, so no two executions share these.
        self._compiled_items: dict[tuple[int, Any], tuple[Any, Show | None]] = {}
        self._compiled_fields: dict[tuple[int, Any], tuple[Any, tuple[Show | None, bool]]] = {}

    def for_event(self, payload: Any, context: Any) -> Self:
        """An executor of the same operation for one event of a subscription.

        graphql-core would copy this one, and what each event leaves in the copy's dictionaries
        would stay in them until the subscription ends.
        """
        executor: Any = self
        return type(self)(
            executor.schema,
            executor.fragment_definitions,
            executor.fragments,
            payload,
            context,
            executor.operation,
            executor.variable_values,
            executor.field_resolver,
            executor.type_resolver,
            executor.subscribe_field_resolver,
            middleware_manager=executor.middleware_manager,
            is_awaitable=executor.is_awaitable,
            is_async_iterable=executor.is_async_iterable,
            hide_suggestions=executor.hide_suggestions,
        )

    def execute_field(
        self,
        parent_type: AnyType,
        source: Any,
        field_details_list: Any,
        path: Path,
        position_context: Any,
    ) -> Any:
        """The completed field, or what can be awaited for it."""
        name: Any = path.key  # never an index where a field is executed
        self.context_value.answer.bytes += len(name) + 4
        show, filters = self._field_shown_by(parent_type, field_details_list)
        place = (parent_type, source, field_details_list, path, position_context)
        if filters and self.context_value.pace.is_over():
            return self._execute_in_turn(place)
        if show is not None:
            counted = self.context_value.answer.bytes
            try:
                return show(source)
            except Exception:
                self.context_value.answer.bytes = counted
        return super().execute_field(*place)  # pyright: ignore[reportUnknownMemberType] (generics left open there)

    async def _execute_in_turn(self, place: tuple[Any, ...]) -> Any:
        await self.context_value.pace.take_turn()
        executor: Any = super()
        completed: Any = executor.execute_field(*place)
        return await completed if isawaitable(completed) else completed

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
        show = self._item_shown_by(item_type, field_details_list)
        if show is not None:
            counted = self.context_value.answer.bytes
            try:
                complete_results.append(_shown(show, item, isinstance(item_type, GraphQLNonNull)))
            except Exception:
                # It comes up again below, in the place where it belongs, and is counted there.
                self.context_value.answer.bytes = counted
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
        """The value as it is sent; how long it is is added up."""
        return _complete_leaf(self.context_value.answer, return_type, result)

    def _item_shown_by(self, type: AnyType, field_details_list: Any) -> Show | None:
        key = (id(field_details_list), type)
        if key not in self._compiled_items:
            show = self._compile(type, field_details_list)
            self._compiled_items[key] = (field_details_list, show)
        return self._compiled_items[key][1]

    def _field_shown_by(
        self, parent_type: AnyType, field_details_list: Any
    ) -> tuple[Show | None, bool]:
        """What shows a field, if anything does, and whether it takes its time to filter."""
        key = (id(field_details_list), parent_type)
        if key not in self._compiled_fields:
            field: Any = self.schema.get_field(parent_type, field_details_list[0].node.name.value)
            # Lists of objects give way between their items, each of which is compiled.
            gives_way = field is not None and _is_list_of_objects(field.type)
            show = None if gives_way else self._compile_field(parent_type, field_details_list)
            self._compiled_fields[key] = (field_details_list, (show, _filters(field)))
        return self._compiled_fields[key][1]

    def _compile(self, type: AnyType, field_details_list: Any) -> Show | None:
        """What shows a value of a type other than None; None if it cannot be read just so."""
        type = _nullable(type)
        if isinstance(type, GraphQLList):
            of_type: AnyType = cast("Any", type).of_type
            show = self._compile(of_type, field_details_list)
            return show and self._compile_list(of_type, show)
        if isinstance(type, GraphQLObjectType):
            return self._compile_object(cast("Any", type), field_details_list)
        if is_abstract_type(type):
            return self._compile_abstract(type, field_details_list)
        return (
            partial(_complete_leaf, self.context_value.answer, type) if is_leaf_type(type) else None
        )

    def _compile_list(self, item_type: AnyType, show: Show) -> Show:
        required = isinstance(item_type, GraphQLNonNull)
        of_leaves = _is_leaf(item_type)
        pace: Pace = self.context_value.pace

        def show_all(values: Any) -> Any:
            if not isinstance(values, list | tuple):
                raise _NotPlainError
            items = cast("Sequence[Any]", values)
            if of_leaves:
                return [_shown(show, it, required) for it in items]
            if len(items) > MOST_AT_ONCE:
                raise _NotPlainError
            shown: list[Any] = []
            for item in items:
                if pace.is_over():
                    raise _NotPlainError
                shown.append(_shown(show, item, required))
            return shown

        return show_all

    def _compile_object(self, type: AnyType, field_details_list: Any) -> Show | None:
        collected = self.collect_subfields(type, field_details_list)
        if collected.new_defer_usages:
            return None
        fields: list[tuple[str, Show]] = []
        for name, details in collected.grouped_field_set.items():
            show = self._compile_field(type, details)
            if show is None:
                return None
            fields.append((name, show))
        accepts = type.is_type_of
        answer: AnswerSize = self.context_value.answer
        names = size_of_names([name for name, _ in fields])

        def show_object(value: Any) -> Any:
            if accepts is not None and accepts(value, None) is not True:
                raise _NotPlainError
            answer.bytes += names
            return {name: show(value) for name, show in fields}

        return show_object

    def _compile_abstract(self, type: AnyType, field_details_list: Any) -> Show | None:
        """What shows an object of an interface or a union, as the type that it resolves to."""
        shows = {
            it.name: self._compile_object(it, field_details_list)
            for it in self.schema.get_possible_types(type)
        }
        resolve_type: Any = type.resolve_type
        if resolve_type is None or not any(shows.values()):
            return None

        def show_any(value: Any) -> Any:
            # No resolver here reads the info of the field.
            show = shows.get(resolve_type(value, None, type))
            if show is None:
                raise _NotPlainError
            return show(value)

        return show_any

    def _compile_field(self, parent_type: AnyType, field_details_list: Any) -> Show | None:
        """What shows a field of an object."""
        name = field_details_list[0].node.name.value
        field: Any = self.schema.get_field(parent_type, name)
        read = self._reader(parent_type, field_details_list, field) if field else None
        show = self._compile(field.type, field_details_list) if read else None
        if read is None or show is None:
            return None
        required = isinstance(field.type, GraphQLNonNull)
        return lambda value: _shown(show, read(value), required)

    def _reader(self, type: AnyType, details: Any, field: Any) -> Show | None:
        """What reads a field of an object; None if its resolver has to do it."""
        if details[0].node.name.value == "__typename":
            return lambda _: type.name
        definition = field.extensions.get("strawberry-definition")
        match definition:
            case ImmediateField():
                return self._reader_with_arguments(type, details, field, definition)
            case ContextualField():
                derivation, context = definition.contextual_derivation, self.context_value
                return lambda value: derivation(value, context)
            case DerivedField():
                return definition.derivation
            case StrawberryField() if definition.is_basic_field:
                return attrgetter(definition.python_name)
            case _:
                return None

    def _reader_with_arguments(
        self, type: AnyType, details: Any, field: Any, definition: Any
    ) -> Show | None:
        resolver = definition.base_resolver
        nodes = [it.node for it in details]
        no_path = Path(None, nodes[0].name.value, None)
        raw_info = cast("Any", self).build_resolve_info(field, nodes, type, no_path)
        info: Info[Any, Any] = Info(_raw_info=raw_info, _field=definition)
        converter = info.schema.schema_converter
        try:
            arguments = convert_arguments(
                get_argument_values(
                    field, nodes[0], self.variable_values, details[0].fragment_variable_values
                ),
                definition.arguments,
                scalar_registry=converter.scalar_registry,
                config=converter.config,
                info=info,
            )
        except (GraphQLError, ValueError, TypeError):
            return None  # its resolver reports that in each place
        if resolver.info_parameter is not None:
            arguments[resolver.info_parameter.name] = info
        resolve = resolver.wrapped_func
        if not _filters(field):
            return lambda value: resolve(value, **arguments)
        pace: Pace = self.context_value.pace

        def resolve_in_time(value: Any) -> Any:
            if pace.is_over():
                raise _NotPlainError
            return resolve(value, **arguments)

        return resolve_in_time


def _complete_leaf(answer: AnswerSize, return_type: AnyType, result: Any) -> Any:
    completed: Any = return_type.coerce_output_value(result)
    if isinstance(completed, str):
        short = len(completed) <= LONG_TEXT and completed.isascii()
        answer.bytes += len(completed) + 2 if short else size_of_text(completed)
    elif completed is None or completed is Undefined:
        raise TypeError(f"{return_type} shows {result!r} as nothing.")
    elif isinstance(completed, int | float):
        answer.bytes += NUMBER_BYTES
    else:
        answer.bytes += len(orjson.dumps(completed))
    if answer.bytes > answer.maximum:
        answer.refuse()
    return completed


def _weak(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A method of an object that is alive whenever it is called, without keeping it alive."""
    reference = WeakMethod(method)

    def call(values: Any) -> Any:
        bound = reference()
        assert bound is not None
        return bound(values)

    return call


def _filters(field: Any) -> bool:
    """Whether a field goes through a whole list for a page of it."""
    return field is not None and "first" in field.args


def _is_leaf(type: AnyType) -> bool:
    return is_leaf_type(_nullable(type))


def _is_list_of_objects(type: AnyType) -> bool:
    type = _nullable(type)
    return isinstance(type, GraphQLList) and not _is_leaf(cast("Any", type).of_type)


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
