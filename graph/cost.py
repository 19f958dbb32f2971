"""What an operation costs: the pages it asks for, multiplied along their paths."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)
from graphql.type.introspection import (
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    introspection_types,
)
from msgspec import Struct

from graph.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE

# Arguments whose lists decide how many objects their field returns, beside its page if it has one.
_MULTIPLIERS = {
    ("Query", "nodes"): ("ids",),
    ("Query", "playground"): ("environments", "contexts"),
}

# A value of the schema takes a tenth of the work of an object of a page, which has fields below it.
_INTROSPECTION_WEIGHT = 0.1

# Beyond this a sum says nothing more.
_ENOUGH = 1e12

Variables = Mapping[str, Any]


class _Argument(Struct, frozen=True):
    """An argument as it stands in the document: a value, or the variable that brings it."""

    value: Any
    variable: str | None = None

    def given(self, variables: Variables) -> Any:
        return self.value if self.variable is None else variables.get(self.variable)


class _Field(Struct, frozen=True):
    """A field that returns many objects, or that leads to one that does."""

    first: _Argument | None
    last: _Argument | None
    lists: tuple[_Argument, ...]
    paged: bool
    size: float  # beside pages and lists
    weight: float
    within: "_Selections"

    def cost(self, variables: Variables, spread: "_Spread") -> float:
        size = self.size
        if self.paged:
            size *= _page_size(self.first, self.last, variables)
        for argument in self.lists:
            size *= _length(argument.given(variables))
        return min(size * (self.weight + self.within.cost(variables, spread)), _ENOUGH)


class _Conditional(Struct, frozen=True):
    """Selections under `@include` or `@skip`."""

    unless: bool
    condition: _Argument
    within: "_Selections"

    def cost(self, variables: Variables, spread: "_Spread") -> float:
        left_out = self.condition.given(variables) is self.unless
        return 0.0 if left_out else self.within.cost(variables, spread)


class _Selections(Struct, frozen=True):
    """What costs something in a set of selections; fragments by name, since many may share one."""

    parts: tuple[_Field | _Conditional, ...] = ()
    fragments: tuple[str, ...] = ()

    def cost(self, variables: Variables, spread: "_Spread") -> float:
        total = 0.0
        for part in self.parts:
            total += part.cost(variables, spread)
        for name in self.fragments:
            total += spread.cost(name, variables)
        return min(total, _ENOUGH)

    def __bool__(self) -> bool:
        return bool(self.parts or self.fragments)


_NOTHING = _Selections()


class _Spread:
    """The costs of the fragments of a document in one request, each worked out once."""

    def __init__(self, fragments: Mapping[str, _Selections]) -> None:
        self._fragments = fragments
        self._costs: dict[str, float] = {}

    def cost(self, name: str, variables: Variables) -> float:
        if name not in self._costs:
            self._costs[name] = self._fragments[name].cost(variables, self)
        return self._costs[name]


class Pricing(Struct, frozen=True):
    """What there is to know of an operation's cost before its variables come."""

    selections: _Selections
    fragments: Mapping[str, _Selections]
    defaults: Variables

    def cost(self, variables: Variables | None) -> int:
        """The cost with the variables of a request, which need not be fit yet."""
        if not self.selections:
            return 0
        given = {**self.defaults, **(variables or {})}
        return ceil(self.selections.cost(given, _Spread(self.fragments)))


