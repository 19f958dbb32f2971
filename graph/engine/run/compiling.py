"""Compile selections without I/O to functions, and store the functions in a plan.

The functions do not refer to the request for which they were compiled. The functions take the
context of the running request as an argument.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, cast

import orjson
from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    is_abstract_type,
    is_leaf_type,
)
from msgspec import Struct
from strawberry.types.field import StrawberryField

from graph.engine.run.arguments import ContextInfo, read_arguments
from graph.engine.run.cached_fragments import SelectionCache
from graph.engine.run.completing import (
    AnyType,
    Complete,
    NotPlainError,
    complete_leaf,
    complete_list,
    encode,
    is_filter,
    nullable,
)
from graph.engine.run.context import RequestContext
from graph.engine.run.fields import (
    ContextualField,
    DerivedField,
    ImmediateField,
    Load,
    ResolvedField,
)
from graph.engine.run.limits import size_of_names
from graph.engine.run.plans import Plan
from graph.engine.run.reads import NOTHING, Reads, is_cacheable, union
from graph.engine.run.selection_reads import SelectionReads


class CachedPart(Struct, frozen=True):
    """The cached fields of an object whose other fields need I/O."""

    cache: SelectionCache
    cached: Sequence[tuple[str, Complete]]
    other_fields: dict[str, Any]

    def read(self, subject: Any, context: RequestContext) -> dict[str, Any]:
        """Return the fragments of the cached fields by name, and add their size to the answer.

        Raises: Exception: a value cannot be completed, or the answer is too large.
        """
        entry = self.cache.find(subject, context)
        if entry is None:
            return _encode_fields(self.cache, self.cached, subject, context)
        _count(context, entry.size)
        return entry.encoded


class Compiler:
    """Compiles the selections of one plan; `executor` runs the operation."""

    def __init__(self, executor: Any, plan: Plan) -> None:
        self._executor = executor
        self._plan = plan
        self._reads = SelectionReads(executor, plan)

    def item(self, type: AnyType, details: Any) -> Complete | None:
        """Return the function that completes an item of a list; None if graphql-core must do it."""
        return self._compile(type, details, encloses=False)

    def field(self, parent_type: AnyType, details: Any) -> Complete | None:
        """Return the function that completes an object's field; None if graphql-core must do it."""
        return self._compile_field(parent_type, details, encloses=False)

    def part(self, type: AnyType, grouped: dict[str, Any]) -> CachedPart | None:
        """Return the cached fields of an object whose other fields need I/O.

        Return None if no field is cached.
        """
        key_of = _key_of(type) if self._plan.is_cached else None
        if key_of is None:
            return None
        cached: list[tuple[str, Complete]] = []
        reads: list[Reads | None] = []
        for name, details in grouped.items():
            read = self._reads.of_field(type, details)
            complete = self._compile_cacheable_field(type, details, read)
            if complete is not None:
                cached.append((name, complete))
                reads.append(read)
        cache = self._plan.new_selection_cache(key_of, union(reads) or NOTHING) if cached else None
        if cache is None:
            return None
        names = {name for name, _ in cached}
        others = {name: details for name, details in grouped.items() if name not in names}
        return CachedPart(cache, cached, others)

    def loads(self, type: AnyType, details: Any) -> Sequence[Load]:
        """Return the functions that load values for the fields of a list's items."""
        type = nullable(type)
        if not isinstance(type, GraphQLObjectType):
            return ()
        collected = self._executor.collect_subfields(type, details)
        loads: dict[Load, None] = {}
        for each in collected.grouped_field_set.values():
            field: Any = self._executor.schema.get_field(type, each[0].node.name.value)
            definition = field.extensions.get("strawberry-definition") if field else None
            if isinstance(definition, ResolvedField) and definition.loading is not None:
                loads[definition.loading.load] = None
        return tuple(loads)

    def _compile_cacheable_field(
        self, type: AnyType, details: Any, reads: Reads | None
    ) -> Complete | None:
        if not is_cacheable(reads):
            return None
        return self._compile_field(type, details, encloses=True)

    def _compile(self, type: AnyType, details: Any, *, encloses: bool) -> Complete | None:
        """Return the function that completes a non-null value.

        Return None if a selected field must be resolved by graphql-core.

        If `encloses`, the value is not cached separately, because the enclosing object is cached.
        """
        self._plan.count(1)
        type = nullable(type)
        if isinstance(type, GraphQLList):
            of_type: AnyType = cast("Any", type).of_type
            complete = self._compile(of_type, details, encloses=encloses)
            return complete and complete_list(of_type, complete)
        if isinstance(type, GraphQLObjectType):
            return self._compile_object(cast("Any", type), details, encloses=encloses)
        if is_abstract_type(type):
            return self._compile_abstract(type, details, encloses=encloses)
        return complete_leaf(type) if is_leaf_type(type) else None

    def _compile_object(self, type: AnyType, details: Any, *, encloses: bool) -> Complete | None:
        collected = self._executor.collect_subfields(type, details)
        if collected.new_defer_usages:
            return None
        grouped = collected.grouped_field_set
        key_of = None if encloses or not self._plan.is_cached else _key_of(type)
        if key_of is None:
            return self._compile_fields(type, grouped, encloses=encloses)
        reads = {name: self._reads.of_field(type, grouped[name]) for name in grouped}
        cached = {name for name in grouped if is_cacheable(reads[name])}
        if not cached:
            return self._compile_fields(type, grouped, encloses=False)
        cache = self._plan.new_selection_cache(
            key_of, union(reads[name] for name in cached) or NOTHING
        )
        if cache is None:
            return self._compile_fields(type, grouped, encloses=False)
        if len(cached) == len(grouped):
            complete = self._compile_fields(type, grouped, encloses=True)
            return complete and _cache_object(cache, complete)
        return self._compile_mixed(type, grouped, cache, cached)

    def _compile_fields(
        self, type: AnyType, grouped: dict[str, Any], *, encloses: bool
    ) -> Complete | None:
        fields: list[tuple[str, Complete]] = []
        for name, details in grouped.items():
            complete = self._compile_field(type, details, encloses=encloses)
            if complete is None:
                return None
            fields.append((name, complete))
        accepts = type.is_type_of
        names = size_of_names([name for name, _ in fields])

        def complete_object(value: Any, context: Any) -> Any:
            if accepts is not None and accepts(value, None) is not True:
                raise NotPlainError
            context.answer.bytes += names
            return {name: complete(value, context) for name, complete in fields}

        return complete_object

    def _compile_mixed(
        self, type: AnyType, grouped: dict[str, Any], cache: SelectionCache, names: set[str]
    ) -> Complete | None:
        """Return the function that completes an object if only some of its fields are cached."""
        cached: list[tuple[str, Complete]] = []
        others: list[tuple[str, Complete]] = []
        for name, details in grouped.items():
            complete = self._compile_field(type, details, encloses=name in names)
            if complete is None:
                return None
            (cached if name in names else others).append((name, complete))
        accepts = type.is_type_of
        empty = dict.fromkeys(grouped)
        size = size_of_names([name for name, _ in others])

        def complete_mixed(value: Any, context: Any) -> Any:
            entry = cache.find(value, context)
            if entry is None:
                if accepts is not None and accepts(value, None) is not True:
                    raise NotPlainError
                completed = empty | _encode_fields(cache, cached, value, context)
            else:
                _count(context, entry.size)
                completed = empty | entry.encoded
            context.answer.bytes += size
            for name, complete in others:
                completed[name] = complete(value, context)
            return completed

        return complete_mixed

    def _compile_abstract(self, type: AnyType, details: Any, *, encloses: bool) -> Complete | None:
        """Return the function that completes an object of an interface or a union."""
        completions = {
            object_type.name: self._compile_object(object_type, details, encloses=encloses)
            for object_type in self._executor.schema.get_possible_types(type)
        }
        resolve_type: Any = type.resolve_type
        if resolve_type is None or not any(completions.values()):
            return None

        def complete_any(value: Any, context: Any) -> Any:
            # The `info` is None, because no `resolve_type` of this server reads it.
            complete = completions.get(resolve_type(value, None, type))
            if complete is None:
                raise NotPlainError
            return complete(value, context)

        return complete_any

    def _compile_field(
        self, parent_type: AnyType, details: Any, *, encloses: bool
    ) -> Complete | None:
        name = details[0].node.name.value
        field: Any = self._executor.schema.get_field(parent_type, name)
        read = self._reader(parent_type, details, field) if field else None
        complete = self._compile(field.type, details, encloses=encloses) if read else None
        if read is None or complete is None:
            return None
        required = isinstance(field.type, GraphQLNonNull)

        # To save a call for each field of each object, this code repeats `complete_item`.
        def complete_field(parent: Any, context: Any) -> Any:
            value = read(parent, context)
            if value is None:
                if required:
                    raise NotPlainError
                return None
            completed = complete(value, context)
            if completed is None or completed is Undefined:
                raise NotPlainError
            return completed

        return complete_field

    def _reader(self, type: AnyType, details: Any, field: Any) -> Complete | None:
        """Return the function that reads a field of an object; None if the resolver must run."""
        if details[0].node.name.value == "__typename":
            type_name = type.name
            return lambda _value, _context: type_name
        definition = field.extensions.get("strawberry-definition")
        match definition:
            case ImmediateField():
                return self._reader_with_arguments(type, details, field, definition)
            case ContextualField():
                return definition.contextual_derivation
            case ResolvedField() if definition.loading is not None:
                return definition.loading.read
            case DerivedField():
                derivation = definition.derivation
                return lambda value, _context: derivation(value)
            case StrawberryField() if definition.is_basic_field:
                read = attrgetter(definition.python_name)
                return lambda value, _context: read(value)
            case _:
                return None

    def _reader_with_arguments(
        self, type: AnyType, details: Any, field: Any, definition: ImmediateField
    ) -> Complete | None:
        arguments = read_arguments(self._executor, type, details, field, definition)
        if arguments is None:
            return None
        resolver = cast("Any", definition).base_resolver
        resolve, filters = resolver.wrapped_func, is_filter(field)
        info_name = resolver.info_parameter and resolver.info_parameter.name
        converted = None if arguments.reads_context else arguments.converted

        def resolve_in_time(value: Any, context: Any) -> Any:
            if filters and context.pace.is_over():
                raise NotPlainError
            named = arguments.of_request(context) if converted is None else converted
            if info_name is None:
                return resolve(value, **named)
            return resolve(value, **{info_name: ContextInfo(context)}, **named)

        return resolve_in_time


