"""The content of a document, and its text."""

from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
import pytest_asyncio

from store import Snapshot
from store.errors import Refusal
from store.model import ApiTokenType, EnvironmentType
from store.operations.context_fields import create_context_field
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.fields import (
    ProjectFields,
    SegmentFields,
    StrategyFields,
    ToggleFields,
    ToggleTypeFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.segments import create_segment, delete_segment
from store.operations.strategies import create_strategy, update_strategy
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import configure_toggle
from store.operations.toggle_types import update_toggle_type
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token
from store.transfer.document import ActivationEntry, ConfigurationEntry, StrategyEntry
from store.transfer.exporting import export_document
from store.transfer.reading import parse_content
from store.transfer.writing import StateFormat, WrittenDocument
from store.unit_of_work import UnitOfWork
from store.values import Constraint, Dependency, Tag, Variant
from tests.rewinding import RewoundStore
from tests.store.operations.doing import carry_out, summed_up
from tests.store.transfer.documents import document_of

NOW = datetime(2030, 1, 31, 23, 30, tzinfo=UTC)


async def furnish(work: UnitOfWork) -> None:
    """Create an object of every kind."""
    await create_environment(work, name="production")
    await create_project(
        work, name="shop", fields=ProjectFields(title="Shop", description="Sells.")
    )
    await create_project(work, name="unused")
    await create_context_field(work, name="plan")
    await create_context_field(work, name="country")
    await create_context_field(work, name="unused")
    await create_tag_type(work, name="team")
    await create_tag_type(work, name="unused")
    await create_segment(work, name="gone")
    await create_segment(
        work, name="zone", fields=SegmentFields(constraints=(Constraint("country", "IN", ("no",)),))
    )
    await create_segment(
        work, name="area", fields=SegmentFields(constraints=(Constraint("region", "IN", ("a",)),))
    )
    await delete_segment(work, 1)
    await create_strategy(work, name="mine")
    await update_strategy(work, "userWithId", StrategyFields(deprecated=True))
    await update_toggle_type(work, "experiment", ToggleTypeFields(lifetime_days=7))
    await create_toggle(
        work, name="parent", fields=ToggleFields(project="odd project"), allow_unknown=True
    )
    await create_toggle(
        work,
        name="child",
        fields=ToggleFields(project="shop", type="experiment"),
        tags=[Tag("team", "b"), Tag("team", "a")],
        strategies=[
            StrategySpec(name="mine", segments=(2,), parameters={"stickiness": "plan"}),
            StrategySpec(name="default", constraints=None, variants=()),
        ],
    )
    await configure_toggle(
        work, "child", environment="production", enabled=True, variants=[Variant("v", 1000)]
    )
    await set_dependencies(work, "child", [Dependency("parent")])
    await archive_toggle(work, "parent")
    await create_toggle(work, name="Other")
    await create_toggle(work, name="old")
    await archive_toggle(work, "old")
    await create_token(work, name="ops", type=ApiTokenType.ADMIN, secret="*:*.hush-hush")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def snapshot(rewound_store: RewoundStore) -> Snapshot:
    await carry_out(rewound_store.store, furnish)
    return rewound_store.store.snapshot


def names(entries: object) -> list[str]:
    return [entry.name for entry in entries]  # type: ignore[attr-defined]


def test_everything_is_in_it_in_a_fixed_order(snapshot: Snapshot):
    document = export_document(snapshot)

    assert names(document.environments) == ["default", "production"]
    assert names(document.projects) == ["default", "shop", "unused"]
    assert {
        toggle_type.name: toggle_type.lifetime_days for toggle_type in document.toggle_types
    } == {
        "release": 40,
        "experiment": 7,
        "operational": 7,
        "kill-switch": None,
        "permission": None,
        "sunset": 90,
    }
    assert names(document.context_fields)[5:] == ["country", "plan", "unused"]
    assert names(document.tag_types) == ["simple", "team", "unused"]
    assert document.tags == (Tag("team", "a"), Tag("team", "b"))
    assert names(document.segments) == ["zone", "area"]
    assert names(document.toggles) == ["Other", "child", "parent"]


def test_a_toggle_is_written_with_names_and_all_its_fields(snapshot: Snapshot):
    toggle = export_document(snapshot).toggles[1]

    assert (toggle.project, toggle.type, toggle.archived_at) == ("shop", "experiment", None)
    assert toggle.created_at == snapshot.toggles["child"].created_at
    assert toggle.tags == (Tag("team", "a"), Tag("team", "b"))
    assert toggle.dependencies == (Dependency("parent"),)
    assert toggle.environments == (
        ConfigurationEntry(
            environment="default",
            enabled=False,
            strategies=(
                ActivationEntry(name="mine", parameters={"stickiness": "plan"}, segments=("zone",)),
                ActivationEntry(name="default"),
            ),
            variants=None,
        ),
        ConfigurationEntry(
            environment="production", enabled=True, strategies=(), variants=(Variant("v", 1000),)
        ),
    )


def test_archived_toggles_come_when_requested_or_depended_on(snapshot: Snapshot):
    everything = {
        toggle.name: toggle for toggle in export_document(snapshot, archived=True).toggles
    }

    assert [*everything] == ["Other", "child", "old", "parent"]
    assert everything["parent"].archived_at == snapshot.toggles["parent"].archived_at


def test_strategies_are_the_custom_ones_and_what_was_changed_of_others(snapshot: Snapshot):
    assert export_document(snapshot).strategies == (
        StrategyEntry(name="mine", title="mine", description=None, parameters=(), deprecated=False),
        StrategyEntry(name="userWithId", deprecated=True),
    )


def test_parts_can_be_left_out(snapshot: Snapshot):
    only_strategies = export_document(snapshot, toggles=False)
    no_strategies = export_document(snapshot, strategies=False)

    compact = WrittenDocument(only_strategies, StateFormat.JSON, NOW).compact
    assert [*orjson.loads(compact)] == [
        "format",
        "version",
        "strategies",
    ]
    assert (len(no_strategies.toggles), no_strategies.strategies) == (3, ())


def test_only_chosen_environments_are_put_in(snapshot: Snapshot):
    document = export_document(snapshot, environments=["production"])

    assert [(environment.name, environment.type) for environment in document.environments] == [
        ("production", EnvironmentType.PRODUCTION)
    ]
    assert {
        configuration.environment
        for toggle in document.toggles
        for configuration in toggle.environments or ()
    } == {"production"}


def test_an_environment_that_is_not_there_is_refused(snapshot: Snapshot):
    with pytest.raises(Refusal) as caught:
        export_document(snapshot, environments=["production", "nowhere"])

    assert summed_up([*caught.value.errors]) == [("NOT_FOUND", ("environments", "1"))]


def test_a_selection_comes_with_what_it_refers_to_and_no_more(snapshot: Snapshot):
    document = export_document(snapshot, selection=[snapshot.toggles["child"]])

    assert names(document.toggles) == ["child", "parent"]
    assert names(document.environments) == ["default", "production"]
    assert names(document.projects) == ["shop"]
    assert names(document.toggle_types) == ["release", "experiment"]
    assert names(document.context_fields) == ["country", "plan"]
    assert names(document.tag_types) == ["team"]
    assert document.tags == (Tag("team", "a"), Tag("team", "b"))
    assert names(document.segments) == ["zone"]


def test_a_selection_in_one_environment_refers_to_less(snapshot: Snapshot):
    document = export_document(
        snapshot, selection=[snapshot.toggles["child"]], environments=["production"]
    )

    assert names(document.environments) == ["production"]
    assert document.segments == ()


@pytest.mark.parametrize("format", StateFormat)
def test_the_text_is_read_as_the_document_again(snapshot: Snapshot, format: StateFormat):
    document = export_document(snapshot, exported_at=NOW, archived=True)

    written = WrittenDocument(document, format, NOW)

    assert document_of(parse_content(written.content)) == document
    assert written.content.endswith("\n")
    assert (written.version, written.toggle_count, written.strategy_count) == (1, 4, 2)


def test_equal_configurations_have_equal_texts(snapshot: Snapshot):
    texts = {
        WrittenDocument(export_document(snapshot), StateFormat.YAML, NOW).content for _ in range(2)
    }

    assert len(texts) == 1


def test_json_has_a_line_for_each_object(snapshot: Snapshot):
    written = WrittenDocument(export_document(snapshot, toggles=False), StateFormat.JSON, NOW)

    assert written.content.splitlines() == [
        "{",
        '  "format": "flagstaff",',
        '  "version": 1,',
        '  "strategies": [',
        '    {"name":"mine","title":"mine","description":null,"parameters":[],"deprecated":false},',
        '    {"name":"userWithId","deprecated":true}',
        "  ]",
        "}",
    ]


def test_tokens_actors_and_keys_stay_out(snapshot: Snapshot):
    text = WrittenDocument(export_document(snapshot, archived=True), StateFormat.JSON, NOW).content

    token = next(iter(snapshot.tokens.values()))
    assert not [
        word
        for word in ("hush", token.secret_hash, token.id, "revision", "flagstaff/", "createdBy")
        if word in text
    ]
    assert not [toggle.id for toggle in snapshot.toggles.values() if toggle.id in text]
    assert [*orjson.loads(text)] == [
        "format",
        "version",
        "environments",
        "projects",
        "toggleTypes",
        "contextFields",
        "tagTypes",
        "tags",
        "segments",
        "strategies",
        "toggles",
    ]


@pytest.mark.parametrize(
    ("format", "media_type", "file_name"),
    [
        (StateFormat.JSON, "application/json", "flagstaff-export-2030-01-31.json"),
        (StateFormat.YAML, "application/yaml", "flagstaff-export-2030-01-31.yaml"),
    ],
)
def test_the_name_of_the_file_holds_nothing_but_the_day_in_utc(
    snapshot: Snapshot, format: StateFormat, media_type: str, file_name: str
):
    there = NOW.astimezone(timezone(timedelta(hours=14)))

    written = WrittenDocument(export_document(snapshot), format, there)

    assert (written.media_type, written.file_name) == (media_type, file_name)
