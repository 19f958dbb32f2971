"""Compute the cost of an operation by multiplying the page sizes along each path of fields."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any, cast

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_composite_type,
    value_from_ast_untyped,
)
from msgspec import Struct

from graph.engine.documents.definitions import field_of, fragments_of, type_within
from graph.engine.documents.introspection_sizes import introspection_sizes

# These two fields of a connection return the items of its page.
_ITEMS = frozenset({"edges", "nodes"})

# A value of introspection costs a tenth of an object, because none of its fields has a resolver.
_INTROSPECTION_WEIGHT = 0.1

# Sums are capped at this value, because nested fragments multiply costs without a limit.
_MAX_SUM = 1e12

Variables = Mapping[str, Any]


class CostRules(Struct, frozen=True, kw_only=True):
    """The cost rules of a schema; fields are given by type and name.

    - `multipliers`: fields with their own cost, each with the names of list arguments. The page
      size and the lengths of these lists multiply the cost.
    - `cyclic_types`: types whose fields lead back to the same type. If a path passes a cyclic type
      twice, the lists below cost as much as pages, because each cycle multiplies their lengths.
    - `inner_lists`: lists inside objects, which have page sizes like connections. The items are
      mostly small and in memory, so a page of the default size costs 1. The page size multiplies
      the cost of the selections on the items.
    - `sizes`: fields with a single value, each with a number of objects. The value costs as much as
      this number of objects.
    """

    default_page_size: int = 50
    max_page_size: int = 500
    multipliers: Mapping[tuple[str, str], tuple[str, ...]] = {}
    cyclic_types: frozenset[str] = frozenset()
    inner_lists: frozenset[tuple[str, str]] = frozenset()
    sizes: Mapping[tuple[str, str], float] = {}


class _Argument(Struct, frozen=True):
    """An argument in a document: a value, or the name of a variable."""

    value: Any
    variable: str | None = None

    def resolve(self, variables: Variables) -> Any:
        return self.value if self.variable is None else variables.get(self.variable)


class _Field(Struct, frozen=True):
    """A field that has its own cost, because it returns many objects or computes an object."""

    first: _Argument | None
    last: _Argument | None
    lists: tuple[_Argument, ...]
    paged: bool
    size: float  # the number of objects without the factors page size and list lengths
    weight: float
    rules: CostRules
    within: "_Selections"

    def cost(self, variables: Variables, costs: "_FragmentCosts") -> float:
        size = self.size
        if self.paged:
            size *= _page_size(self.first, self.last, variables, self.rules)
        for argument in self.lists:
            size *= _length(argument.resolve(variables))
        return min(size * (self.weight + self.within.cost(variables, costs)), _MAX_SUM)


class _Conditional(Struct, frozen=True):
    """Selections under `@include` or `@skip`."""

    unless: bool
    condition: _Argument
    within: "_Selections"

    def cost(self, variables: Variables, costs: "_FragmentCosts") -> float:
        left_out = self.condition.resolve(variables) is self.unless
        return 0.0 if left_out else self.within.cost(variables, costs)


class _Selections(Struct, frozen=True):
    """The parts of a selection set that have a cost; `fragments` refers to fragments by name."""

    parts: tuple[_Field | _Conditional, ...] = ()
    fragments: tuple["_FragmentUse", ...] = ()

    def cost(self, variables: Variables, costs: "_FragmentCosts") -> float:
        total = 0.0
        for part in self.parts:
            total += part.cost(variables, costs)
        for use in self.fragments:
            total += costs.cost(use, variables)
        return min(total, _MAX_SUM)

    def __bool__(self) -> bool:
        return bool(self.parts or self.fragments)


_NOTHING = _Selections()


class _Path(Struct, frozen=True):
    """The cyclic types above some selections, and whether any cyclic type occurs twice."""

    passed: frozenset[str] = frozenset()
    turned: bool = False


# This key identifies uses of a fragment that have the same cost: uses below the same cyclic types.
_FragmentUse = tuple[str, _Path]


class _FragmentCosts:
    """The costs of the fragments of one request; each cost is computed once."""

    def __init__(self, fragments: Mapping[_FragmentUse, _Selections]) -> None:
        self._fragments = fragments
        self._costs: dict[_FragmentUse, float] = {}

    def cost(self, use: _FragmentUse, variables: Variables) -> float:
        if use not in self._costs:
            self._costs[use] = self._fragments[use].cost(variables, self)
        return self._costs[use]


class Pricing(Struct, frozen=True):
    """The cost of an operation as a function of its variables."""

    selections: _Selections
    fragments: Mapping[_FragmentUse, _Selections]
    defaults: Variables

    def cost(self, variables: Variables | None) -> int:
        """Return the cost with the variables of a request; the variables may be invalid."""
        if not self.selections:
            return 0
        resolve = {**self.defaults, **(variables or {})}
        return ceil(self.selections.cost(resolve, _FragmentCosts(self.fragments)))


class Prices:
    """Finds the pricing of operations in valid documents of one schema."""

    def __init__(self, schema: GraphQLSchema, rules: CostRules) -> None:
        self._schema = schema
        self._rules = rules
        self._introspection = introspection_sizes(schema)

    def pricing(self, document: DocumentNode, operation: OperationDefinitionNode) -> Pricing:
        """Return the pricing of an operation of a document."""
        reading = _Reading(self._schema, self._rules, self._introspection, fragments_of(document))
        root = self._schema.get_root_type(operation.operation)
        selections = reading.selections(operation.selection_set, root, _Path())
        return Pricing(selections, reading.found, dict(_defaults(operation)))


class _Reading:
    """Reads selections with their types.

    Each fragment is read once for each path of cyclic types.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        rules: CostRules,
        introspection: Mapping[tuple[str, str], float],
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._rules = rules
        self._introspection = introspection
        self._fragments = fragments
        self.found: dict[_FragmentUse, _Selections] = {}

    def selections(
        self, node: SelectionSetNode, parent: GraphQLNamedType | None, path: _Path
    ) -> _Selections:
        parts: list[_Field | _Conditional] = []
        fragments: list[_FragmentUse] = []
        for selection in node.selections:
            within = self._selection(selection, parent, path)
            for unless, condition in _conditions(selection):
                if within:
                    within = _Selections((_Conditional(unless, condition, within),))
            parts += within.parts
            fragments += within.fragments
        return _Selections(tuple(parts), tuple(fragments))

    def _selection(
        self, node: SelectionNode, parent: GraphQLNamedType | None, path: _Path
    ) -> _Selections:
        match node:
            case FieldNode():
                return self._field(node, parent, path)
            case InlineFragmentNode():
                condition = node.type_condition
                on = parent if condition is None else self._schema.type_map[condition.name.value]
                return self.selections(node.selection_set, on, self._narrowed(path, parent, on))
            case FragmentSpreadNode():
                fragment = self._fragments[node.name.value]
                on = self._schema.type_map[fragment.type_condition.name.value]
                use = (node.name.value, self._narrowed(path, parent, on))
                if use not in self.found:
                    self.found[use] = self.selections(fragment.selection_set, on, use[1])
                return _Selections(fragments=(use,)) if self.found[use] else _NOTHING
            case _:
                return _NOTHING

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, path: _Path) -> _Selections:
        name = node.name.value
        field = field_of(parent, name)
        if field is None or parent is None:
            return _NOTHING
        type = type_within(field)
        coordinate = (parent.name, name)
        # The rule against cycles does not apply to a list whose page size multiplies the cost.
        counted = coordinate in self._rules.inner_lists
        within = (
            self.selections(node.selection_set, type, path if counted else self._below(path, type))
            if node.selection_set is not None and is_composite_type(type)
            else _NOTHING
        )
        size = self._rules.sizes.get(coordinate, self._introspection.get(coordinate))
        # The field that returns the connection already counts the items of the page.
        turned = path.turned and name not in _ITEMS and node.selection_set is not None
        paged = "first" in field.args or (turned and _is_list(cast("Any", field).type))
        if not paged and size is None and coordinate not in self._rules.multipliers:
            return within
        arguments = {
            argument.name.value: _argument(argument.value) for argument in node.arguments or ()
        }
        lists = tuple(
            arguments.get(list_argument) or _Argument(_default(field, list_argument))
            for list_argument in self._rules.multipliers.get(coordinate, ())
        )
        price = _Field(
            first=arguments.get("first"),
            last=arguments.get("last"),
            lists=lists,
            paged=paged,
            size=1.0 if size is None else size,
            weight=self._weight(coordinate, counted and not turned),
            rules=self._rules,
            within=within,
        )
        return _Selections((price,))

    def _weight(self, coordinate: tuple[str, str], is_light: bool) -> float:
        if coordinate in self._introspection:
            return _INTROSPECTION_WEIGHT
        return 1 / self._rules.default_page_size if is_light else 1.0

    def _narrowed(
        self, path: _Path, parent: GraphQLNamedType | None, on: GraphQLNamedType | None
    ) -> _Path:
        """Return the path inside a fragment.

        The type of the fragment may be narrower than the type of its parent.
        """
        return self._below(path, on) if on is not None and on is not parent else path

    def _below(self, path: _Path, type: GraphQLNamedType) -> _Path:
        if path.turned or type.name not in self._rules.cyclic_types:
            return path
        return _Path(path.passed | {type.name}, type.name in path.passed)


