"""The values that are read from a 3.x document, and its errors."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import UNSET, inspect

from store.errors import Refusal, format_path
from store.transfer.checking import MAX_ERRORS
from store.transfer.unleash.checking import unleash_document_of
from store.values import Variant
from tests.store.operations.doing import summed_up
from tests.store.transfer.unleash.documents import bare, feature, state


def wrong_in(value: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Return the rule, or else the code, and the path of each error in a document."""
    with pytest.raises(Refusal) as caught:
        unleash_document_of(value)
    return summed_up(list(caught.value.errors))


def only_feature(**fields: Any) -> Any:
    """Read the only toggle of a document."""
    features: Any = unleash_document_of({"features": [feature("a", **fields)]}).state.features
    return features[0]


def test_parts_that_are_missing_are_reported_from_empty_ones():
    state = unleash_document_of({"version": 1, "tags": []}).state

    assert (state.version, state.tags, state.features) == (1, (), UNSET)


def test_items_are_stored_as_they_were_sent():
    sent = feature("a", enabled="true", lastSeenAt=None, more={"x": 1})

    document = unleash_document_of({"features": [sent]})

    assert [*map(json.loads, document.items["features"])] == [sent]
    assert document.state.features is not UNSET
    assert document.state.features[0].enabled is True


@pytest.mark.parametrize("text", ["true", "True", "TRUE"])
def test_strings_of_truth_values_are_truth_values(text: str):
    assert only_feature(enabled=text).enabled is True
    assert only_feature(enabled="False").enabled is False


@pytest.mark.parametrize(
    ("weight", "number"), [("12.5", 12.5), ("50", 50), (" 1e2 ", 100), (7.0, 7), (0, 0)]
)
def test_strings_of_numbers_are_numbers(weight: Any, number: float):
    entry = only_feature(variants=[{"name": "v", "weight": weight}])

    assert entry.variants == (Variant("v", number),)
    assert type(entry.variants[0].weight) is type(number)


@pytest.mark.parametrize(
    "time",
    [
        "2020-02-02T10:00:00.000Z",
        "2020-02-02T12:00:00+02:00",
        "2020-02-02T10:00:00",
        1580637600000,
        "1580637600000",
    ],
)
def test_times_are_iso_8601_or_milliseconds(time: Any):
    assert only_feature(createdAt=time).created_at == datetime(2020, 2, 2, 10, tzinfo=UTC)


def test_what_was_left_out_stays_left_out():
    entry = only_feature(variants=[{"name": "v", "weight": 1}])

    assert (entry.description, entry.type, entry.created_at) == (UNSET, UNSET, UNSET)
    assert (entry.variants[0].weight_type, entry.variants[0].stickiness) == (UNSET, UNSET)


@pytest.mark.parametrize("version", [0, 5, 1.5, -1, "5", "x", None, True, [], {}])
def test_an_unknown_version_is_all_that_is_reported(version: Any):
    with pytest.raises(Refusal) as caught:
        unleash_document_of({"version": version, "features": [{}], "colours": []})

    (error,) = caught.value.errors
    assert error.path == ("version",)
    assert str(error) == (
        f"The version {json.dumps(version)} of the document is unknown; the versions 1, 2, 3 and 4 "
        "are accepted."
    )


@pytest.mark.parametrize("version", [1, 2, 3, 4, "4", 4.0])
def test_versions_1_to_4_are_accepted(version: Any):
    assert unleash_document_of({"version": version}).state.version == int(float(version))


def test_unknown_keys_below_the_top_are_named_with_their_path():
    document = unleash_document_of(
        {
            "version": 4,
            "features": [
                {"name": "a", "lastSeenAt": None, "foo": 1},
                {"name": "b", "strategies": [{"name": "s", "id": "x", "bar": {"x": 1}}]},
            ],
            "strategies": [
                {"name": "s", "editable": True, "parameters": [{"name": "p", "type": "t", "q": 1}]}
            ],
            "projects": [
                {"id": "p", "name": "P", "createdAt": "x", "health": 100, "mode": "open"},
                {"id": "q", "name": "Q", "mode": "private", "defaultStickiness": "userId"},
            ],
            "environments": [{"name": "lab", "protected": False, "x": 1}],
            "featureEnvironments": [
                {
                    "featureName": "a",
                    "environment": "lab",
                    "variants": [
                        {
                            "name": "v",
                            "weight": 1,
                            "x": 1,
                            "overrides": [{"contextName": "c", "y": 1}],
                        }
                    ],
                }
            ],
            "tags": [{"type": "simple", "value": "x", "z": 1}],
        }
    )

    assert [format_path(path) for path in document.unknown.paths] == [
        "features[0].foo",
        "features[1].strategies[0].bar",
        "strategies[0].parameters[0].q",
        "projects[1].mode",
        "projects[1].defaultStickiness",
        "tags[0].z",
        "environments[0].x",
        "featureEnvironments[0].variants[0].x",
        "featureEnvironments[0].variants[0].overrides[0].y",
    ]
    assert document.unknown.more == 0


