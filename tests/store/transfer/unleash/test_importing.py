"""The objects of a 3.x document are stored as sent, and the import reports them."""

from msgspec import UNSET

from store import Store
from store.events import EventType, SubjectKind
from store.operations.change_sets import revert_change_set
from store.operations.segments import create_segment
from store.operations.toggles import create_toggle
from store.transfer.exporting import export_document
from store.unit_of_work import UnitOfWork
from store.values import Constraint, Tag
from tests.store.operations.doing import carry_out, log
from tests.store.transfer.unleash.documents import (
    OWNER,
    STRATEGY,
    TAG,
    exported,
    feature,
    take,
)


async def test_everything_in_a_document_is_stored_as_it_was_sent(store: Store):
    sent = feature(
        "a",
        description="A",
        type="ops",
        project="web",
        enabled=True,
        stale=True,
        strategies=[
            {"name": "country", "parameters": {"countries": "no", "odd": [1, None]}},
            {"name": "x", "constraints": None},
            {"name": "y", "constraints": [{"contextName": "c", "operator": "IN", "values": ["1"]}]},
        ],
        variants=[{"name": "v", "weight": 500}, {"name": "w", "weight": 0.5, "weightType": "fix"}],
        createdAt="2020-02-02T10:00:00.000Z",
    )

    await take(
        store,
        features=[sent],
        strategies=[STRATEGY],
        projects=[{"id": "web", "name": "Web shop", "description": "All of it"}],
        tagTypes=[OWNER],
        tags=[TAG],
        featureTags=[{"featureName": "a", "tagType": "owner", "tagValue": "web"}],
    )

    document = exported(store)
    assert document["features"] == [sent | {"lastSeenAt": None}]
    assert document["strategies"] == [STRATEGY | {"deprecated": False}]
    assert [(project["id"], project["name"]) for project in document["projects"]] == [
        ("default", "Default"),
        ("web", "Web shop"),
    ]
    assert document["tagTypes"][0] == OWNER
    assert document["tags"] == [TAG]
    assert document["featureTags"] == [{"featureName": "a", "tagType": "owner", "tagValue": "web"}]


async def test_a_new_toggle_has_the_defaults_of_3x(store: Store):
    await take(store, features=[feature("a")])

    toggle = store.snapshot.toggles["a"]
    assert (toggle.type, toggle.project, toggle.description) == ("release", "default", None)
    assert (toggle.stale, toggle.archived) == (False, False)
    assert toggle.in_environment("default").enabled is False
    assert toggle.in_environment("default").variants is UNSET


async def test_each_item_has_its_event(store: Store):
    before = len(await log(store))
    sent = feature("a", lastSeenAt=None)

    await take(
        store,
        featureTags=[{"featureName": "a", "tagType": "owner", "tagValue": "web"}],
        tags=[TAG],
        tagTypes=[OWNER],
        projects=[{"id": "web", "name": "Web"}],
        strategies=[STRATEGY],
        features=[sent],
    )

    events = (await log(store))[before:]
    assert [(event.type, event.wire_type) for event in events] == [
        (EventType.TOGGLE_CREATED, "feature-import"),
        (EventType.STRATEGY_CREATED, "strategy-import"),
        (EventType.PROJECT_CREATED, "project-import"),
        (EventType.TAG_TYPE_CREATED, "tag-type-import"),
        (EventType.TAG_CREATED, "tag-import"),
        (EventType.TOGGLE_TAGGED, "feature-tag-import"),
        (EventType.CHANGE_SET_APPLIED, "change-set-applied"),
        (EventType.STATE_IMPORTED, "state-imported"),
    ]
    assert [event.wire_data for event in events[:2]] == [sent, STRATEGY]
    assert events[2].wire_data.pop("createdAt").endswith("Z")
    assert [event.wire_data for event in events[2:6]] == [
        {"id": "web", "name": "Web", "description": ""},
        OWNER,
        TAG,
        {"featureName": "a", "tag": TAG},
    ]
    assert events[6].summary == "Made 6 changes together."
    assert events[7].subject_kind is SubjectKind.STATE
    assert events[7].summary == "Imported a state document: 5 created."


async def test_a_deprecated_strategy_comes_in_deprecated(store: Store):
    sent = STRATEGY | {"deprecated": True}

    await take(store, strategies=[sent])
    events = await log(store)
    await take(store, strategies=[sent])

    assert store.snapshot.strategies["country"].deprecated is True
    assert [event.wire_type for event in events][:2] == ["strategy-import", "state-imported"]
    assert await log(store) == events


async def test_archived_toggles_can_be_tagged(store: Store):
    await take(
        store,
        features=[feature("a", archived=True)],
        tagTypes=[],
        tags=[],
        featureTags=[{"featureName": "a", "tagType": "simple", "tagValue": "x"}],
    )

    assert store.snapshot.toggles["a"].tags == (Tag("simple", "x"),)


async def test_what_the_admin_api_shows_beyond_3x_is_taken_back(store: Store):
    segment = await carry_out(store, create_segment, name="beta")

    await take(
        store,
        features=[
            feature(
                "a",
                strategies=[
                    {
                        "name": "default",
                        "title": "Some",
                        "disabled": True,
                        "segments": [segment.id],
                        "constraints": [
                            {
                                "contextName": "age",
                                "operator": "NUM_GT",
                                "values": ["18"],
                                "inverted": True,
                                "caseInsensitive": True,
                            }
                        ],
                        "variants": [{"name": "v", "weight": 1000}],
                    }
                ],
            )
        ],
    )

    (strategy,) = store.snapshot.toggles["a"].in_environment("default").strategies
    assert (strategy.title, strategy.disabled, strategy.segments) == ("Some", True, (segment.id,))
    assert strategy.constraints == (
        Constraint("age", "NUM_GT", values=(), value="18", inverted=True, case_insensitive=True),
    )


async def test_an_import_can_be_undone(store: Store):
    async def furnish(work: UnitOfWork) -> None:
        await create_toggle(work, name="a", tags=[Tag("simple", "x")])

    await carry_out(store, furnish)
    before = export_document(store.snapshot, archived=True)

    made = await take(
        store,
        features=[feature("a", enabled=True, stale=True), feature("b", project="web")],
        strategies=[STRATEGY],
        projects=[{"id": "web", "name": "Web"}],
        tagTypes=[OWNER],
        tags=[TAG],
        featureTags=[{"featureName": "a", "tagType": "owner", "tagValue": "web"}],
    )

    assert made.made.change_set is not None
    await carry_out(store, revert_change_set, made.made.change_set.id)
    assert export_document(store.snapshot, archived=True) == before
