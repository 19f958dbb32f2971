"""Execute operations; compile selections whose fields need no I/O into functions."""

from collections.abc import Callable, Sequence
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

from graph.engine.run.fields import ContextualField, DerivedField, ImmediateField
from graph.engine.run.limits import (
    LONG_TEXT,
    NUMBER_BYTES,
    AnswerSize,
    size_of_names,
    size_of_text,
)
from graph.engine.run.pacing import Pace, PacedExecutor

# A function that converts an object of the store to its JSON value.
Complete: TypeAlias = Callable[[Any], Any]
# graphql-core leaves the generics of its types open.
AnyType: TypeAlias = Any


# Longer lists are completed item by item, so that other operations can run between the items.
MAX_AT_ONCE = 1_000


class _NotPlainError(Exception):
    """A compiled selection cannot complete a value, or it is time to yield to other operations."""


class CompilingExecutor(PacedExecutor):
    """Executes operations, and compiles fields that need no I/O.

    One function completes a list item or an object's field, if all fields in its selection are read
    from objects or the request's context. If the function fails, graphql-core completes the value
    again. graphql-core reports errors at their paths, and yields within long lists.

    Executors are not part of reference cycles. Therefore their memory is freed without garbage
    collection when the operation ends.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.async_helpers = GraphQLResolveInfoHelpers(
            gather=_weak(self.gather_async_work),  # pyright: ignore[reportUnknownMemberType] (generics left open there)
            track=_weak(self.track_async_work),
        )
        # Keys contain the `id` of a list of fields. Values hold this list, so that no other list
        # gets the same `id`. Each execution creates its own lists.
        self._compiled_items: dict[tuple[int, Any], tuple[Any, Complete | None]] = {}
        self._compiled_fields: dict[tuple[int, Any], tuple[Any, tuple[Complete | None, bool]]] = {}

    def for_event(self, payload: Any, context: Any) -> Self:
        """Return an executor of the same operation for one event of a subscription.

        graphql-core would copy this executor. Copies share dictionaries, whose entries would stay
        in memory until the subscription ends.
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
        """Return the completed field, or an awaitable of the completed field."""
        name: Any = path.key  # the path of a field never ends in an index
        self.context_value.answer.bytes += len(name) + 4
        complete, filters = self._field_completion(parent_type, field_details_list)
        arguments = (parent_type, source, field_details_list, path, position_context)
        if filters and self.context_value.pace.is_over():
            return self._execute_in_turn(arguments)
        if complete is not None:
            counted = self.context_value.answer.bytes
            try:
                return complete(source)
            except Exception:
                self.context_value.answer.bytes = counted
        return super().execute_field(*arguments)  # pyright: ignore[reportUnknownMemberType] (generics left open there)

    async def _execute_in_turn(self, arguments: tuple[Any, ...]) -> Any:
        await self.context_value.pace.take_turn()
        executor: Any = super()
        completed: Any = executor.execute_field(*arguments)
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
        """Append the completed item; return whether the item must be awaited."""
        complete = self._item_completion(item_type, field_details_list)
        if complete is not None:
            counted = self.context_value.answer.bytes
            try:
                complete_results.append(
                    _complete(complete, item, isinstance(item_type, GraphQLNonNull))
                )
            except Exception:
                # The item is completed again below, which reports errors and counts the size.
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
        """Serialize a value and add its size to the size of the answer."""
        return _leaf_completion(self.context_value.answer, return_type)(result)

    def _item_completion(self, type: AnyType, field_details_list: Any) -> Complete | None:
        key = (id(field_details_list), type)
        if key not in self._compiled_items:
            complete = self._compile(type, field_details_list)
            self._compiled_items[key] = (field_details_list, complete)
        return self._compiled_items[key][1]

    def _field_completion(
        self, parent_type: AnyType, field_details_list: Any
    ) -> tuple[Complete | None, bool]:
        """Return the function that completes a field, if any, and whether the field filters."""
        key = (id(field_details_list), parent_type)
        if key not in self._compiled_fields:
            field: Any = self.schema.get_field(parent_type, field_details_list[0].node.name.value)
            # A list of objects yields to the event loop between its items, so only the completion
            # of an item is compiled.
            yields = field is not None and _is_list_of_objects(field.type)
            complete = None if yields else self._compile_field(parent_type, field_details_list)
            self._compiled_fields[key] = (field_details_list, (complete, _filters(field)))
        return self._compiled_fields[key][1]

    def _compile(self, type: AnyType, field_details_list: Any) -> Complete | None:
        """Return the function that completes a non-null value; None if compiling is impossible."""
        type = _nullable(type)
        if isinstance(type, GraphQLList):
            of_type: AnyType = cast("Any", type).of_type
            complete = self._compile(of_type, field_details_list)
            return complete and self._compile_list(of_type, complete)
        if isinstance(type, GraphQLObjectType):
            return self._compile_object(cast("Any", type), field_details_list)
        if is_abstract_type(type):
            return self._compile_abstract(type, field_details_list)
        return _leaf_completion(self.context_value.answer, type) if is_leaf_type(type) else None

    def _compile_list(self, item_type: AnyType, complete: Complete) -> Complete:
        required = isinstance(item_type, GraphQLNonNull)
        of_leaves = _is_leaf(item_type)
        pace: Pace = self.context_value.pace

        def complete_all(values: Any) -> Any:
            if not isinstance(values, list | tuple):
                raise _NotPlainError
            items = cast("Sequence[Any]", values)
            if of_leaves:
                return [_complete(complete, item, required) for item in items]
            if len(items) > MAX_AT_ONCE:
                raise _NotPlainError
            completed: list[Any] = []
            for item in items:
                if pace.is_over():
                    raise _NotPlainError
                completed.append(_complete(complete, item, required))
            return completed

        return complete_all

    def _compile_object(self, type: AnyType, field_details_list: Any) -> Complete | None:
        collected = self.collect_subfields(type, field_details_list)
        if collected.new_defer_usages:
            return None
        fields: list[tuple[str, Complete]] = []
        for name, details in collected.grouped_field_set.items():
            complete = self._compile_field(type, details)
            if complete is None:
                return None
            fields.append((name, complete))
        accepts = type.is_type_of
        answer: AnswerSize = self.context_value.answer
        names = size_of_names([name for name, _ in fields])

        def complete_object(value: Any) -> Any:
            if accepts is not None and accepts(value, None) is not True:
                raise _NotPlainError
            answer.bytes += names
            return {name: complete(value) for name, complete in fields}

        return complete_object

    def _compile_abstract(self, type: AnyType, field_details_list: Any) -> Complete | None:
        """Return the function that completes an object of an interface or a union."""
        completions = {
            object_type.name: self._compile_object(object_type, field_details_list)
            for object_type in self.schema.get_possible_types(type)
        }
        resolve_type: Any = type.resolve_type
        if resolve_type is None or not any(completions.values()):
            return None

        def complete_any(value: Any) -> Any:
            # The `info` is None, because no `resolve_type` of this server reads it.
            complete = completions.get(resolve_type(value, None, type))
            if complete is None:
                raise _NotPlainError
            return complete(value)

        return complete_any

    def _compile_field(self, parent_type: AnyType, field_details_list: Any) -> Complete | None:
        """Return the function that completes a field of an object."""
        name = field_details_list[0].node.name.value
        field: Any = self.schema.get_field(parent_type, name)
        read = self._reader(parent_type, field_details_list, field) if field else None
        complete = self._compile(field.type, field_details_list) if read else None
        if read is None or complete is None:
            return None
        required = isinstance(field.type, GraphQLNonNull)

        # This function repeats `_complete`, because a call for each field of each object takes
        # time.
        def complete_field(parent: Any) -> Any:
            value = read(parent)
            if value is None:
                if required:
                    raise _NotPlainError
                return None
            completed = complete(value)
            if completed is None or completed is Undefined:
                raise _NotPlainError
            return completed

        return complete_field

    def _reader(self, type: AnyType, details: Any, field: Any) -> Complete | None:
        """Return the function that reads a field of an object; None if the resolver must run."""
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
    ) -> Complete | None:
        resolver = definition.base_resolver
        nodes = [detail.node for detail in details]
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
            return None  # graphql-core raises the error again, at each path
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