def _cache_object(cache: SelectionCache, complete: Complete) -> Complete:
    """Return a function that completes an object as a fragment and caches the fragment."""

    def complete_cached(value: Any, context: Any) -> Any:
        entry = cache.find(value, context)
        if entry is not None:
            _count(context, entry.size)
            return entry.encoded
        before = context.answer.bytes
        completed = complete(value, context)
        if context.cached_state is None:
            return completed
        encoded = encode(completed)
        fragment = orjson.Fragment(encoded)
        cache.add(value, fragment, context.answer.bytes - before, len(encoded), context)
        return fragment

    return complete_cached


def _encode_fields(
    cache: SelectionCache, fields: Sequence[tuple[str, Complete]], value: Any, context: Any
) -> dict[str, Any]:
    """Complete some fields of an object as fragments, and cache the fragments."""
    before, length = context.answer.bytes, 0
    context.answer.bytes += size_of_names([name for name, _ in fields]) - 1
    completed = {name: complete(value, context) for name, complete in fields}
    if context.cached_state is None:
        return completed
    for name, part in completed.items():
        encoded = encode(part)
        completed[name] = orjson.Fragment(encoded)
        length += len(encoded) + _FIELD_BYTES
    cache.add(value, completed, context.answer.bytes - before, length, context)
    return completed


# In addition to the encoded bytes, the fragment of a field takes about this much memory.
_FIELD_BYTES = 150


def _count(context: Any, size: int) -> None:
    """Add the size of a cached value to the size of the answer.

    Raises: NotPlainError: the answer would become too large. graphql-core then completes the value
        again, and the answer is refused at the exact maximum size.
    """
    answer = context.answer
    if answer.bytes + size > answer.maximum:
        raise NotPlainError
    answer.bytes += size


def _key_of(type: AnyType) -> Callable[[Any], Any] | None:
    """Return the function that identifies the objects of a type; None if they are not cached."""
    definition = type.extensions.get("strawberry-definition")
    return getattr(getattr(definition, "origin", None), "cache_key", None)
