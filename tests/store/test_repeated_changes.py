"""Imports with concurrent writers, which change toggles while the import is prepared."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from store import Store, prepared_work
from store.events import Event, EventType, document_of
from store.model import SYSTEM, Toggle
from store.operations.change_sets import AppliedChanges, revert_change_set
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.fields import ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.tag_types import create_tag_type
from store.operations.tags import change_tags
from store.operations.toggle_environments import (
    add_toggle_strategy,
    configure_toggle,
    set_enabled,
)
from store.operations.toggles import archive_toggle, create_toggle, delete_toggle, update_toggle
from store.prepared_work import PreparedWork
from store.transfer import toggles as toggles_module
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.unit_of_work import UnitOfWork
from store.values import Dependency, Tag
from tests.statements import counted_statements
from tests.store.interrupting import Interrupted
from tests.store.operations.doing import call, carry_out, log
from tests.store.stored import assert_same_configuration, read_again
from tests.store.transfer.documents import state

Import = Callable[[UnitOfWork], Awaitable[AppliedChanges]]
Change = Callable[[UnitOfWork], Awaitable[Any]]

RED, BLUE, GREEN = (Tag("color", value) for value in ("red", "blue", "green"))
ROLLOUT = {"name": "flexibleRollout", "parameters": {"rollout": "50"}, "segments": ["beta"]}
TOGGLES = [
    {"name": "a", "description": "New", "environments": [{"environment": "default"}]},
    {
        "name": "b",
        "tags": [{"type": "color", "value": "blue"}],
        "environments": [{"environment": "default", "enabled": True, "strategies": [ROLLOUT]}],
    },
    {"name": "child", "dependencies": [{"toggle": "parent"}]},
    {"name": "parent"},
    {"name": "same"},
    {"name": "new", "environments": [{"environment": "default", "enabled": True}]},
]
UNLEASH = {
    "version": 4,
    "features": [
        {"name": "a", "description": "New"},
        {"name": "b"},
        {"name": "child", "dependencies": [{"feature": "parent"}]},
        {"name": "parent"},
        {"name": "same"},
        {"name": "new", "stale": True},
    ],
    "featureEnvironments": [
        {"featureName": name, "environment": "default", "enabled": name != "a"}
        for name in ("a", "b", "parent", "same", "new")
    ],
    "featureStrategies": [
        {
            "id": name,
            "featureName": name,
            "environment": "default",
            "projectId": "default",
            "strategyName": "flexibleRollout",
            "parameters": {"rollout": "50"},
        }
        for name in ("b", "new")
    ],
    "environments": [{"name": "default", "type": "production"}],
    "tagTypes": [{"name": "color"}],
    "tags": [{"type": "color", "value": "red"}],
    "featureTags": [
        {"featureName": name, "tagType": "color", "tagValue": "red"} for name in ("b", "new")
    ],
}


def _own(mode: ImportMode) -> Import:
    document = state(toggles=TOGGLES)
    return lambda work: import_state(work, document, mode=mode)


def _unleash(**options: Any) -> Import:
    document = unleash_document_of(UNLEASH)

    async def prepare(work: UnitOfWork) -> AppliedChanges:
        return (await import_unleash(work, document, **options)).made

    return prepare


IMPORTS: dict[str, Import] = {
    "replace-all": _own(ImportMode.REPLACE_ALL),
    "merge": _own(ImportMode.MERGE),
    "keep-existing": _own(ImportMode.KEEP_EXISTING),
    "unleash": _unleash(),
    "unleash-drop": _unleash(drop=True),
    "unleash-keep": _unleash(keep=True),
}


async def fill(work: UnitOfWork) -> None:
    await create_tag_type(work, name="color")
    await create_segment(work, name="beta")
    for name in ("a", "b", "child", "parent", "same", "other", "others-child"):
        await create_toggle(work, name=name, enabled=True)
    await change_tags(work, "a", add=[RED])
    await change_tags(work, "b", add=[BLUE])
    await set_dependencies(work, "others-child", [Dependency("other")])


async def _change_many(work: UnitOfWork) -> None:
    await call(update_toggle, work, "b", description="Newer", stale=True)
    await create_toggle(work, name="new", enabled=True)
    await set_dependencies(work, "same", [Dependency("b")])
    await change_tags(work, "a", remove=[RED])
    await delete_toggle_at_once(work, "child")


async def delete_toggle_at_once(work: UnitOfWork, name: str) -> None:
    await archive_toggle(work, name)
    await delete_toggle(work, name)


CHANGES: dict[str, Change] = {
    "many": _change_many,
    "created": lambda work: create_toggle(work, name="created", enabled=True),
    "created as well": lambda work: create_toggle(work, name="new"),
    "created with new names": lambda work: create_toggle(
        work,
        name="created",
        fields=ToggleFields(project="p", type="t"),
        tags=[GREEN],
        allow_unknown=True,
    ),
    "updated": lambda work: call(update_toggle, work, "a", description="Newer"),
    "became as imported": lambda work: call(update_toggle, work, "a", description="New"),
    "enabled": lambda work: set_enabled(work, "b", environment="default", enabled=False),
    "configured": lambda work: configure_toggle(
        work, "same", environment="default", enabled=False, variants=[]
    ),
    "tagged": lambda work: change_tags(work, "same", add=[BLUE]),
    "untagged": lambda work: change_tags(work, "b", remove=[BLUE]),
    "archived": lambda work: archive_toggle(work, "b"),
    "deleted": lambda work: delete_toggle_at_once(work, "a"),
    "deleted what goes": lambda work: delete_toggle_at_once(work, "others-child"),
    "depends": lambda work: set_dependencies(work, "same", [Dependency("other")]),
    "depends no longer": lambda work: set_dependencies(work, "others-child", []),
    "changed what goes": lambda work: call(update_toggle, work, "other", description="Newer"),
}


async def make(store: Store, change: Change) -> None:
    async with store.write(SYSTEM) as work:
        await change(work)


def exported(store: Store) -> Any:
    """The configuration without times, because times differ between stores."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    document = msgspec.to_builtins(export_document(store.snapshot, exported_at=at, archived=True))
    for toggle in document["toggles"]:
        del toggle["createdAt"]
        for name in ("staleAt", "archivedAt"):
            toggle[name] = toggle.get(name) is not None
    return document