def _leaf_completion(answer: AnswerSize, return_type: AnyType) -> Complete:
    """Return the function that serializes a value and adds its size to the answer's."""
    coerce: Complete = return_type.coerce_output_value

    def complete_leaf(result: Any) -> Any:
        completed: Any = coerce(result)
        if isinstance(completed, str):
            size = len(completed)
            short = size <= LONG_TEXT and completed.isascii()
            answer.bytes += size + 2 if short else size_of_text(completed)
        elif completed is None or completed is Undefined:
            raise TypeError(f"{return_type} serializes {result!r} as null.")
        elif isinstance(completed, int | float):
            answer.bytes += NUMBER_BYTES
        else:
            answer.bytes += len(orjson.dumps(completed))
        if answer.bytes > answer.maximum:
            answer.refuse()
        return completed

    return complete_leaf


def _weak(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that calls a bound method without holding a reference to its object.

    The object must outlive all calls.
    """
    reference = WeakMethod(method)

    def call(values: Any) -> Any:
        bound = reference()
        assert bound is not None
        return bound(values)

    return call


def _filters(field: Any) -> bool:
    """Whether a field filters a whole list to return one page."""
    return field is not None and "first" in field.args


def _is_leaf(type: AnyType) -> bool:
    return is_leaf_type(_nullable(type))


def _is_list_of_objects(type: AnyType) -> bool:
    type = _nullable(type)
    return isinstance(type, GraphQLList) and not _is_leaf(cast("Any", type).of_type)


def _nullable(type: AnyType) -> AnyType:
    return cast("Any", type).of_type if isinstance(type, GraphQLNonNull) else type


def _complete(complete: Complete, value: Any, required: bool) -> Any:
    if value is None:
        if required:
            raise _NotPlainError
        return None
    completed = complete(value)
    if completed is None or completed is Undefined:
        raise _NotPlainError
    return completed
