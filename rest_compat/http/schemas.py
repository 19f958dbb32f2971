"""Build JSON schemas of bodies that are msgspec structs or Pydantic models."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast, get_args, get_origin

import msgspec
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

Schema: TypeAlias = dict[str, Any]

# This suffix is removed from the names of components.
_SUFFIX = "Json"
_PREFIX = "#/components/schemas/"


class Schemas:
    """Builds schemas. Structs become components, and Pydantic models are inlined.

    A key with a default is optional in requests, but every response contains the key.
    """

    def __init__(self) -> None:
        self._components: dict[str, Schema] = {}
        self._requested: set[str] = set()

    @property
    def components(self) -> dict[str, Schema]:
        """The components of all schemas that were built so far. The keys are their names."""
        return {
            name: schema if name in self._requested else _require_defaults(schema)
            for name, schema in sorted(self._components.items())
        }

    def of_request(self, models: Sequence[Any]) -> Schema:
        """Return the schema of a request's body. Several models are merged into one object."""
        schemas: list[Schema] = []
        for model in models:
            schema, names = self._of(model)
            self._requested |= names
            schemas.append(schema)
        return schemas[0] if len(schemas) == 1 else {"allOf": schemas}

    def of_response(self, model: Any) -> Schema:
        """Return the schema of a response's body."""
        return self._of(model)[0]

    def _of(self, model: Any) -> tuple[Schema, set[str]]:
        if _is_pydantic(model):
            return _inline(model), set()
        if get_origin(model) is list and _is_pydantic(get_args(model)[0]):
            return {"type": "array", "items": _inline(get_args(model)[0])}, set()
        (schema,), components = msgspec.json.schema_components(
            (model,), ref_template=_PREFIX + "{name}"
        )
        named = {
            name.removesuffix(_SUFFIX): _struct(name, component)
            for name, component in components.items()
        }
        for name, component in named.items():
            if self._components.setdefault(name, component) != component:
                raise ValueError(f"two models have the name {name}")
        return _strip_suffixes(schema), set(named)


def _is_pydantic(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)


def _struct(name: str, schema: Mapping[str, Any]) -> Schema:
    """Return the schema of a struct.

    The schema has a description only if the name of the struct ends in Json.

    The docstrings of other structs are not written for clients.
    """
    schema = {key: value for key, value in schema.items() if key != "title"}
    description: str = schema.pop("description", "")
    if name.endswith(_SUFFIX) and description:
        schema["description"] = " ".join(description.partition("\n\n")[0].split())
    return _strip_suffixes(schema)


def _strip_suffixes(value: Any) -> Any:
    """Remove the suffix from all references in a schema, and add `items` to untyped lists."""
    if isinstance(value, list):
        return [_strip_suffixes(entry) for entry in cast("list[Any]", value)]
    if isinstance(value, str) and value.startswith(_PREFIX):
        return value.removesuffix(_SUFFIX)
    if not isinstance(value, dict):
        return value
    schema = {key: _strip_suffixes(child) for key, child in cast("Schema", value).items()}
    # Client generators require the keyword `items`.
    if schema.get("type") == "array" and not schema.keys() & {"items", "prefixItems"}:
        schema["items"] = {}
    return schema


def _require_defaults(schema: Schema) -> Schema:
    """Mark keys with a default as required, and remove the defaults."""
    if "properties" not in schema:
        return schema
    properties: dict[str, Schema] = schema["properties"]
    required = [
        key
        for key, property_schema in properties.items()
        if "default" in property_schema or key in schema["required"]
    ]
    plain = {
        key: {word: value for word, value in property_schema.items() if word != "default"}
        for key, property_schema in properties.items()
    }
    return {**schema, "properties": plain, "required": required}


def _inline(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(schema_generator=_Untitled)
    return _inline_references(schema, schema.pop("$defs", {}))


class _Untitled(GenerateJsonSchema):
    """Omits the titles of fields, because the titles would repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _inline_references(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    # The names and docstrings of classes are for developers, not for clients.
    is_class = isinstance(schema.get("title"), str)
    return {
        key: _inline_value(value, definitions)
        for key, value in schema.items()
        if not (is_class and key in ("title", "description"))
    }


def _inline_value(value: Any, definitions: Mapping[str, Schema]) -> Any:
    if isinstance(value, list):
        return [_inline_value(entry, definitions) for entry in cast("list[Any]", value)]
    if isinstance(value, dict):
        return _inline_references(cast("Schema", value), definitions)
    return value
