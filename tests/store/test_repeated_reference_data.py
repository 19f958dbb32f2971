"""Other writers change reference data while a large change is being prepared.

Reference data are all objects except toggles. Two kinds of changes are repeated: changes of
reference data, and changes of toggles that refer to deleted objects.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from store import Store, prepared_work, staging
from store.errors import Refusal, StoreUnavailableError
from store.events import EventType
from store.model import SYSTEM, EnvironmentType, Tag
from store.operations.change_sets import revert_change_set
from store.operations.context_fields import create_context_field, update_context_field
from store.operations.environments import (
    create_environment,
    delete_environment,
    update_environment,
)
from store.operations.projects import create_project
from store.operations.segments import create_segment, delete_segment, update_segment
from store.operations.strategies import create_strategy, delete_strategy
from store.operations.tag_types import create_tag_type
from store.operations.tags import create_tag
from store.operations.toggles import create_toggle
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.unit_of_work import UnitOfWork
from store.writing import MAX_PREPARATIONS
from tests.store.interrupting import Interrupted, Prepare, importing
from tests.store.operations.doing import carry_out, log
from tests.store.stored import assert_same_configuration, read_again
from tests.store.test_import_round_trip import DOCUMENT
from tests.store.transfer import documents
from tests.store.transfer.documents import state

Other: TypeAlias = Callable[[Store], Awaitable[object]]

_UNLEASH: dict[str, Any] = {
    "version": 4,
    "environments": [{"name": "lab", "type": "test", "enabled": True}],
    "segments": [{"id": 7, "name": "adults", "constraints": []}],
    "strategies": [{"name": "mine", "parameters": []}],
    "projects": [{"id": "shop", "name": "Shop"}],
    "tagTypes": [{"name": "team"}],
    "tags": [{"type": "team", "value": "x"}, {"type": "simple", "value": "y"}],
    "features": [{"name": "a", "project": "shop"}, {"name": "b", "type": "own type"}],
    "featureTags": [{"featureName": "a", "tagType": "team", "tagValue": "x"}],
    "featureEnvironments": [{"featureName": "a", "environment": "lab", "enabled": True}],
    "featureStrategies": [
        {
            "id": "1",
            "featureName": "a",
            "environment": "lab",
            "projectId": "shop",
            "strategyName": "mine",
        }
    ],
    "featureStrategySegments": [{"featureStrategyId": "1", "segmentId": 7}],
}


async def _existing(store: Store) -> None:
    """Create objects that other writers change later."""
    await carry_out(store, create_segment, name="another", description="Old")
    await carry_out(store, create_segment, name="unused")
    await carry_out(store, create_context_field, name="existing")
    await carry_out(store, create_strategy, name="existing")
    await carry_out(store, create_environment, name="existing")
    await carry_out(store, create_toggle, name="old")


def _id_of(store: Store, segment: str) -> int:
    return store.snapshot.segments_by_name[segment].id


# These changes of other writers concern objects in the documents, and further objects.
_OTHERS: dict[str, Other] = {
    "a new segment": lambda store: carry_out(store, create_segment, name="s"),
    "a segment of the document": lambda store: carry_out(
        store, create_segment, name="two words", description="Theirs"
    ),
    "a segment with the same name": lambda store: carry_out(store, create_segment, name="adults"),
    "a changed segment": lambda store: carry_out(
        store, update_segment, _id_of(store, "another"), description="Theirs"
    ),
    "a renamed segment": lambda store: carry_out(
        store, update_segment, _id_of(store, "another"), name="renamed"
    ),
    "a deleted segment": lambda store: carry_out(store, delete_segment, _id_of(store, "another")),
    "an unrelated deleted segment": lambda store: carry_out(
        store, delete_segment, _id_of(store, "unused")
    ),
    "a new strategy": lambda store: carry_out(store, create_strategy, name="mine"),
    "a deleted strategy": lambda store: carry_out(store, delete_strategy, "existing"),
    "a new context field": lambda store: carry_out(store, create_context_field, name="plan"),
    "a changed context field": lambda store: carry_out(
        store, update_context_field, "existing", description="Theirs"
    ),
    "an environment of the document": lambda store: carry_out(
        store, create_environment, name="lab"
    ),
    "a new environment": lambda store: carry_out(store, create_environment, name="theirs"),
    "a changed environment": lambda store: carry_out(
        store, update_environment, "default", type=EnvironmentType.TEST, sort_order=5
    ),
    "a deleted environment": lambda store: carry_out(store, delete_environment, "existing"),
    "a new project": lambda store: carry_out(store, create_project, name="shop", title="Theirs"),
    "a new toggle type": lambda store: carry_out(
        store, create_toggle, name="theirs", type="own type", allow_unknown=True
    ),
    "a new tag type": lambda store: carry_out(store, create_tag_type, name="team"),
    "a new tag": lambda store: _with_new_tag(store),
}


async def _with_new_tag(store: Store) -> None:
    await carry_out(store, create_tag_type, name="team")
    await carry_out(store, create_tag, Tag("team", "größe"))
    await carry_out(store, create_tag, Tag("team", "x"))


def _own(mode: ImportMode) -> Prepare:
    async def prepare(work: UnitOfWork) -> Any:
        return await import_state(work, documents.document_of(DOCUMENT), mode=mode)

    return prepare


def _unleash(*, keep: bool) -> Prepare:
    async def prepare(work: UnitOfWork) -> Any:
        return await import_unleash(work, unleash_document_of(_UNLEASH), keep=keep)

    return prepare


_PREPARATIONS = {
    "merge": _own(ImportMode.MERGE),
    "keep": _own(ImportMode.KEEP_EXISTING),
    "replace": _own(ImportMode.REPLACE_ALL),
    "unleash": _unleash(keep=False),
    "unleash, keep": _unleash(keep=True),
}


def _exported(store: Store) -> Any:
    document = export_document(
        store.snapshot, exported_at=datetime(2030, 1, 1, tzinfo=UTC), archived=True
    )
    exported = msgspec.to_builtins(document)
    for toggle in exported["toggles"]:
        del toggle["createdAt"]
    return exported


@pytest.mark.sample(12)
@pytest.mark.parametrize("other", _OTHERS.values(), ids=_OTHERS.keys())
@pytest.mark.parametrize("prepare", _PREPARATIONS.values(), ids=_PREPARATIONS.keys())
async def test_an_import_is_prepared_once_and_overwrites_what_others_changed(
    store: Store, own_store: Store, prepare: Prepare, other: Other
):
    for each in (store, own_store):
        await _existing(each)
    await other(own_store)
    await own_store.write_prepared(SYSTEM, prepare)
    interrupted = Interrupted(prepare, lambda: other(store))

    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert _exported(store) == _exported(own_store)
    assert_same_configuration(store.snapshot, await read_again(store))
    served = {item.served_revision for item in own_store.snapshot.environments.values()}
    if served == {own_store.snapshot.revision}:
        served = {item.served_revision for item in store.snapshot.environments.values()}
        assert served == {store.snapshot.revision}


async def test_the_events_are_those_of_an_import_after_the_others(store: Store, own_store: Store):
    async def other(which: Store) -> None:
        await carry_out(which, create_segment, name="two words", description="Theirs")

    async def reported(which: Store) -> list[tuple[EventType, str]]:
        """The sorted events of the log. Their order varies, because the key of the import is
        random.
        """
        return sorted((item.type, item.summary) for item in await log(which))

    prepare = _own(ImportMode.MERGE)
    await other(own_store)
    await own_store.write_prepared(SYSTEM, prepare)

    made = await store.write_prepared(SYSTEM, Interrupted(prepare, lambda: other(store)))

    assert await reported(store) == await reported(own_store)
    events = await log(store)
    assert [item.created_at for item in events] == sorted(item.created_at for item in events)
    of_import = [item for item in events if item.change_set_id == made.change_set.id]
    assert {item.revision for item in of_import} == {store.snapshot.revision}
    # A summary ends the events of an import.
    assert [item.type for item in of_import[-2:]] == [
        EventType.CHANGE_SET_APPLIED,
        EventType.STATE_IMPORTED,
    ]
    assert sorted(item.subject_key for item in of_import[:-2]) == sorted(
        change.event.subject_key for change in made.changes
    )


async def test_a_toggle_whose_environment_is_gone_is_refused(store: Store):
    await carry_out(store, create_environment, name="lab")
    document = state(
        toggles=[{"name": "a", "environments": [{"environment": "lab"}]}, {"name": "b"}]
    )

    async def other() -> None:
        await carry_out(store, delete_environment, "lab")

    interrupted = Interrupted(lambda work: import_state(work, document), other)
    with pytest.raises(Refusal, match="No environment is named 'lab'"):
        await store.write_prepared(SYSTEM, interrupted)

    assert not store.snapshot.toggles
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_toggles_follow_the_new_id_of_a_segment(store: Store):
    """If another segment has taken the ID, the segment of the document gets the next ID."""
    toggle = {
        "name": "a",
        "environments": [
            {"environment": "default", "strategies": [{"name": "default", "segments": ["mine"]}]}
        ],
    }
    document = state(segments=[{"name": "mine"}], toggles=[toggle, {"name": "b"}])

    async def other() -> None:
        await carry_out(store, create_segment, name="theirs")

    interrupted = Interrupted(lambda work: import_state(work, document), other)
    await store.write_prepared(SYSTEM, interrupted)

    (strategy,) = store.snapshot.toggles["a"].environments["default"].strategies
    assert len(interrupted.revisions) == 1
    assert strategy.segments == (_id_of(store, "mine"),)
    assert _id_of(store, "mine") > _id_of(store, "theirs")
    assert_same_configuration(store.snapshot, await read_again(store))


@pytest.mark.parametrize("may_stage", [True, False])
async def test_toggles_that_others_changed_too_are_repeated(
    store: Store, monkeypatch: pytest.MonkeyPatch, may_stage: bool
):
    """A PostgreSQL role may be forbidden to make temporary tables."""

    async def may(_: AsyncConnection) -> bool:
        return may_stage

    monkeypatch.setattr(staging, "_may_make_tables", may)
    document = state(
        segments=[{"name": "mine"}],
        toggles=[{"name": name, "description": "Ours"} for name in ("a", "b")],
    )

    async def other() -> None:
        await carry_out(store, create_segment, name="mine", description="Theirs")
        await carry_out(store, create_toggle, name="a", project="theirs", allow_unknown=True)

    interrupted = Interrupted(lambda work: import_state(work, document), other)
    made = await store.write_prepared(SYSTEM, interrupted)

    toggles = store.snapshot.toggles
    assert len(interrupted.revisions) == 1
    assert (toggles["a"].description, toggles["a"].project) == ("Ours", "theirs")
    assert store.snapshot.segments_by_name["mine"].description == "Theirs"
    assert sorted(change.event.subject_name for change in made.changes) == ["a", "b"]
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_an_import_whose_reference_data_was_repeated_can_be_undone(store: Store):
    async def other() -> None:
        await carry_out(store, create_segment, name="theirs")

    prepare = _own(ImportMode.MERGE)
    made = await store.write_prepared(SYSTEM, Interrupted(prepare, other))

    await carry_out(store, revert_change_set, made.change_set.id)

    assert not store.snapshot.toggles
    assert store.snapshot.segments_by_name.keys() == {"theirs"}
    assert "lab" not in store.snapshot.environments
    assert_same_configuration(store.snapshot, await read_again(store))


@pytest.mark.parametrize("repeats", ["too many", "impossible"])
async def test_a_change_is_refused_in_the_end_and_never_prepared_with_the_lock_held(
    store: Store, monkeypatch: pytest.MonkeyPatch, repeats: str
):
    if repeats == "too many":
        monkeypatch.setattr(prepared_work, "MAX_REPEATED_REFERENCE_DATA", -1)
    names = iter("ABCDEFGH")

    async def prepare(work: UnitOfWork) -> Any:
        if repeats == "too many":
            return await importing("a")(work)
        return await import_unleash(work, unleash_document_of(_UNLEASH), drop=True)

    async def other() -> None:
        await carry_out(store, create_segment, name=next(names))

    interrupted = Interrupted(prepare, other, times=MAX_PREPARATIONS)
    with pytest.raises(StoreUnavailableError, match="Others changed the same objects"):
        await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == MAX_PREPARATIONS
    assert store.snapshot.segments_by_name.keys() == {*"ABCDEFGH"[:MAX_PREPARATIONS]}
    assert not store.snapshot.toggles
    assert_same_configuration(store.snapshot, await read_again(store))