def test_no_more_than_a_hundred_unknown_keys_are_named():
    features = [feature(f"a{at}", x=1, y=2) for at in range(400)]

    unknown = unleash_document_of({"features": features}).unknown

    assert (len(unknown.paths), unknown.more) == (100, 700)


def test_keys_that_are_not_known_are_dropped_below_the_top():
    entry = only_feature(strategies=[{"name": "default", "x": [1], "constraints": None}], y=2)

    assert entry.strategies[0].constraints is None


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ([], [("object.base", ())]),
        (None, [("object.base", ())]),
        ("features", [("object.base", ())]),
        ({"colours": []}, [("object.unknown", ("colours",))]),
        ({"version": "one"}, [("number.base", ("version",))]),
        ({"version": -(2**63)}, [("any.only", ("version",))]),
        ({"version": 2**63}, [("number.base", ("version",))]),
        ({"features": {}}, [("array.base", ("features",))]),
        ({"features": [1]}, [("object.base", ("features", "0"))]),
        (
            {"features": [{}]},
            [
                ("any.required", ("features", "0", "name")),
                ("any.required", ("features", "0", "strategies")),
            ],
        ),
        ({"features": [feature(7)]}, [("string.base", ("features", "0", "name"))]),  # type: ignore[arg-type]
        ({"features": [feature("a b")]}, [("name-pattern", ("features", "0", "name"))]),
        (
            {"features": [feature("a"), feature("a")]},
            [("array.unique", ("features", "1", "name"))],
        ),
        (
            {
                "version": 4,
                "features": [bare("a")],
                "featureEnvironments": [
                    state("a", "lab", variants=[{"name": "v", "weight": 1001}])
                ],
            },
            [("weight-range", ("featureEnvironments", "0", "variants", "0", "weight"))],
        ),
        (
            {"strategies": [{"name": "s"}]},
            [("any.required", ("strategies", "0", "parameters"))],
        ),
        (
            {"strategies": [{"name": "s", "parameters": [{"name": "p"}]}]},
            [("any.required", ("strategies", "0", "parameters", "0", "type"))],
        ),
        ({"projects": [{"id": "p p", "name": ""}]}, [("name-pattern", ("projects", "0", "id"))]),
        ({"tagTypes": [{"name": "t/t"}]}, [("name-pattern", ("tagTypes", "0", "name"))]),
        ({"tags": [{"type": "simple"}]}, [("any.required", ("tags", "0", "value"))]),
        (
            {"featureTags": [{"featureName": "a", "tagType": 1, "tagValue": "x"}]},
            [("string.base", ("featureTags", "0", "tagType"))],
        ),
    ],
)
def test_what_is_wrong_is_reported_with_its_path(value: Any, problems: list[Any]):
    assert wrong_in(value) == problems


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"enabled": None}, ("boolean.base", ("enabled",))),
        ({"stale": 1}, ("boolean.base", ("stale",))),
        ({"archived": "yes"}, ("boolean.base", ("archived",))),
        ({"type": ""}, ("string.empty", ("type",))),
        ({"project": None}, ("string.base", ("project",))),
        ({"createdAt": "yesterday"}, ("date.base", ("createdAt",))),
        ({"createdAt": 10**17}, ("date.base", ("createdAt",))),
        ({"createdAt": "0001-01-01T00:00:00+14:00"}, ("date.base", ("createdAt",))),
        ({"strategies": []}, ("array.min", ("strategies",))),
        ({"strategies": None}, ("array.base", ("strategies",))),
        ({"strategies": [{"name": "x y"}]}, ("name-pattern", ("strategies", "0", "name"))),
        (
            {"strategies": [{"name": "s", "parameters": []}]},
            ("object.base", ("strategies", "0", "parameters")),
        ),
        (
            {"strategies": [{"name": "s", "parameters": {"a": "\0"}}]},
            ("text-characters", ("strategies", "0", "parameters", "a")),
        ),
        (
            {"strategies": [{"name": "s", "constraints": [{"operator": "IN"}]}]},
            ("any.required", ("strategies", "0", "constraints", "0", "contextName")),
        ),
        (
            {
                "strategies": [
                    {
                        "name": "s",
                        "constraints": [{"contextName": "a", "operator": "IN", "values": []}],
                    }
                ]
            },
            ("array.min", ("strategies", "0", "constraints", "0", "values")),
        ),
        (
            {
                "strategies": [
                    {
                        "name": "s",
                        "constraints": [
                            {"contextName": "a", "operator": "IN", "values": ["x" * 101]}
                        ],
                    }
                ]
            },
            ("string.max", ("strategies", "0", "constraints", "0", "values", "0")),
        ),
        ({"variants": {}}, ("array.base", ("variants",))),
        ({"variants": [{"name": "v"}]}, ("any.required", ("variants", "0", "weight"))),
        (
            {"variants": [{"name": "v", "weight": True}]},
            ("number.base", ("variants", "0", "weight")),
        ),
        (
            {"variants": [{"name": "v", "weight": "heavy"}]},
            ("number.base", ("variants", "0", "weight")),
        ),
        (
            {"variants": [{"name": "v", "weight": 1001}]},
            ("weight-range", ("variants", "0", "weight")),
        ),
        (
            {"variants": [{"name": "v", "weight": 1, "weightType": "any"}]},
            ("weight-type", ("variants", "0", "weightType")),
        ),
        (
            {"variants": [{"name": "v", "weight": 1, "payload": None}]},
            ("object.base", ("variants", "0", "payload")),
        ),
        (
            {"variants": [{"name": "v", "weight": 1}, {"name": "v", "weight": 2}]},
            ("variants-unique", ("variants", "1", "name")),
        ),
    ],
)
def test_what_is_wrong_with_a_toggle_is_reported_with_its_path(
    fields: dict[str, Any], problem: tuple[str, tuple[str, ...]]
):
    rule, path = problem

    assert wrong_in({"features": [feature("a", **fields)]}) == [(rule, ("features", "0", *path))]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"strategies": 5}, "a list, not the number 5"),
        ({"strategies": [[]]}, "an object, not a list"),
        ({"strategies": [{"name": "s", "parameters": "x"}]}, "an object, not the string 'x'"),
        ({"type": {}}, "a string, not an object"),
        ({"enabled": None}, "true or false, not null"),
        ({"variants": [{"name": "v", "weight": True}]}, "a 64-bit number, not true"),
        ({"createdAt": []}, "a date and time such as 2030-01-31T12:00:00Z, not a list"),
    ],
)
def test_a_refused_value_is_shown_with_what_it_must_be(fields: dict[str, Any], words: str):
    with pytest.raises(Refusal) as caught:
        unleash_document_of({"features": [feature("a", **fields)]})

    (error,) = caught.value.errors
    assert error.message == f"The value must be {words}."