class Prices:
    """Finds the pricing of operations in valid documents of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._introspection = _introspection_sizes(schema)

    def pricing(self, document: DocumentNode, operation: OperationDefinitionNode) -> Pricing:
        """The pricing of an operation of a document."""
        fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        reading = _Reading(self._schema, self._introspection, fragments)
        root = self._schema.get_root_type(operation.operation)
        selections = reading.selections(operation.selection_set, root)
        return Pricing(selections, reading.found, dict(_defaults(operation)))


class _Reading:
    """Reads selections with their types, and each fragment once."""

    def __init__(
        self,
        schema: GraphQLSchema,
        introspection: Mapping[tuple[str, str], float],
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._introspection = introspection
        self._fragments = fragments
        self.found: dict[str, _Selections] = {}

    def selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None) -> _Selections:
        parts: list[_Field | _Conditional] = []
        fragments: list[str] = []
        for selection in node.selections:
            within = self._selection(selection, parent)
            for unless, condition in _conditions(selection):
                if within:
                    within = _Selections((_Conditional(unless, condition, within),))
            parts += within.parts
            fragments += within.fragments
        return _Selections(tuple(parts), tuple(fragments))

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None) -> _Selections:
        match node:
            case FieldNode():
                return self._field(node, parent)
            case InlineFragmentNode():
                condition = node.type_condition
                on = parent if condition is None else self._schema.type_map[condition.name.value]
                return self.selections(node.selection_set, on)
            case FragmentSpreadNode():
                name = node.name.value
                return _Selections(fragments=(name,)) if self._fragment(name) else _NOTHING
            case _:
                return _NOTHING

    def _fragment(self, name: str) -> _Selections:
        if name not in self.found:
            fragment = self._fragments[name]
            on = self._schema.type_map[fragment.type_condition.name.value]
            self.found[name] = self.selections(fragment.selection_set, on)
        return self.found[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> _Selections:
        name = node.name.value
        field = _definition(parent, name)
        if field is None or parent is None:
            return _NOTHING
        type: GraphQLNamedType = get_named_type(field.type)  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType] (lists are left open there)
        within = (
            self.selections(node.selection_set, type)
            if node.selection_set is not None and is_composite_type(type)
            else _NOTHING
        )
        place = (parent.name, name)
        introspected = self._introspection.get(place)
        paged = "first" in field.args
        if not paged and introspected is None and place not in _MULTIPLIERS:
            return within
        arguments = {it.name.value: _argument(it.value) for it in node.arguments or ()}
        lists = tuple(
            arguments.get(it) or _Argument(_default(field, it))
            for it in _MULTIPLIERS.get(place, ())
        )
        price = _Field(
            first=arguments.get("first"),
            last=arguments.get("last"),
            lists=lists,
            paged=paged,
            size=1.0 if introspected is None else introspected,
            weight=1.0 if introspected is None else _INTROSPECTION_WEIGHT,
            within=within,
        )
        return _Selections((price,))


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    match name:
        case "__schema":
            return SchemaMetaFieldDef
        case "__type":
            return TypeMetaFieldDef
        case _ if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return parent.fields.get(name)
        case _:
            return None  # __typename, the one field of unions


def _introspection_sizes(schema: GraphQLSchema) -> dict[tuple[str, str], float]:
    """How many values the lists of introspection have, on average over all types."""
    types = list(schema.type_map.values())
    with_fields = [it for it in types if isinstance(it, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for it in with_fields for field in it.fields.values()]
    inputs = sum(len(it.fields) for it in types if isinstance(it, GraphQLInputObjectType))
    values = sum(len(it.values) for it in types if isinstance(it, GraphQLEnumType))
    interfaces = sum(len(it.interfaces) for it in with_fields)
    counts = {
        ("__Schema", "types"): len(types),
        ("__Schema", "directives"): len(schema.directives),
        ("__Type", "fields"): len(fields) / len(types),
        ("__Type", "inputFields"): inputs / len(types),
        ("__Type", "enumValues"): values / len(types),
        ("__Type", "interfaces"): interfaces / len(types),
        ("__Type", "possibleTypes"): interfaces / len(types),
        ("__Field", "args"): sum(len(it.args) for it in fields) / max(1, len(fields)),
        ("__Directive", "args"): 1,
    }
    assert all(it.partition(".")[0] in introspection_types for it, _ in counts)
    return {place: float(count) for place, count in counts.items()}


def _conditions(node: SelectionNode) -> Iterator[tuple[bool, _Argument]]:
    """For each directive that may leave a selection out: the value that does, and the condition."""
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


def _page_size(first: _Argument | None, last: _Argument | None, variables: Variables) -> int:
    """How many items a page has at most; what no page may have is left for its field to refuse."""
    for argument in (first, last):
        number = None if argument is None else argument.given(variables)
        if isinstance(number, int | float) and not isinstance(number, bool):
            return int(min(max(number, 0), MAX_PAGE_SIZE))
    return DEFAULT_PAGE_SIZE


def _length(value: Any) -> int:
    """How many entries a list has; one that is left out or no list counts as one."""
    return len(value) if isinstance(value, list) else 1  # pyright: ignore[reportUnknownArgumentType]
