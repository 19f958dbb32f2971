"""Determine what selections read, from the declarations of their fields."""

from typing import Any, cast

from graphql import GraphQLList, is_abstract_type, is_leaf_type
from strawberry.types.field import StrawberryField

from graph.engine.run.arguments import read_arguments
from graph.engine.run.completing import AnyType, nullable
from graph.engine.run.fields import ContextualField, DerivedField, ImmediateField, ResolvedField
from graph.engine.run.plans import Plan
from graph.engine.run.reads import NOTHING, Reads, reads_with, union


class SelectionReads:
    """Determines what the selections of one plan read besides their objects.

    `executor` runs the operation.
    """

    def __init__(self, executor: Any, plan: Plan) -> None:
        self._executor = executor
        self._plan = plan

    def of_root(self, root_type: AnyType, details: Any) -> Reads | None:
        """Return what a root field and its selection read; None if their reads are unknown."""
        field: Any = self._executor.schema.get_field(root_type, details[0].node.name.value)
        definition = field.extensions.get("strawberry-definition") if field else None
        if not isinstance(definition, ResolvedField) or definition.reads is None:
            return None
        arguments = read_arguments(self._executor, root_type, details, field, definition)
        if arguments is None or arguments.reads_context:
            return None
        own = reads_with(definition.reads, arguments.converted)
        return union((own, self.of(field.type, details)))

    def of(self, type: AnyType, details: Any) -> Reads | None:
        """Return what completing a value reads besides the value; None if the reads are unknown."""
        type = nullable(type)
        if isinstance(type, GraphQLList):
            return self.of(cast("Any", type).of_type, details)
        if is_leaf_type(type):
            return NOTHING
        key = (id(details), type)
        if key not in self._plan.reads:
            self._plan.reads[key] = self._of_objects(type, details)
        return self._plan.reads[key]

    def _of_objects(self, type: AnyType, details: Any) -> Reads | None:
        if is_abstract_type(type):
            types = self._executor.schema.get_possible_types(type)
            return union(self.of(possible, details) for possible in types)
        collected = self._executor.collect_subfields(type, details)
        if collected.new_defer_usages:
            return None
        return union(self.of_field(type, each) for each in collected.grouped_field_set.values())

    def of_field(self, parent_type: AnyType, details: Any) -> Reads | None:
        name = details[0].node.name.value
        if name == "__typename":
            return NOTHING
        field: Any = self._executor.schema.get_field(parent_type, name)
        definition = field.extensions.get("strawberry-definition") if field else None
        match definition:
            case ImmediateField():
                own = None
                if definition.reads is not None:
                    arguments = read_arguments(
                        self._executor, parent_type, details, field, definition
                    )
                    if arguments is not None and not arguments.reads_context:
                        own = reads_with(definition.reads, arguments.converted)
            case ContextualField():
                own = reads_with(definition.reads, {})
            case DerivedField():
                own = NOTHING
            case StrawberryField() if definition.is_basic_field:
                own = NOTHING
            case _:
                own = None
        return None if own is None else union((own, self.of(field.type, details)))