def test_violations_of_all_kinds_and_parts_are_reported_at_once():
    document = {
        "features": [feature("a b"), {"name": "c"}, feature("d e", enabled="on", variants=[5])],
        "strategies": [{"name": "s s", "parameters": []}],
        "tags": {},
    }

    assert sorted(wrong_in(document)) == [
        ("any.required", ("features", "1", "strategies")),
        ("array.base", ("tags",)),
        ("boolean.base", ("features", "2", "enabled")),
        ("name-pattern", ("features", "0", "name")),
        ("name-pattern", ("features", "2", "name")),
        ("name-pattern", ("strategies", "0", "name")),
        ("object.base", ("features", "2", "variants", "0")),
    ]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        (2**63, "document-type"),
        (1e300, "document-type"),
        ("half \ud800", "document-encoding"),
    ],
)
def test_what_no_database_holds_is_refused_in_what_is_dropped_too(more: Any, rule: str):
    assert [rule for rule, _ in wrong_in({"features": [feature("a", more=more)]})] == [rule]


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"x": value}])
def test_what_is_dropped_is_not_nested_without_end(wrap: Callable[[Any], Any]):
    # The value is three levels deep in the document, and a document has at most 64 levels.
    more: Any = 1
    for _ in range(61):
        more = wrap(more)

    assert unleash_document_of({"features": [feature("a", more=more)]})
    assert [item[0] for item in wrong_in({"features": [feature("a", more=wrap(more))]})] == [
        "document-depth"
    ]


def test_nobody_is_reported_more_than_a_thousand_errors():
    assert len(wrong_in({"features": [{}] * 5_000})) <= 1_001


def test_the_types_of_items_are_not_looked_up_for_each(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inspect, "type_info", None)

    document = unleash_document_of({"features": [feature("a"), feature("b")]})

    assert len(document.items["features"]) == 2


def test_the_number_of_errors_is_bound():
    features = [feature(f"a {number}") for number in range(MAX_ERRORS + 1)]

    assert len(wrong_in({"features": features})) == MAX_ERRORS
