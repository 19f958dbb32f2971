"""Execute operations; fields that need no I/O are completed by compiled functions."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from inspect import isawaitable
from typing import Any, Self
from weakref import WeakMethod

from graphql import GraphQLNonNull, GraphQLResolveInfoHelpers
from graphql.pyutils import Path, gather_with_cancel

from graph.engine.run.compiling import CachedPart, Compiler
from graph.engine.run.completing import (
    AnyType,
    Complete,
    complete_item,
    complete_leaf,
    is_filter,
    is_leaf,
    is_list_of_objects,
)
from graph.engine.run.fields import Load
from graph.engine.run.pacing import Pace, PacedExecutor
from graph.engine.run.plans import Plan
from graph.engine.run.reads import Reads
from graph.engine.run.selection_reads import SelectionReads


class CompilingExecutor(PacedExecutor):
    """Executes operations, and compiles fields that need no I/O.

    If all selected fields are read from objects or the request's context, one compiled function
    completes a list item or an object's field. If the function fails, graphql-core completes the
    value again. graphql-core reports errors at their paths and yields within long lists.

    The functions are stored in the plan, which several requests share. Executors are not part of
    reference cycles, so their memory is freed without garbage collection when the operation ends.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.async_helpers = GraphQLResolveInfoHelpers(
            gather=_weak(self.gather_async_work),  # pyright: ignore[reportUnknownMemberType] (generics left open there)
            track=_weak(self.track_async_work),
        )
        plan: Plan | None = getattr(self.context_value, "plan", None)
        self._plan = Plan() if plan is None else plan
        self._relevant_sub_fields: Any = self._plan.sub_fields

    def for_event(self, payload: Any, context: Any) -> Self:
        """Return an executor of the same operation for one event of a subscription.

        graphql-core would copy this executor, including its errors and its context.
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

    def execute_root_grouped_field_set(
        self,
        root_type: AnyType,
        root_value: Any,
        grouped_field_set: Any,
        serially: bool,
        position_context: Any,
    ) -> Any:
        """Execute the root fields that are not cached, using the lists of fields from the plan."""
        fields = self._plan.use_root_fields(grouped_field_set)
        cached = getattr(self.context_value, "cached_roots", None)
        executor: Any = super()
        if not cached:
            return executor.execute_root_grouped_field_set(
                root_type, root_value, fields, serially, position_context
            )
        others = {name: details for name, details in fields.items() if name not in cached}
        completed = executor.execute_root_grouped_field_set(
            root_type, root_value, others, serially, position_context
        )
        if isawaitable(completed):
            return _merge_later(fields, cached, completed)
        return _merge(fields, cached, completed)

    def reads_of_root(self, name: str) -> Reads | None:
        """Return the parts of the state that a root field of a query reads.

        Return None if the parts are unknown.
        """
        reads = SelectionReads(self, self._plan)
        return reads.of_root(self.schema.query_type, self._plan.root_fields[name])

    def execute_fields(
        self,
        parent_type: AnyType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Return the completed fields of an object, or an awaitable of them."""
        part = None if path is None else self._cached_part(parent_type, grouped_field_set)
        counted = self.context_value.answer.bytes
        executor: Any = super()
        if part is not None and self.context_value.cached_state is not None:
            try:
                cached = part.read(source_value, self.context_value)
            except Exception:
                self.context_value.answer.bytes = counted
            else:
                others = executor.execute_fields(
                    parent_type, source_value, path, part.other_fields, position_context
                )
                if isawaitable(others):
                    return _merge_later(grouped_field_set, cached, others)
                return _merge(grouped_field_set, cached, others)
        return executor.execute_fields(
            parent_type, source_value, path, grouped_field_set, position_context
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
                return complete(source, self.context_value)
            except Exception:
                self.context_value.answer.bytes = counted
        return super().execute_field(*arguments)  # pyright: ignore[reportUnknownMemberType] (generics left open there)

    async def _execute_in_turn(self, arguments: tuple[Any, ...]) -> Any:
        await self.context_value.pace.take_turn()
        executor: Any = super()
        completed: Any = executor.execute_field(*arguments)
        return await completed if isawaitable(completed) else completed

    def complete_iterable_value(
        self,
        item_type: AnyType,
        field_details_list: Any,
        info: Any,
        path: Path,
        items: Any,
        position_context: Any,
    ) -> Any:
        """Return the completed list, or an awaitable of the completed list.

        Items with a compiled function are completed immediately until the time slice ends.
        """
        arguments = (item_type, field_details_list, info, path, items, position_context)
        is_compiled = isinstance(items, list | tuple) and not is_leaf(item_type)
        if not is_compiled or self._item_completion(item_type, field_details_list) is None:
            return super().complete_iterable_value(*arguments)
        if items and (loads := self._loads(item_type, field_details_list)):
            return self._load_and_complete(loads, arguments)
        return self._complete_items(*arguments)

    async def _load_and_complete(
        self, loads: Sequence[Load], arguments: tuple[Any, ...]
    ) -> list[Any]:
        """Load the values of all items, and return the completed list.

        If loading fails, the resolver of each field fails again and reports the error at its path.
        """
        items = arguments[4]
        waiting = [load(items, self.context_value) for load in loads]
        with suppress(Exception):
            # A single coroutine is awaited directly, which saves a task.
            await (waiting[0] if len(waiting) == 1 else gather(*waiting, return_exceptions=True))
        completed = self._complete_items(*arguments)
        return await completed if isawaitable(completed) else completed

    def _complete_items(self, *arguments: Any) -> Any:
        items: Sequence[Any] = arguments[4]
        pace: Pace = self.context_value.pace
        completed: list[Any] = []
        awaited: list[int] = []
        try:
            for index in range(len(items)):
                if pace.is_over():
                    return self._complete_in_turns(completed, awaited, *arguments)
                self._add_item(index, completed, awaited, *arguments)
        except Exception:
            self._settle(completed, awaited)
            raise
        return _await_items(completed, awaited) if awaited else completed

    async def _complete_in_turns(
        self, completed: list[Any], awaited: list[int], *arguments: Any
    ) -> list[Any]:
        """Complete the remaining items of a list, each in a turn of the operation."""
        pace: Pace = self.context_value.pace
        items = arguments[4]
        try:
            async for index in pace.items(range(len(completed), len(items))):
                self._add_item(index, completed, awaited, *arguments)
        except Exception:
            self._settle(completed, awaited)
            raise
        return await _await_items(completed, awaited)

    def _add_item(
        self,
        index: int,
        completed: list[Any],
        awaited: list[int],
        item_type: AnyType,
        field_details_list: Any,
        info: Any,
        path: Path,
        items: Sequence[Any],
        position_context: Any,
    ) -> None:
        """Append an item to `completed`, and append the index of an awaitable item to `awaited`."""
        executor: Any = self
        item, item_path = items[index], path.add_key(index, None)
        rest = (item_type, field_details_list, info, item_path, position_context)
        if executor.is_awaitable(item):
            completed.append(executor.complete_awaitable_list_item_value(item, *rest))
            awaited.append(index)
        elif self.complete_list_item_value(item, completed, *rest):
            awaited.append(index)

    def _settle(self, completed: list[Any], awaited: list[int]) -> None:
        """Await the awaitable items in the background, because the list has failed."""
        if awaited:
            executor: Any = self
            executor.settle_in_background([completed[index] for index in awaited])

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
            context, required = self.context_value, isinstance(item_type, GraphQLNonNull)
            counted = context.answer.bytes
            try:
                complete_results.append(complete_item(complete, item, context, required))
            except Exception:
                # Below, graphql-core completes the item again, reports errors and counts the size.
                context.answer.bytes = counted
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
        return complete_leaf(return_type)(result, self.context_value)

    def _item_completion(self, type: AnyType, field_details_list: Any) -> Complete | None:
        compiled, key = self._plan.compiled_items, (id(field_details_list), type)
        if key not in compiled:
            compiled[key] = Compiler(self, self._plan).item(type, field_details_list)
        return compiled[key]

    def _loads(self, type: AnyType, field_details_list: Any) -> Sequence[Load]:
        loads, key = self._plan.loads, (id(field_details_list), type)
        if key not in loads:
            loads[key] = Compiler(self, self._plan).loads(type, field_details_list)
        return loads[key]

    def _field_completion(
        self, parent_type: AnyType, field_details_list: Any
    ) -> tuple[Complete | None, bool]:
        """Return the function that completes a field (or None), and whether it filters a list."""
        compiled, key = self._plan.compiled_fields, (id(field_details_list), parent_type)
        if key not in compiled:
            field: Any = self.schema.get_field(parent_type, field_details_list[0].node.name.value)
            # A list of objects must yield between its items, so only its items are compiled.
            yields = field is not None and is_list_of_objects(field.type)
            complete = (
                None
                if yields
                else Compiler(self, self._plan).field(parent_type, field_details_list)
            )
            compiled[key] = (complete, is_filter(field))
        return compiled[key]

    def _cached_part(self, type: AnyType, grouped_field_set: Any) -> CachedPart | None:
        parts, key = self._plan.parts, (id(grouped_field_set), type)
        if key not in parts:
            parts[key] = Compiler(self, self._plan).part(type, grouped_field_set)
        return parts[key]


async def _await_items(completed: list[Any], awaited: list[int]) -> list[Any]:
    """Replace the awaitable items of a list by their values."""
    values = await gather_with_cancel(*(completed[index] for index in awaited))
    for index, value in zip(awaited, values, strict=True):
        completed[index] = value
    return completed


def _merge(names: Any, cached: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return all fields of an object in the order of their names."""
    every = {**cached, **others}
    return {name: every[name] for name in names if name in every}


async def _merge_later(
    names: Any, cached: Mapping[str, Any], others: Awaitable[Mapping[str, Any]]
) -> dict[str, Any]:
    return _merge(names, cached, await others)


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
