"""The OpenAPI document is valid and complete, and its examples fit its schemas."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from flagstaff.openapi import document as document_module
from flagstaff.openapi.document import TAGS, build_document
from flagstaff.openapi.server_operations import OPERATIONS
from rest_compat.app import tables
from rest_compat.openapi.paths import template_of
from tests.openapi.recording import record_anew
from tests.openapi.requests import operations

# These paths are always answered with 405, because only other servers have the routes.
NOT_OFFERED = {"/api/frontend/health", "/api/frontend/client/features"}
IDS = Path(__file__).with_name("operation_ids.txt")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as JSON values."""
    return json.loads(json.dumps(build_document()))


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    # The import takes seconds, and each test process imports this module.
    from openapi_spec_validator import OpenAPIV31SpecValidator

    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_is_described_and_nothing_else(document: dict[str, Any]) -> None:
    routes = {
        (method.lower(), template_of(path))
        for table in (*tables(""), OPERATIONS)
        for path, methods in table.items()
        for method in methods
        if path not in NOT_OFFERED
    }

    assert {(method, path) for method, path, _ in operations(document)} == routes


def test_every_operation_says_what_it_is_for_and_how_it_may_end(document: dict[str, Any]) -> None:
    lacking = [
        f"{method} {path}"
        for method, path, operation in operations(document)
        if not (
            operation["summary"].endswith(".")
            and operation.get("description")
            and re.fullmatch("[a-z]+([A-Z][a-z]*|V3)*", operation["operationId"])
            and operation["tags"][0] in TAGS
            and all(
                response.get("description") or "$ref" in response
                for response in operation["responses"].values()
            )
            and operation["responses"].keys() & {"200", "201", "202", "204"}
        )
    ]

    assert lacking == []


def test_no_operation_changes_its_id(document: dict[str, Any]) -> None:
    ids = {
        f"{operation['operationId']} {method} {path}"
        for method, path, operation in operations(document)
    }

    # Generated clients name functions after operation IDs. Add the IDs of new routes to the file.
    assert sorted(ids) == IDS.read_text(encoding="utf-8").splitlines()
    assert len({line.partition(" ")[0] for line in ids}) == len(ids)


def test_every_parameter_is_described(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        parameters = operation.get("parameters", ())
        in_path = [one["name"] for one in parameters if one["in"] == "path"]
        assert in_path == re.findall(r"\{(\w+)\}", path)
        for parameter in parameters:
            assert parameter["description"], (path, parameter)
            assert "example" in parameter, (path, parameter)
            # Documentation pages show extensions to readers.
            assert not [name for name in parameter if name.startswith("x-")], (path, parameter)


def test_every_error_is_a_component(document: dict[str, Any]) -> None:
    inline = [
        (operation["operationId"], status)
        for _, _, operation in operations(document)
        for status, response in operation["responses"].items()
        if status >= "400" and "$ref" not in response
    ]

    # The body of a server that is not ready has the same form.
    assert inline == [("getReadiness", "503")]


def test_every_tag_is_used_and_described(document: dict[str, Any]) -> None:
    used = {operation["tags"][0] for _, _, operation in operations(document)}

    assert {tag["name"] for tag in document["tags"] if tag["description"]} == used


def test_every_operation_without_open_access_names_its_tokens(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    of = {
        operation["operationId"]: operation["security"] for _, _, operation in operations(document)
    }

    assert {name for choices in of.values() for choice in choices for name in choice} == {*schemes}
    assert of["createFeature"] == [{"adminToken": []}]
    assert of["getFeature"] == of["executeGraphql"] == [{"adminToken": []}, {"viewerToken": []}]
    assert of["getHealth"] == of["getApiIndex"] == []


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield all JSON bodies of requests, answers and errors with their positions."""
    responses = document["components"]["responses"]
    described: list[tuple[str, dict[str, Any]]] = [*responses.items()]
    for _, _, operation in operations(document):
        id = operation["operationId"]
        described.append((f"{id} request", operation.get("requestBody", {})))
        described += [
            (f"{id} {status}", response)
            for status, response in operation["responses"].items()
            if "$ref" not in response
        ]
    for where, value in described:
        for media_type, content in value.get("content", {}).items():
            if media_type.endswith("json") or where.endswith("request"):
                yield f"{where} {media_type}", content


def examples_in(content: dict[str, Any]) -> list[Any]:
    """The examples of a body."""
    named = [example["value"] for example in content.get("examples", {}).values()]
    return named + [content[key] for key in ("example",) if key in content]


def test_every_body_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    problems: list[str] = []
    for where, content in bodies(document):
        found = examples_in(content)
        if not found:
            problems.append(f"{where} has no example")
        problems += [
            f"{where}: {error}" for value in found for error in violations(document, content, value)
        ]

    assert problems == []


def test_every_example_of_a_parameter_fits_its_schema(document: dict[str, Any]) -> None:
    problems = [
        f"{operation['operationId']} {parameter['name']}: {error}"
        for _, _, operation in operations(document)
        for parameter in operation.get("parameters", ())
        for error in violations(document, parameter, parameter["example"])
    ]

    assert problems == []


def violations(document: dict[str, Any], content: dict[str, Any], value: Any) -> list[str]:
    schema = {**content["schema"], "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    return [str(error) for error in validator.iter_errors(value)]


@pytest.mark.slow
def test_examples_of_answers_are_what_the_server_answers() -> None:
    # python -m tests.openapi.recording > flagstaff/openapi/answers.json
    assert asyncio.run(record_anew()) == json.loads(document_module._ANSWERS.read_text())


def test_every_reference_leads_somewhere_and_every_component_is_used(
    document: dict[str, Any],
) -> None:
    components = document["components"]

    assert references_in(document) == {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in components[kind]
    }


def references_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set[str]()
        return own.union(*map(references_in, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(references_in, value))
    return set()


def test_bodies_are_described_as_they_are_checked(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    operation = document["paths"]["/api/admin/features"]["post"]

    schema = operation["requestBody"]["content"]["application/json"]["schema"]

    name, toggle = (schemas[item["$ref"].rpartition("/")[2]] for item in schema["allOf"])
    assert name["properties"]["name"] == {"type": "string", "minLength": 2, "maxLength": 100}
    assert (name["required"], toggle["required"]) == (["name"], ["strategies"])
    assert toggle["properties"]["type"] == {"type": "string", "minLength": 1, "default": "release"}
    strategies = toggle["properties"]["strategies"]
    assert (strategies["minItems"], strategies["maxItems"]) == (1, 500)
    strategy = schemas[strategies["items"]["$ref"].rpartition("/")[2]]
    assert strategy["properties"]["name"] == name["properties"]["name"]
    assert "title" not in toggle
