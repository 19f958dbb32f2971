"""Generates valid queries: selections, aliases, fragments, arguments, directives and variables."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

MAX_DEPTH = 6
# Queries omit root fields whose answers depend on random evaluations, times or the use of tokens.
# Other root fields return the same objects.
LEFT_OUT = frozenset({"stateExport", "serverInfo", "apiTokens"})
# Queries omit nested decisions, which may be random and may differ between runs.
UNSTABLE = frozenset({"evaluate", "playground"})


class Generator:
    """Generates one query and its variables with a source of random choices.

    `values` are the values of scalar arguments, by the name or the type of the argument.
    """

    def __init__(self, schema: GraphQLSchema, random: Random, values: Mapping[str, Sequence[Any]]):
        self._schema = schema
        self._random = random
        self._values = values
        self._fragments: list[str] = []
        self._aliases = 0
        self._definitions: list[str] = []
        self.variables: dict[str, Any] = {}

    def operation(self) -> str:
        """Return the text of a query. `variables` contains the values of the query's variables."""
        query = self._schema.query_type
        assert query is not None
        names = [name for name in query.fields if name not in LEFT_OUT | UNSTABLE]
        chosen = [self._random.choice(names) for _ in range(self._random.randint(1, 3))]
        fields = [
            self._field(name, query.fields[name], 1, alias=f"r{index}")
            for index, name in enumerate(chosen)
        ]
        if self._random.random() < 0.2:
            fields.append("__typename")
        body = "{ " + " ".join(filter(None, fields)) + " }"
        head = f"({', '.join(self._definitions)})" if self._definitions else ""
        return f"query Generated{head} {body} " + " ".join(self._fragments)

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _field(self, name: str, field: GraphQLField, depth: int, alias: str = "") -> str | None:
        selection = self._selection(_named(field.type), depth)
        if selection is None:
            return None
        text = f"{alias}: {name}" if alias else name
        arguments = self._arguments(field)
        return f"{text}{arguments}{self._directives()}{selection}"

    def _selection(self, type: Any, depth: int) -> str | None:
        """Return the selection of a field, which is empty for leaves. If the query is too deep,
        return None.
        """
        if is_leaf_type(type):
            return ""
        if depth >= MAX_DEPTH:
            return None
        if isinstance(type, GraphQLUnionType | GraphQLInterfaceType):
            return self._selection_of_any(type, depth)
        return " { " + self._fields(type, depth) + " }"

    def _selection_of_any(self, type: Any, depth: int) -> str:
        types = list(self._schema.get_possible_types(type))
        chosen = self._random.sample(types, min(2, len(types)))
        parts = [f"... on {each.name} {{ {self._fields(each, depth)} }}" for each in chosen]
        return " { __typename " + " ".join(parts) + " }"

    def _fields(self, type: GraphQLObjectType, depth: int) -> str:
        names = [name for name in type.fields if name not in UNSTABLE]
        parts: list[str] = []
        for _ in range(self._random.randint(1, 5)):
            name = self._random.choice(names)
            field = type.fields[name]
            # Fields without an alias are merged, so they must not have different arguments.
            self._aliases += 1
            alias = "" if not field.args and self._chance(0.8) else f"a{self._aliases}"
            text = self._field(name, field, depth + 1, alias)
            if text is not None:
                parts.append(text)
        if not parts or self._chance(0.2):
            parts.append("__typename")
        text = " ".join(parts)
        match self._random.randint(0, 9):
            case 0:
                return f"... on {type.name}{self._directives()} {{ {text} }}"
            case 1:
                name = f"F{len(self._fragments)}"
                self._fragments.append(f"fragment {name} on {type.name} {{ {text} }}")
                return f"...{name}{self._directives()} __typename"
            case 2:
                return f"... {self._directives()} {{ {text} }} __typename"
            case _:
                return text

    def _directives(self) -> str:
        if not self._chance(0.1):
            return ""
        directive, on = self._random.choice(("include", "skip")), self._chance(0.5)
        if self._chance(0.5):
            return f" @{directive}(if: ${self._variable('Boolean!', on)})"
        return f" @{directive}(if: {orjson.dumps(on).decode()})"

    def _arguments(self, field: GraphQLField) -> str:
        parts: list[str] = []
        for name, argument in field.args.items():
            if not is_required_argument(argument) and not self._chance(0.3):
                continue
            if name == "last" and any(part.startswith("first") for part in parts):
                continue
            value = self._value(name, argument.type, 0)
            if self._chance(0.4):
                parts.append(f"{name}: ${self._variable(str(argument.type), value)}")
            else:
                parts.append(f"{name}: {_literal(value)}")
        return f"({', '.join(parts)})" if parts else ""

    def _variable(self, type: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self._definitions.append(f"${name}: {type}")
        self.variables[name] = value
        return name

    def _value(self, name: str, type: Any, depth: int) -> Any:
        if isinstance(type, GraphQLNonNull):
            return self._value(name, type.of_type, depth)
        if isinstance(type, GraphQLList):
            count = self._random.randint(1, 2)
            return [self._value(name, type.of_type, depth) for _ in range(count)]
        if isinstance(type, GraphQLEnumType):
            return _Enum(self._random.choice(list(type.values)))
        if isinstance(type, GraphQLInputObjectType):
            return self._object(type, depth)
        known = self._values.get(name) or self._values.get(type.name)
        assert known, (name, type)
        return self._random.choice(known)

    def _object(self, type: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        chosen: dict[str, Any] = {}
        for name, field in type.fields.items():
            nested = name in ("or", "not")
            wanted = self._chance(0.15) and not (nested and depth > 1)
            if is_required_input_field(field) or wanted:
                chosen[name] = self._value(name, field.type, depth + 1)
        return chosen


class _Enum(str):
    """The name of an enumeration's value. Documents do not quote such names."""


def _named(type: Any) -> Any:
    while isinstance(type, GraphQLNonNull | GraphQLList):
        type = type.of_type
    return type


def _literal(value: Any) -> str:
    match value:
        case _Enum():
            return str(value)
        case dict():
            return (
                "{" + ", ".join(f"{name}: {_literal(each)}" for name, each in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(map(_literal, value)) + "]"
        case _:
            return orjson.dumps(value).decode()
