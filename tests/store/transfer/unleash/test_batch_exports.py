"""Batch exports of Unleash 6 to 8: one environment, with segments by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from store import Store
from store.errors import Refusal
from store.evaluation import evaluate
from store.evaluation.payloads import context_of
from store.model import SYSTEM
from store.operations.fields import SegmentFields
from store.operations.segments import create_segment
from store.transfer.recognizing import document_of
from store.transfer.unleash.batch import BatchTarget, served_content_of
from store.transfer.unleash.document import UnleashDocument
from store.transfer.unleash.importing import UnleashResult, import_unleash
from store.values import Constraint
from tests.store.evaluation.test_recorded_evaluations import answer
from tests.store.transfer.unleash.documents import AGE, configured, state

DATA = Path(__file__).parents[3] / "data"
AS_NAMED = BatchTarget()
VARIANT = [{"name": "a", "weight": 1000, "weightType": "variable", "stickiness": "default"}]


def recorded(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def batch(*toggles: str, **sections: Any) -> dict[str, Any]:
    """A batch export of toggles in the environment `production`."""
    return {
        "features": [{"name": name, "type": "release", "project": "web"} for name in toggles],
        "featureEnvironments": [
            state(name, "production", name=name, variants=[]) for name in toggles
        ],
        "featureStrategies": [],
        "contextFields": [],
        "featureTags": [],
        "segments": [],
        "tagTypes": [],
        "dependencies": [],
        "links": [],
        **sections,
    }


def rollout(toggle: str, **fields: Any) -> dict[str, Any]:
    """An item of featureStrategies, as servers write it."""
    return {"name": "default", "featureName": toggle, **fields}


async def take(store: Store, value: Any, target: BatchTarget = AS_NAMED) -> UnleashResult:
    document = document_of(value, target=target)
    assert isinstance(document, UnleashDocument)
    async with store.write(SYSTEM) as work:
        return await import_unleash(work, document)


async def refusal(store: Store, value: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as refused:
        await take(store, value)
    return [("/".join(error.path), error.message) for error in refused.value.errors]


@pytest.mark.parametrize("environment", ["development", "production"])
async def test_a_real_export_evaluates_as_the_official_engine_recorded(
    store: Store, environment: str
):
    payload = recorded(f"unleash-8.2-client-features-{environment}.json")
    served = served_content_of(payload, path=())

    result = await take(
        store,
        recorded(f"unleash-8.2-batch-export-{environment}.json"),
        BatchTarget(served=served),
    )

    differing = [
        f"{name} for {entry['context']}"
        for entry in recorded(f"unleash-8.2-evaluations-{environment}.json")
        for name, expected in entry["results"].items()
        if answer(
            evaluate(
                store.snapshot,
                store.snapshot.toggles[name],
                environment,
                context_of(entry["context"]),
            )
        )
        != expected
    ]
    assert differing == []
    assert len(store.snapshot.toggles) == 60
    assert [warning for warning in result.warnings if warning.left_out] == []


async def test_each_section_is_imported(store: Store):
    value = batch(
        "child",
        "parent",
        featureStrategies=[rollout("child", title="First"), rollout("child", title="Second")],
        contextFields=[
            {"name": "plan", "sortOrder": 4, "stickiness": True, "legalValues": [{"value": "pro"}]}
        ],
        featureTags=[{"featureName": "child", "tagType": "team", "tagValue": "web"}],
        tagTypes=[{"name": "team", "color": "#00ff00"}],
        dependencies=[{"feature": "child", "dependencies": [{"feature": "parent"}] * 2}],
    )

    result = await take(store, value)

    child = store.snapshot.toggles["child"]
    assert child.project == "web"
    assert [(tag.type, tag.value) for tag in child.tags] == [("team", "web")]
    assert [dependency.toggle for dependency in child.dependencies] == ["parent"]
    titles = [strategy.title for strategy in configured(store, "child", "production").strategies]
    assert titles == ["First", "Second"]
    field = store.snapshot.context_fields["plan"]
    assert (field.stickiness, field.sort_order) == (True, 4)
    assert [value.value for value in field.legal_values] == ["pro"]
    assert [warning.path for warning in result.warnings if warning.left_out] == []


async def test_the_environment_and_the_project_can_be_chosen(store: Store):
    value = batch("a", featureStrategies=[rollout("a")])

    await take(store, value, BatchTarget("staging", "shop"))

    assert store.snapshot.toggles["a"].project == "shop"
    assert configured(store, "a", "staging").enabled
    assert "production" not in store.snapshot.toggles["a"].environments


@pytest.mark.parametrize(
    ("environments", "said"),
    [((), "no environment"), (("one", "two"), "the environments 'one' and 'two'")],
)
async def test_an_export_must_name_one_environment(
    store: Store, environments: tuple[str, ...], said: str
):
    value = batch("a", featureEnvironments=[state("a", name) for name in environments])

    (error,) = await refusal(store, value)

    assert error[0] == "featureEnvironments"
    assert said in error[1]


async def test_a_segment_without_constraints_is_refused_not_created_for_everybody(store: Store):
    value = batch(
        "a",
        segments=[{"id": 7, "name": "adults"}, {"id": 8, "name": "unused"}],
        featureStrategies=[rollout("a", segments=[7])],
    )

    (error,) = await refusal(store, value)

    assert error[0] == "segments/0"
    assert "'adults' without its constraints" in error[1]
    assert "Create the segment before the import." in error[1]
    assert "a" not in store.snapshot.toggles


async def test_existing_segments_of_the_same_name_are_used(store: Store):
    async with store.write(SYSTEM) as work:
        constraint = Constraint("age", "NUM_GTE", value="18", values=())
        fields = SegmentFields(constraints=(constraint,))
        existing = await create_segment(work, name="adults", fields=fields)
    value = batch(
        "a",
        segments=[{"id": 7, "name": "adults"}, {"id": 8, "name": "unused"}],
        featureStrategies=[rollout("a", segments=[7])],
    )

    result = await take(store, value)

    (strategy,) = configured(store, "a", "production").strategies
    assert strategy.segments == (existing.id,)
    assert store.snapshot.segments_by_name["adults"].constraints == (constraint,)
    assert [warning.path for warning in result.warnings if warning.left_out] == [("segments", "1")]


@pytest.mark.parametrize(
    "value",
    [
        {"segments": [{"id": 1, "name": "adults", "constraints": [AGE]}]},
        [{"name": "adults", "constraints": [AGE]}],
    ],
)
async def test_constraints_of_segments_come_from_another_document(store: Store, value: Any):
    target = BatchTarget(served=served_content_of(value, path=()))

    await take(store, batch("a", segments=[{"id": 7, "name": "adults"}]), target)

    (constraint,) = store.snapshot.segments_by_name["adults"].constraints
    assert constraint.value == "18"


@pytest.mark.parametrize("value", [{"features": []}, 1, [{"name": "a"}], [None]])
def test_a_document_without_segments_is_refused(value: Any):
    with pytest.raises(Refusal):
        served_content_of(value, path=("--segments",))


async def test_errors_have_the_paths_of_the_export(store: Store):
    value = batch(
        "a",
        featureStrategies=[{**rollout("a"), "name": ""}, None],
        dependencies=[{"feature": "a", "dependencies": [{"feature": "missing"}]}],
    )
    missing = batch("a", dependencies=[{"feature": "a", "dependencies": [{"feature": "missing"}]}])

    paths = [path for path, _ in await refusal(store, value)]

    assert "featureStrategies/1" in paths
    assert [path for path, _ in await refusal(store, missing)] == [
        "dependencies/0/dependencies/0/feature"
    ]


IDS = ("01M7ZXZBDK93SDB25C1626DJZR", "01M7ZXZA51PA1SKAEM5YYB2VXX")
UUIDS = ("9f0cf3b2-3c4c-4b5e-8d57-3c1f5b3a1f00", "1f0cf3b2-3c4c-4b5e-8d57-3c1f5b3a1f00")


@pytest.mark.parametrize(
    ("fields", "served", "titles", "warned"),
    [
        ([{"id": IDS[0]}, {"id": IDS[1]}], [], ["1", "0"], 0),
        ([{"sortOrder": 2}, {"sortOrder": 1}], [], ["1", "0"], 0),
        ([{"id": UUIDS[0]}, {"id": UUIDS[1]}], [], ["0", "1"], 1),
        (
            [{"id": UUIDS[0]}, {"id": UUIDS[1], "variants": VARIANT}],
            [{"name": "default", "variants": VARIANT}, {"name": "default"}],
            ["1", "0"],
            0,
        ),
    ],
    ids=["times in ids", "positions", "unknown", "served"],
)
async def test_strategies_get_the_order_in_which_sdks_evaluate_them(
    store: Store,
    fields: list[dict[str, Any]],
    served: list[Any],
    titles: list[str],
    warned: int,
):
    strategies = [
        rollout("a", title=str(at), **{"variants": VARIANT if not served else [], **more})
        for at, more in enumerate(fields)
    ]
    payload = {"segments": [], "features": [{"name": "a", "strategies": served}]}
    target = BatchTarget(served=served_content_of(payload, path=()))

    result = await take(store, batch("a", featureStrategies=strategies), target)

    found = [strategy.title for strategy in configured(store, "a", "production").strategies]
    assert found == titles
    assert len([w for w in result.warnings if "order of the toggle's" in w.message]) == warned


async def test_an_unknown_section_of_a_newer_server_is_a_warning(store: Store):
    result = await take(store, batch("a", links=[{"feature": "a", "links": []}], novelty=1))

    assert {warning.path for warning in result.warnings if not warning.path[1:]} == {
        ("links",),
        ("novelty",),
    }