def by_subject(events: list[Event]) -> dict[str, list[tuple[str, str, str]]]:
    """Return type, wire type and summary of each object's events."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for event in events:
        name = event.subject_name if event.change_set_id is None else event.summary
        found[event.toggle_name or name].append((event.type, event.wire_type, event.summary))
    return found


@pytest.mark.sample(12)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("prepare", IMPORTS.values(), ids=IMPORTS)
async def test_an_import_is_as_if_it_had_begun_after_the_changes_of_others(
    store: Store, own_store: Store, prepare: Import, change: Change
):
    for each in (store, own_store):
        await make(each, fill)
    await make(own_store, change)
    expected = await own_store.write_prepared(SYSTEM, prepare)
    interrupted = Interrupted(prepare, lambda: make(store, change))

    made = await store.write_prepared(SYSTEM, interrupted)

    # The preparation runs again if nothing is left to import. It also runs again for names that
    # only the whole import drops.
    drops_names = change is CHANGES["created with new names"] and prepare is IMPORTS["unleash-drop"]
    again = expected.change_set is None or drops_names
    assert len(interrupted.revisions) == (2 if again else 1)
    assert exported(store) == exported(own_store)
    assert_same_configuration(store.snapshot, await read_again(store))
    events = await log(store)
    assert by_subject(events) == by_subject(await log(own_store))
    assert sorted(_summaries(made)) == sorted(_summaries(expected))
    last = {event.toggle_name: event for event in events if event.toggle_name}
    for toggle in store.snapshot.toggles.values():
        stored = last[toggle.name].after
        assert msgspec.convert(stored, Toggle) == toggle
    for event in events:
        before = [each for each in events if each.number < event.number]
        earlier = [each.after for each in before if each.toggle_id == event.toggle_id]
        if event.toggle_id and earlier and earlier[-1] is not None:
            assert event.before == earlier[-1]
    if expected.change_set is not None:
        types = [event.type for event in events][-2:]
        assert types == [EventType.CHANGE_SET_APPLIED, EventType.STATE_IMPORTED]


def _summaries(made: AppliedChanges) -> list[str]:
    return [change.event.summary for change in made.changes if change.event is not None]


async def test_what_is_returned_of_repeated_changes_is_what_is_stored(store: Store):
    await make(store, fill)

    made = await store.write_prepared(
        SYSTEM, Interrupted(IMPORTS["replace-all"], lambda: make(store, _change_many))
    )

    stored = [event for event in await log(store) if event.change_set_id == made.change_set.id]
    returned = [change.event for change in made.changes]
    assert len(returned) == len(stored) - 2
    for event, other in zip(returned, stored, strict=False):
        assert (event.type, event.toggle_name, event.revision, event.created_at) == (
            other.type,
            other.toggle_name,
            other.revision,
            other.created_at,
        )
        encoded = msgspec.json.decode(msgspec.json.encode((event.before, event.after)))
        assert encoded == [other.before, other.after]


async def test_repeated_changes_can_be_undone(store: Store):
    await make(store, fill)
    made = await store.write_prepared(
        SYSTEM, Interrupted(IMPORTS["replace-all"], lambda: make(store, _change_many))
    )

    await carry_out(store, revert_change_set, made.change_set.id)

    assert store.snapshot.toggles.keys() == {
        *("a", "b", "parent", "same", "other", "others-child", "new")
    }
    assert store.snapshot.toggles["b"].description == "Newer"
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_many_small_changes_do_not_prevent_a_replacement(store: Store):
    """Another writer makes a change each time after the import has been prepared."""
    await make(store, fill)
    names = iter(f"created-{number}" for number in range(100))

    async def other() -> None:
        await carry_out(store, create_toggle, name=next(names))

    interrupted = Interrupted(IMPORTS["replace-all"], other, times=100)
    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert store.snapshot.toggles.keys() == {toggle["name"] for toggle in TOGGLES}


async def test_with_the_lock_held_only_toggles_of_others_are_imported_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """The size of the document makes no difference."""
    imported: list[str] = []
    documented = 0
    found: list[tuple[list[str], int, int]] = []
    import_toggle, write = toggles_module.import_toggle, PreparedWork.write_staged

    def noting(context: Any, entry: Any, *arguments: Any, **options: Any) -> None:
        imported.append(entry.name)
        import_toggle(context, entry, *arguments, **options)

    def counting(value: Any) -> Any:
        nonlocal documented
        documented += 1
        return document_of(value)

    async def load(*arguments: Any) -> Any:
        nonlocal documented
        imported.clear()
        documented = 0
        with counted_statements() as statements:
            snapshot = await write(*arguments)
        found.append(([*imported], documented, len(statements)))
        return snapshot

    monkeypatch.setattr(toggles_module, "import_toggle", noting)
    monkeypatch.setattr("store.events.document_of", counting)
    monkeypatch.setattr(PreparedWork, "write_staged", load)
    for count in (10, 400):
        names = [f"toggle-{number:04}" for number in range(count)]

        def replacing(text: str) -> Import:
            toggles = [{"name": name, "description": text} for name in names]  # noqa: B023
            document = state(toggles=toggles)
            return lambda work: import_state(work, document, mode=ImportMode.REPLACE_ALL)

        async def other() -> None:
            await carry_out(store, update_toggle, "toggle-0000", description="Newer")
            await carry_out(store, create_toggle, name="other")

        await store.write_prepared(SYSTEM, replacing("Old"))
        await store.write_prepared(SYSTEM, Interrupted(replacing("New"), other))

    few, many = found[1], found[3]
    assert few == many
    assert few[0] == ["toggle-0000"]


async def test_more_changes_than_may_be_repeated_are_prepared_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    await make(store, fill)
    monkeypatch.setattr(prepared_work, "MAX_REPEATED", 1)

    async def other() -> None:
        await make(store, _change_many)

    interrupted = Interrupted(IMPORTS["replace-all"], other)
    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 2
    assert store.snapshot.toggles.keys() == {toggle["name"] for toggle in TOGGLES}
    assert_same_configuration(store.snapshot, await read_again(store))


async def test_a_repeated_change_that_is_refused_is_refused_as_a_whole(store: Store):
    await make(store, fill)
    document = state(toggles=[{"name": "b", "dependencies": [{"toggle": "other"}]}])

    async def other() -> None:
        await carry_out(store, delete_toggle_at_once, "others-child")
        await carry_out(store, delete_toggle_at_once, "other")

    before = await log(store)
    interrupted = Interrupted(lambda work: import_state(work, document), other)
    with pytest.raises(Exception, match="other"):
        await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert store.snapshot.toggles["b"].dependencies == ()
    assert [event.change_set_id for event in (await log(store))[len(before) :]] == [None] * 4


async def test_others_make_what_an_import_was_to_make(store: Store):
    document = state(toggles=[{"name": "a"}])

    async def other() -> None:
        await carry_out(store, create_toggle, name="a")

    made = await store.write_prepared(
        SYSTEM, Interrupted(lambda work: import_state(work, document), other)
    )

    assert made.change_set is None
    assert [event.type for event in await log(store)][-1] is EventType.TOGGLE_CREATED


async def test_what_an_import_removes_goes_although_others_begin_to_use_it(store: Store):
    await make(store, fill)
    await carry_out(store, create_environment, name="lab")
    document = unleash_document_of({**UNLEASH, "tags": [], "featureTags": [], "segments": []})

    async def prepare(work: UnitOfWork) -> Any:
        return await import_unleash(work, document, drop=True)

    async def other(work: UnitOfWork) -> None:
        (beta,) = work.snapshot.segments
        strategy = StrategySpec(name="default", segments=(beta,))
        for name in ("same", "other"):
            await change_tags(work, name, add=[RED])
            for environment in ("default", "lab"):
                await add_toggle_strategy(work, name, environment=environment, strategy=strategy)

    interrupted = Interrupted(prepare, lambda: make(store, other))
    await store.write_prepared(SYSTEM, interrupted)

    assert len(interrupted.revisions) == 1
    assert (store.snapshot.tags, store.snapshot.segments) == ({}, {})
    assert store.snapshot.environments.keys() == {"default"}
    assert_same_configuration(store.snapshot, await read_again(store))
