"""JSON schemas of the models of bodies: structs of msgspec, and models of Pydantic."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast, get_args, get_origin

import msgspec
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

Schema: TypeAlias = dict[str, Any]

# Left out of the names of components.
_SUFFIX = "Json"
_PREFIX = "#/components/schemas/"


class Schemas:
    """Makes schemas; those of structs become components, those of Pydantic's models stand inline.

    A key with a default may be left out of a request, but is in every response.
    """

    def __init__(self) -> None:
        self._components: dict[str, Schema] = {}
        self._requested: set[str] = set()

    @property
    def components(self) -> dict[str, Schema]:
        """The components of all schemas so far, by name."""
        return {
            name: schema if name in self._requested else _with_defaults_required(schema)
            for name, schema in sorted(self._components.items())
        }

    def of_request(self, models: Sequence[Any]) -> Schema:
        """The schema of a request's body; several models add up to one object."""
        schemas: list[Schema] = []
        for model in models:
            schema, names = self._of(model)
            self._requested |= names
            schemas.append(schema)
        return schemas[0] if len(schemas) == 1 else {"allOf": schemas}

    def of_response(self, model: Any) -> Schema:
        """The schema of a response's body."""
        return self._of(model)[0]

    def _of(self, model: Any) -> tuple[Schema, set[str]]:
        if _is_pydantic(model):
            return _inline(model), set()
        if get_origin(model) is list and _is_pydantic(get_args(model)[0]):
            return {"type": "array", "items": _inline(get_args(model)[0])}, set()
        (schema,), components = msgspec.json.schema_components(
            (model,), ref_template=_PREFIX + "{name}"
        )
        named = {name.removesuffix(_SUFFIX): _struct(name, it) for name, it in components.items()}
        self._components |= named
        return _renamed(schema), set(named)


def _is_pydantic(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)


def _struct(name: str, schema: Mapping[str, Any]) -> Schema:
    """The schema of a struct; only the docstrings of bodies are written for clients."""
    schema = {key: it for key, it in schema.items() if key != "title"}
    description: str = schema.pop("description", "")
    if name.endswith(_SUFFIX) and description:
        schema["description"] = " ".join(description.partition("\n\n")[0].split())
    return _renamed(schema)


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(it) for it in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    return {
        key: it.removesuffix(_SUFFIX) if key == "$ref" else _renamed(it)
        for key, it in cast("Schema", value).items()
    }


def _with_defaults_required(schema: Schema) -> Schema:
    if "properties" not in schema:
        return schema
    properties: dict[str, Schema] = schema["properties"]
    required = [
        key for key, it in properties.items() if "default" in it or key in schema["required"]
    ]
    plain = {
        key: {word: it for word, it in property.items() if word != "default"}
        for key, property in properties.items()
    }
    return {**schema, "properties": plain, "required": required}


def _inline(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(schema_generator=_Untitled)
    return _inlined(schema, schema.pop("$defs", {}))


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles of fields, which only repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _inlined(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    # The names and docstrings of classes are written for developers.
    is_class = isinstance(schema.get("title"), str)
    return {
        key: _inlined_value(it, definitions)
        for key, it in schema.items()
        if not (is_class and key in ("title", "description"))
    }


def _inlined_value(value: Any, definitions: Mapping[str, Schema]) -> Any:
    if isinstance(value, list):
        return [_inlined_value(it, definitions) for it in cast("list[Any]", value)]
    return _inlined(cast("Schema", value), definitions) if isinstance(value, dict) else value
