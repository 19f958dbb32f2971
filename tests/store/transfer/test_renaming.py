"""Toggles of a document get other names, and refused names come with suggestions."""

from typing import Any

import pytest

from store import Store
from store.errors import Refusal
from store.model import SYSTEM
from store.transfer.name_suggestions import suggest_names
from store.transfer.recognizing import document_of
from store.transfer.renaming import check_renames, rename_toggles
from store.transfer.unleash.document import UnleashDocument
from store.transfer.unleash.importing import import_unleash
from tests.store.transfer.unleash.documents import bare, feature, state, strategy

RENAMES = {"a b": "a-b"}
ROLLOUT = {"name": "flexibleRollout", "parameters": {"rollout": "5"}}
OLD_GROUP = {"rollout": "5", "groupId": "a b"}


def test_everything_that_refers_to_a_toggle_gets_its_new_name() -> None:
    value = {
        "version": 4,
        "features": [bare("a b"), bare("c")],
        "featureEnvironments": [state("a b", "default"), state("c", "default")],
        "featureStrategies": [
            strategy("a b", "default", "flexibleRollout", parameters={"rollout": "5"}),
            strategy("c", "default", "flexibleRollout", parameters={"rollout": "5"}),
        ],
        "featureTags": [{"featureName": "a b", "tagType": "simple", "tagValue": "a b"}],
        "dependencies": [{"feature": "c", "dependencies": [{"feature": "a b"}]}],
    }

    renamed = rename_toggles(value, RENAMES)

    assert [item["name"] for item in renamed["features"]] == ["a-b", "c"]
    for section in ("featureEnvironments", "featureStrategies"):
        assert [item["featureName"] for item in renamed[section]] == ["a-b", "c"]
    assert renamed["featureTags"] == [
        {"featureName": "a-b", "tagType": "simple", "tagValue": "a b"}
    ]
    assert renamed["dependencies"] == [{"feature": "c", "dependencies": [{"feature": "a-b"}]}]
    assert value["features"][0] == {"name": "a b"}


@pytest.mark.parametrize(
    "value",
    [
        {"featureStrategies": [{**ROLLOUT, "featureName": "a b"}]},
        {"featureStrategies": [{**ROLLOUT, "name": "x", "featureName": "a b"}]},
        {"features": [{"name": "a b", "strategies": [ROLLOUT]}]},
        {"toggles": [{"name": "a b", "environments": [{"strategies": [ROLLOUT]}]}]},
    ],
)
def test_rollouts_reach_the_same_users(value: dict[str, Any]) -> None:
    (item,) = next(iter(rename_toggles(value, RENAMES).values()))

    found = (item.get("environments") or [item])[0]
    (rollout,) = found.get("strategies") or [found]
    is_rollout = rollout["name"] == "flexibleRollout"
    assert rollout["parameters"] == (OLD_GROUP if is_rollout else ROLLOUT["parameters"])


def test_a_group_that_a_rollout_has_stays() -> None:
    own = {"name": "flexibleRollout", "parameters": {"groupId": "own"}}
    value = {"features": [feature("a b", strategies=[own, {"name": "default"}, 7])]}

    assert rename_toggles(value, RENAMES)["features"][0]["strategies"] == [
        own,
        {"name": "default"},
        7,
    ]


@pytest.mark.parametrize(
    ("renames", "said"),
    [
        ({"x": "y"}, "No toggle of the document is named 'x'."),
        ({"a b": "c"}, "A toggle of the document is already named 'c'."),
        ({"a b": "d", "c": "d"}, "A toggle of the document is already named 'd'."),
        ({"a b": "c d"}, "may contain only"),
    ],
)
def test_names_that_do_not_exist_or_are_not_free_are_refused(
    renames: dict[str, str], said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_renames({"features": [bare("a b"), bare("c")]}, renames)

    (error,) = refused.value.errors
    assert said in error.message


def test_two_toggles_can_swap_their_names() -> None:
    value = {"features": [bare("a"), bare("b")]}
    renames = {"a": "b", "b": "a"}

    warnings = check_renames(value, renames)

    assert rename_toggles(value, renames) == {"features": [bare("b"), bare("a")]}
    assert "'a' is imported as 'b'" in warnings[0].message


def test_each_refused_name_has_an_allowed_suggestion() -> None:
    names = ["a b", "a-b", "a/b", "..", "größe", "x" * 300, "日本"]
    value = {"features": [feature(name) for name in names]}

    with pytest.raises(Refusal) as refused:
        document_of(value)

    suggested = {each.old: each.new for each in suggest_names(value, refused.value.errors)}
    assert suggested == {
        "a b": "a-b-2",
        "a/b": "a-b-3",
        "..": "toggle",
        "größe": "groe",
        "x" * 300: suggested["x" * 300],
        "日本": "toggle-2",
    }
    check_renames(value, suggested)


def test_refused_names_of_other_objects_have_suggestions_too() -> None:
    value = {
        "version": 4,
        "features": [bare("a")],
        "environments": [{"name": "e u"}, {"name": "e-u"}],
        "projects": [{"id": "w/b", "name": "Web"}],
        "strategies": [{"name": "my strategy", "parameters": []}],
        "featureStrategies": [strategy("a", "default", "my strategy")] * 2,
        "tagTypes": [{"name": "日本"}],
    }

    with pytest.raises(Refusal) as refused:
        document_of(value)

    suggested = [(each.kind, each.new) for each in suggest_names(value, refused.value.errors)]
    assert sorted(suggested) == [
        ("environment", "e-u-2"),
        ("project", "w-b"),
        ("strategy", "my-strategy"),
        ("tag type", "tag-type"),
    ]


async def test_refused_names_of_segments_and_context_fields_have_suggestions(
    store: Store,
) -> None:
    value = {
        "version": 4,
        "features": [bare("a")],
        "segments": [{"id": 1, "name": "b\neta\u2028users", "constraints": []}],
        "contextFields": [{"name": "user type"}],
    }
    document = document_of(value)
    assert isinstance(document, UnleashDocument)

    with pytest.raises(Refusal) as refused:
        async with store.write(SYSTEM) as work:
            await import_unleash(work, document)

    suggested = {each.kind: each.new for each in suggest_names(value, refused.value.errors)}
    assert suggested == {"segment": "b eta users", "context field": "user-type"}


@pytest.mark.parametrize("value", [None, [], {"features": 3}, {"features": [3, {}]}])
def test_values_that_are_no_documents_stay(value: Any) -> None:
    assert rename_toggles(value, RENAMES) == value
    assert check_renames(value, {}) == []