def _is_list(type: Any) -> bool:
    if isinstance(type, GraphQLNonNull):
        type = cast("Any", type).of_type
    return isinstance(type, GraphQLList)


def _conditions(node: SelectionNode) -> Iterator[tuple[bool, _Argument]]:
    """Yield the skipping value and the condition of each directive that may skip a selection."""
    directive: DirectiveNode
    for directive in node.directives or ():
        if directive.name.value in ("include", "skip"):
            for argument in directive.arguments or ():
                yield directive.name.value == "skip", _argument(argument.value)


def _argument(node: ValueNode) -> _Argument:
    if isinstance(node, VariableNode):
        return _Argument(None, node.name.value)
    return _Argument(value_from_ast_untyped(node))


def _default(field: GraphQLField, argument: str) -> Any:
    default = field.args[argument].default_value if argument in field.args else Undefined
    return None if default is Undefined else default


def _defaults(operation: OperationDefinitionNode) -> Iterator[tuple[str, Any]]:
    for definition in operation.variable_definitions or ():
        if definition.default_value is not None:
            yield definition.variable.name.value, value_from_ast_untyped(definition.default_value)


def _page_size(
    first: _Argument | None, last: _Argument | None, variables: Variables, rules: CostRules
) -> int:
    """Return the maximum number of items on a page.

    A size outside the limits is replaced by the nearest limit. Resolvers refuse such sizes.
    """
    for argument in (first, last):
        number = None if argument is None else argument.resolve(variables)
        if isinstance(number, int | float) and not isinstance(number, bool):
            return int(min(max(number, 0), rules.max_page_size))
    return rules.default_page_size


def _length(value: Any) -> int:
    """Return the length of a list, or 1 for other values."""
    return len(value) if isinstance(value, list) else 1  # pyright: ignore[reportUnknownArgumentType]
