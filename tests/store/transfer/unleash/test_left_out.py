"""Imports leave out some parts of a 3.x document. Some errors refuse the whole document."""

from typing import Any

import pytest

from store import Store
from store.operations.toggles import create_toggle
from store.values import Tag
from tests.store.operations.doing import carry_out, log
from tests.store.transfer.unleash.documents import (
    OWNER,
    STRATEGY,
    TAG,
    feature,
    take,
    wrong_with,
)


async def test_built_in_strategies_stay_and_are_reported(store: Store):
    before = store.snapshot

    made = await take(
        store, strategies=[{"name": "default", "description": "changed", "parameters": []}]
    )

    assert store.snapshot is before
    assert [(warning.message, warning.path) for warning in made.warnings] == [
        ("Strategy 'default' is built in, so it is not changed.", ("strategies", "0"))
    ]


async def test_items_without_their_owner_are_left_out_and_reported(store: Store):
    made = await take(
        store,
        features=[feature("a")],
        tagTypes=[OWNER],
        tags=[TAG, {"type": "ghost", "value": "x"}],
        featureTags=[
            {"featureName": "gone", "tagType": "owner", "tagValue": "web"},
            {"featureName": "a", "tagType": "ghost", "tagValue": "x"},
            {"featureName": "a", "tagType": "owner", "tagValue": "new"},
        ],
    )

    assert [warning.path for warning in made.warnings] == [
        ("tags", "1"),
        ("featureTags", "0"),
        ("featureTags", "1"),
    ]
    assert made.warnings[1].message == (
        "No toggle here or in the document is named 'gone', so its tag 'owner:web' is left out."
    )
    assert store.snapshot.toggles["a"].tags == (Tag("owner", "new"),)
    assert sorted(store.snapshot.tags) == [("owner", "new"), ("owner", "web")]
    assert (await log(store))[-1].summary == (
        "Imported a state document: 3 created. 3 items were left out."
    )


@pytest.mark.parametrize(
    ("parts", "paths"),
    [
        ({"tags": [TAG]}, ["tags"]),
        ({"tagTypes": [OWNER], "featureTags": []}, ["tagTypes"]),
        (
            {"featureTags": [{"featureName": "a", "tagType": "simple", "tagValue": "x"}]},
            ["featureTags"],
        ),
        ({"tags": []}, []),
    ],
)
async def test_tags_come_in_only_with_their_types(
    store: Store, parts: dict[str, Any], paths: list[str]
):
    await carry_out(store, create_toggle, name="a")
    before = store.snapshot

    made = await take(store, **parts)

    assert store.snapshot is before
    assert [warning.path for warning in made.warnings] == [(path,) for path in paths]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (
            {"features": [feature("a", strategies=[{"name": "s", "segments": [7]}])]},
            ("NOT_FOUND", ("features", "0", "strategies", "0", "segments", "0")),
        ),
        (
            {"features": [feature("a", type="t" * 101)]},
            ("text-length", ("features", "0", "type")),
        ),
        (
            {"features": [feature("a", description="\0")]},
            ("text-characters", ("features", "0", "description")),
        ),
        (
            {"strategies": [STRATEGY | {"description": "\0"}]},
            ("text-characters", ("strategies", "0", "description")),
        ),
        (
            {"projects": [{"id": "web", "name": "a\nb"}]},
            ("text-characters", ("projects", "0", "name")),
        ),
        (
            {"tagTypes": [OWNER | {"icon": "x" * 101}], "tags": [TAG]},
            ("text-length", ("tagTypes", "0", "icon")),
        ),
        (
            {"tagTypes": [], "tags": [{"type": "simple", "value": "x" * 51}]},
            ("text-length", ("tags", "0", "value")),
        ),
        (
            {
                "tagTypes": [],
                "tags": [],
                "features": [feature("a")],
                "featureTags": [{"featureName": "a", "tagType": "simple", "tagValue": ""}],
            },
            ("text-length", ("featureTags", "0", "tagValue")),
        ),
    ],
)
async def test_what_cannot_be_stored_is_reported_with_its_path(
    store: Store, parts: dict[str, Any], problem: tuple[str, tuple[str, ...]]
):
    assert await wrong_with(store, parts) == [problem]


async def test_a_toggle_carries_no_more_tags_than_it_may(store: Store):
    await carry_out(
        store, create_toggle, name="a", tags=[Tag("simple", str(at)) for at in range(500)]
    )
    tags = [{"featureName": "a", "tagType": "simple", "tagValue": "more"}]

    problems = await wrong_with(store, {"tagTypes": [], "tags": [], "featureTags": tags})

    assert problems == [("LIMIT_EXCEEDED", ("featureTags", "0", "featureName"))]


@pytest.mark.parametrize("drop", [False, True])
async def test_one_bad_toggle_among_good_ones_rejects_everything(store: Store, drop: bool):
    await carry_out(store, create_toggle, name="canary")
    features = [feature(f"t{at}") for at in range(60)]
    features[41]["description"] = "\0"

    problems = await wrong_with(store, {"features": features}, drop=drop)

    assert problems == [("text-characters", ("features", "41", "description"))]
    assert [*store.snapshot.toggles] == ["canary"]
