"""The rules that a JSON value must meet to be a document."""

from collections.abc import Callable
from typing import Any

import pytest

from store.errors import Refusal
from store.transfer.checking import MAX_ERRORS
from tests.store.operations.doing import summed_up
from tests.store.transfer.documents import HEAD, document_of

LONE = "\ud800"


def wrong_with(value: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        document_of(value)
    return [
        (rule.removeprefix("document-"), "/".join(path))
        for rule, path in summed_up([*caught.value.errors])
    ]


def wrong_in(**sections: Any) -> list[tuple[str, str]]:
    return [(rule, path.removeprefix("source/")) for rule, path in wrong_with(HEAD | sections)]


@pytest.mark.parametrize("value", [None, 5, "text", [], [HEAD], True])
def test_a_document_is_an_object(value: Any):
    assert wrong_with(value) == [("type", "source")]


@pytest.mark.parametrize(
    "value", [{}, {"format": None}, {"version": 1, "features": []}, {"format": "other"}]
)
def test_a_document_of_another_format_is_refused_for_that_alone(value: Any):
    assert wrong_with({**value, "unknown": 1}) == [("format", "source/format")]


@pytest.mark.parametrize("version", [0, 2, "1", None, 1.0, True])
def test_a_document_of_another_version_is_refused_for_that_alone(version: Any):
    assert wrong_with({**HEAD, "version": version, "unknown": 1}) == [("version", "source/version")]


@pytest.mark.parametrize(
    ("sections", "errors"),
    [
        ({"features": []}, [("key", "features")]),
        ({f"a{LONE}\n": 1}, [("key", "a<U+D800><U+000A>")]),
        ({"toggles": {}}, [("type", "toggles")]),
        ({"toggles": [None]}, [("type", "toggles/0")]),
        ({"toggles": [{}]}, [("required", "toggles/0/name")]),
        ({"toggles": [{"name": False}]}, [("type", "toggles/0/name")]),
        ({"toggles": [{"name": 7}]}, [("type", "toggles/0/name")]),
        ({"toggles": [{"name": ["a"]}]}, [("type", "toggles/0/name")]),
        ({"toggles": [{"name": "a", "revision": 1}]}, [("key", "toggles/0/revision")]),
        ({"toggles": [{"name": "a", "impressionData": 1}]}, [("type", "toggles/0/impressionData")]),
        ({"toggles": [{"name": "a", "project": None}]}, [("type", "toggles/0/project")]),
        ({"toggles": [{"name": "a", "createdAt": "now"}]}, [("type", "toggles/0/createdAt")]),
        ({"toggles": [{"name": "a", "createdAt": 0}]}, [("type", "toggles/0/createdAt")]),
        ({"toggles": [{"name": "a", "createdAt": LONE}]}, [("type", "toggles/0/createdAt")]),
        (
            {"toggles": [{"name": "a", "createdAt": "2030-01-01T00:00:00"}]},
            [("type", "toggles/0/createdAt")],
        ),
        (
            {"toggles": [{"name": "a", "staleAt": "0001-01-01T00:00:00+14:00"}]},
            [("type", "toggles/0/staleAt")],
        ),
        ({"toggles": [{"name": "a", "tags": ["simple:a"]}]}, [("type", "toggles/0/tags/0")]),
        ({"environments": [{"name": "a", "type": "prod"}]}, [("type", "environments/0/type")]),
        ({"environments": [{"name": "a", "type": []}]}, [("type", "environments/0/type")]),
        (
            {"environments": [{"name": "a", "sortOrder": 1.0}]},
            [("type", "environments/0/sortOrder")],
        ),
        (
            {"environments": [{"name": "a", "sortOrder": 2**63}]},
            [("type", "environments/0/sortOrder")],
        ),
        (
            {"environments": [{"name": "a", "sortOrder": True}]},
            [("type", "environments/0/sortOrder")],
        ),
        (
            {"segments": [{"name": "a", "constraints": [{"contextName": "b", "case": True}]}]},
            [
                ("key", "segments/0/constraints/0/case"),
                ("required", "segments/0/constraints/0/operator"),
            ],
        ),
    ],
)
def test_what_does_not_belong_there_is_refused_with_its_path(
    sections: dict[str, Any], errors: list[tuple[str, str]]
):
    assert wrong_in(**sections) == errors


@pytest.mark.parametrize(
    ("strategy", "errors"),
    [
        ({"name": "s", "id": "x"}, [("key", "id")]),
        ({"name": "s", "parameters": []}, [("type", "parameters")]),
        ({"name": "s", "parameters": {"a": {"b": [1e30]}}}, [("type", "parameters/a/b/0")]),
        ({"name": "s", "parameters": {"a": 10**400}}, [("type", "parameters/a")]),
        ({"name": "s", "constraints": "x"}, [("type", "constraints")]),
        ({"name": "s", "segments": [1]}, [("type", "segments/0")]),
        ({"name": "s", "variants": None}, [("type", "variants")]),
        ({"name": "s", "variants": [{"name": "v"}]}, [("required", "variants/0/weight")]),
        (
            {"name": "s", "variants": [{"name": "v", "weight": "1"}]},
            [("type", "variants/0/weight")],
        ),
        (
            {"name": "s", "variants": [{"name": "v", "weight": True}]},
            [("type", "variants/0/weight")],
        ),
        (
            {"name": "s", "variants": [{"name": "v", "weight": 1, "payload": {"value": 1}}]},
            [("type", "variants/0/payload/value"), ("required", "variants/0/payload/type")],
        ),
    ],
)
def test_what_does_not_belong_into_a_strategy_is_refused_with_its_path(
    strategy: dict[str, Any], errors: list[tuple[str, str]]
):
    environments = [{"strategies": [{"name": "default"}, strategy]}]

    found = wrong_in(toggles=[{"name": "a", "environments": environments}])

    assert found == [
        (rule, f"toggles/0/environments/0/strategies/1/{path}") for rule, path in errors
    ]


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}])
def test_parameters_that_are_nested_too_deeply_are_refused(wrap: Callable[[Any], Any]):
    value: Any = 1
    for _ in range(900):
        value = wrap(value)
    environments = [{"strategies": [{"name": "s", "parameters": {"a": value}}]}]

    ((rule, _),) = wrong_in(toggles=[{"name": "a", "environments": environments}])

    assert rule == "depth"


def test_all_errors_are_reported_together_with_sentences():
    with pytest.raises(Refusal) as caught:
        document_of(HEAD | {"toggles": [{"name": 1, "type": None}, 2], "extra": 0})

    assert [error.message for error in caught.value.errors] == [
        "The value must be a string, not the number 1.",
        "The value must be a string, not null.",
        "The value must be an object, not the number 2.",
        "The key 'extra' is unknown.",
    ]


def test_more_errors_than_anybody_reads_are_cut_off():
    assert len(wrong_in(toggles=[1] * 5_000)) == MAX_ERRORS


def test_the_way_to_the_document_is_the_callers():
    with pytest.raises(Refusal) as caught:
        document_of(None, path=())

    assert caught.value.errors[0].path == ()
