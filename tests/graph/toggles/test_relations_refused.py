"""Refused changes of relations between toggles, and the code and path of each error."""

from typing import Any

import pytest

from graph.ids import encode_id
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.relations import fill

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles `t` and `u` and related objects (see `relations.fill`)."""
    return filled(gateway_database, fill)


@pytest.mark.parametrize(
    ("mutation", "input", "code", "path"),
    [
        ("toggleTags", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("toggleTags", {"name": "old", "add": [{"value": "a"}]}, "WRONG_STATE", ["name"]),
        ("toggleTags", {"name": "t", "add": [{"value": ""}]}, "INVALID", ["add", "0", "value"]),
        (
            "toggleTags",
            {"name": "t", "add": [{"value": "a"}, {"type": "none", "value": "a"}]},
            "NOT_FOUND",
            ["add", "1", "type"],
        ),
        ("toggleTags", {"name": "t", "remove": [{"value": "a"}]}, "NOT_FOUND", ["remove", "0"]),
        (
            "toggleTags",
            {"name": "t", "add": [{"value": "a"}], "remove": [{"value": "a"}]},
            "INVALID",
            ["remove", "0"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "none"}]},
            "NOT_FOUND",
            ["dependencies", "0", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "t"}]},
            "INVALID",
            ["dependencies", "0", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "old"}]},
            "WRONG_STATE",
            ["dependencies", "0", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [{"toggle": "u"}, {"toggle": "u"}]},
            "INVALID",
            ["dependencies", "1", "toggle"],
        ),
        (
            "toggleSetDependencies",
            {"name": "t", "dependencies": [], "expectedRevision": 1},
            "REVISION_CONFLICT",
            ["expectedRevision"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "none", "from": "default", "to": "staging"},
            "NOT_FOUND",
            ["name"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "nowhere", "to": "staging"},
            "NOT_FOUND",
            ["from"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "default", "to": "nowhere"},
            "NOT_FOUND",
            ["to"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "default", "to": "default"},
            "INVALID",
            ["to"],
        ),
        (
            "toggleCopyConfiguration",
            {"name": "t", "from": "default", "to": "default", "toToggle": "old"},
            "WRONG_STATE",
            ["toToggle"],
        ),
        ("applicationUpdate", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("applicationDelete", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("apiTokenUpdate", {"id": "nonsense"}, "INVALID", ["id"]),
        ("apiTokenUpdate", {"id": encode_id("ApiToken", "x")}, "NOT_FOUND", ["id"]),
        ("toggleTypeUpdate", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("toggleTypeUpdate", {"name": "release", "lifetimeDays": 0}, "INVALID", ["lifetimeDays"]),
        ("segmentDelete", {"id": encode_id("Toggle", "x")}, "INVALID", ["id"]),
        ("segmentDelete", {"id": encode_id("Segment", "x")}, "INVALID", ["id"]),
        ("segmentUpdate", {"id": encode_id("Segment", 10**17)}, "NOT_FOUND", ["id"]),
        ("segmentUpdate", {"id": encode_id("Segment", 1), "name": None}, "INVALID", ["name"]),
        ("tagTypeDelete", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("environmentDelete", {"name": "none"}, "NOT_FOUND", ["name"]),
        ("projectUpdate", {"name": "default", "title": None}, "INVALID", ["title"]),
    ],
)
async def test_bad_input_is_refused_with_code_and_path(
    shared_gateway: Gateway, mutation: str, input: dict[str, Any], code: str, path: list[str]
) -> None:
    errors = await shared_gateway.refusals(mutation, input)

    assert (code, path) in [(error["code"], error["path"]) for error in errors]
    assert all(error["message"].endswith(".") for error in errors)


@pytest.mark.parametrize("url", ["ftp://shop.example", "javascript:alert(1)", "shop"])
async def test_an_application_is_found_only_on_the_web(shared_gateway: Gateway, url: str) -> None:
    error = await shared_gateway.refusal("applicationUpdate", {"name": "web", "url": url})

    assert (error["code"], error["path"]) == ("INVALID", ["url"])
