"""How operations and schemas are put into words of OpenAPI."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

Schema: TypeAlias = dict[str, Any]
# By path, then by method in lower case.
Paths: TypeAlias = Mapping[str, Mapping[str, Any]]

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
TIME: Schema = {"type": "string", "format": "date-time"}
TIME_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
OBJECT: Schema = {"type": "object"}
TOKEN: list[dict[str, list[str]]] = [{"token": []}]


def obj(required: str = "", /, **properties: Schema) -> Schema:
    """An object; `required` names the keys that are always there, parted by spaces."""
    schema: Schema = {"type": "object", "properties": properties}
    return schema | ({"required": required.split()} if required else {})


def listing(items: Schema) -> Schema:
    """A list of items of one kind."""
    return {"type": "array", "items": items}


def by_name(values: Schema) -> Schema:
    """An object that holds values under names."""
    return {"type": "object", "additionalProperties": values}


def ref(name: str) -> Schema:
    """The schema that stands under a name among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, description: str, schema: Schema | None = None) -> dict[str, Any]:
    """A parameter in the query; a text that may be repeated, unless there is a schema."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": schema or listing(TEXT),
    }


def header(name: str, description: str) -> dict[str, Any]:
    """A parameter in a header."""
    return {"name": name, "in": "header", "description": description, "schema": TEXT}


def answer(description: str, schema: Schema | None = None) -> dict[str, Any]:
    """An answer, with a JSON body if there is a schema."""
    return {"description": description} | (_json(schema) if schema else {})


def body_of(*kinds: type[BaseModel]) -> Schema:
    """The schema of a body that is checked by models, with everything inside it in place."""
    whole: Schema = {"type": "object", "properties": {}}
    required: list[str] = []
    for kind in kinds:
        schema = kind.model_json_schema(schema_generator=_Untitled)
        schema = _inlined(schema, schema.pop("$defs", {}))
        whole["properties"] |= schema.pop("properties")
        required += schema.pop("required", [])
        whole |= schema
    return whole | ({"required": required} if required else {})


def operation(
    tag: str,
    summary: str,
    answers: Mapping[int, dict[str, Any]],
    *,
    body: Schema | None = None,
    content: Mapping[str, Schema] | None = None,
    parameters: Sequence[dict[str, Any]] = (),
    security: list[dict[str, list[str]]] = TOKEN,
) -> dict[str, Any]:
    """One method of one path; its answers by status, its body as JSON or as the content says."""
    described: dict[str, Any] = {"tags": [tag], "summary": summary, "security": security}
    if parameters:
        described["parameters"] = [*parameters]
    if body is not None:
        described["requestBody"] = {"required": True, **_json(body)}
    elif content is not None:
        described["requestBody"] = {
            "content": {media_type: {"schema": schema} for media_type, schema in content.items()}
        }
    described["responses"] = {str(status): it for status, it in sorted(answers.items())}
    return described


def _json(schema: Schema) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles of fields, which only repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _inlined(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    # Of the classes, names and docstrings speak to those who read the code.
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
