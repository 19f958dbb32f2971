"""The OpenAPI description tells of every endpoint, and of none that is not there."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from flagstaff.openapi import serving
from flagstaff.pages.app import pages
from rest_compat.app import tables

# What is no part of the REST edge's tables.
ELSEWHERE = {("get", "/"), ("post", "/graphql"), ("get", "/health"), ("get", "/ready")}


@pytest.fixture
async def document() -> dict[str, Any]:
    """The description as it is served."""
    transport = httpx.ASGITransport(pages())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return (await client.get("/openapi.json")).json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and what is said of it."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_endpoint_is_described_and_nothing_else(document: dict[str, Any]) -> None:
    routes = {
        (method.lower(), re.sub(r":(\w+)", r"{\1}", path))
        for table in tables("")
        for path, methods in table.items()
        for method in methods
    }

    assert {(method, path) for method, path, _ in operations(document)} == routes | ELSEWHERE


def test_every_operation_says_what_it_is_for_and_how_it_may_end(document: dict[str, Any]) -> None:
    lacking = [
        f"{method} {path}"
        for method, path, operation in operations(document)
        if not (
            operation["summary"].endswith(".")
            and operation["tags"]
            and all(it["description"] for it in operation["responses"].values())
            and operation["responses"].keys() & {"200", "201", "202", "204", "405"}
        )
    ]

    assert lacking == []


def test_every_parameter_of_a_path_is_described(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        described = [it["name"] for it in operation.get("parameters", ()) if it["in"] == "path"]
        assert described == re.findall(r"\{(\w+)\}", path)


async def test_the_first_request_builds_the_document_and_later_ones_repeat_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[dict[str, Any]] = []
    monkeypatch.setattr(serving, "build_document", lambda: built.append({}) or {"openapi": "3.1.0"})
    serving._encode_document.cache_clear()
    before = len(built)
    transport = httpx.ASGITransport(pages())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answers = [await client.get("/openapi.json") for _ in range(3)]
        tag = {"If-None-Match": answers[0].headers["etag"]}
        again = await client.get("/openapi.json", headers=tag)
    serving._encode_document.cache_clear()

    assert (before, len(built)) == (0, 1)
    assert {answer.content for answer in answers} == {b'{"openapi":"3.1.0"}'}
    assert (again.status_code, again.content) == (304, b"")


def test_every_reference_leads_somewhere_and_every_schema_is_used(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert references_in(document) == {f"#/components/schemas/{name}" for name in schemas}


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

    name, toggle = (schemas[it["$ref"].rpartition("/")[2]] for it in schema["allOf"])
    assert name["properties"]["name"] == {"type": "string", "minLength": 2, "maxLength": 100}
    assert (name["required"], toggle["required"]) == (["name"], ["strategies"])
    assert toggle["properties"]["type"] == {"type": "string", "minLength": 1, "default": "release"}
    strategies = toggle["properties"]["strategies"]
    assert (strategies["minItems"], strategies["maxItems"]) == (1, 500)
    strategy = schemas[strategies["items"]["$ref"].rpartition("/")[2]]
    assert strategy["properties"]["name"] == name["properties"]["name"]
    assert "title" not in toggle
