"""Changes in a change set are made together or not at all, and can be undone in parts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from store.change_sets import ChangeSetFilter, list_change_sets
from store.clock_skew import utc_now
from store.events import EventType, SubjectKind, document_of
from store.model import SYSTEM, Tag, Toggle
from store.operations.change_sets import (
    MAX_CHANGES,
    AppliedChanges,
    RequestedChange,
    apply_changes,
    revert_change_set,
)
from store.operations.dependencies import set_dependencies
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment, delete_segment, update_segment
from store.operations.tags import change_tags
from store.operations.toggle_environments import configure_toggle, set_enabled
from store.operations.toggle_versions import revert_toggle_to
from store.operations.toggles import (
    archive_toggle,
    create_toggle,
    delete_toggle,
    update_toggle,
)
from store.paging import Window
from store.toggle_versions import list_versions
from store.unit_of_work import UnitOfWork
from store.values import Constraint, Dependency
from tests.store.operations.doing import call, carry_out, error_paths, log, refused

TAG = Tag("simple", "x")


def requested(
    operation: Callable[..., Awaitable[object]], index: int, *arguments: Any, **options: Any
) -> RequestedChange:
    async def make(work: UnitOfWork) -> object:
        return await call(operation, work, *arguments, **options)

    return RequestedChange(
        make=make,
        path=("changes", str(index), "change"),
        type=EventType.TOGGLE_UPDATED,
        subject_kind=SubjectKind.TOGGLE,
        subject_name=str(arguments or options.get("name")),
    )


async def apply(store: Store, *changes: RequestedChange, **options: Any) -> AppliedChanges:
    return await carry_out(store, apply_changes, changes, **options)


def id_of(made: AppliedChanges) -> str:
    assert made.change_set is not None
    return made.change_set.id


def configuration(toggle: Toggle) -> Any:
    """A toggle's document without actors and times."""
    document = document_of(toggle)
    for part in (document, *document["environments"].values()):
        part.pop("revision")
        part.pop("updatedAt")
    return document


async def test_changes_are_one_revision_and_one_change_set(store: Store):
    before = store.snapshot.revision

    made = await apply(
        store,
        requested(create_toggle, 0, name="a"),
        requested(set_enabled, 1, "a", enabled=True),
        comment="Together.",
    )

    assert store.snapshot.revision == before + 1
    assert store.snapshot.toggles["a"].in_environment("default").enabled
    events = await log(store)
    assert [event.type for event in events] == [
        EventType.TOGGLE_CREATED,
        EventType.TOGGLE_ENABLED,
        EventType.CHANGE_SET_APPLIED,
    ]
    assert {event.change_set_id for event in events} == {id_of(made)}


async def test_the_errors_of_all_changes_are_reported_and_nothing_is_stored(store: Store):
    await carry_out(store, create_toggle, name="taken")

    found = await error_paths(
        store,
        apply_changes,
        [
            requested(create_toggle, 0, name="good"),
            requested(create_toggle, 1, name="taken"),
            requested(create_toggle, 2, name="good"),
            requested(archive_toggle, 3, "missing"),
        ],
    )

    assert found == [
        ("ALREADY_EXISTS", ("changes", "1", "change", "name")),
        ("ALREADY_EXISTS", ("changes", "2", "change", "name")),
        ("NOT_FOUND", ("changes", "3", "change", "name")),
    ]


async def test_too_many_changes_are_refused(store: Store):
    changes = [requested(create_toggle, 0, name=f"t{n}") for n in range(MAX_CHANGES + 1)]

    assert await error_paths(store, apply_changes, changes) == [("LIMIT_EXCEEDED", ("changes",))]


async def test_a_dry_run_says_what_would_happen_and_stores_nothing(store: Store):
    before = store.snapshot

    async with store.write(SYSTEM, dry_run=True) as work:
        made = await apply_changes(work, [requested(create_toggle, 0, name="a")])

    assert [change.event.type for change in made.changes if change.event] == [
        EventType.TOGGLE_CREATED
    ]
    assert store.snapshot is before
    assert await log(store) == []


async def test_changes_without_an_effect_make_no_change_set(store: Store):
    await carry_out(store, create_toggle, name="a")
    before = store.snapshot

    made = await apply(store, requested(set_enabled, 0, "a", enabled=False))

    assert made.change_set is None
    assert [change.event for change in made.changes] == [None]
    assert store.snapshot is before


async def test_the_same_key_changes_nothing_again_for_a_day(own_url: str):
    offset = timedelta(0)
    store = await Store.open(own_url, clock=lambda: utc_now() + offset)
    first = await apply(store, requested(create_toggle, 0, name="a"), idempotency_key="key")

    again = await apply(store, requested(create_toggle, 0, name="b"), idempotency_key="key")
    offset = timedelta(days=1, minutes=1)
    later = await apply(store, requested(create_toggle, 0, name="c"), idempotency_key="key")
    await store.close()

    assert again.change_set == first.change_set
    assert [change.event.subject_name for change in again.changes if change.event] == ["a"]
    assert later.change_set != first.change_set
    assert set(store.snapshot.toggles) == {"a", "c"}


@pytest_asyncio.fixture(loop_scope="module")
async def toggle(store: Store) -> Toggle:
    """A toggle with a value in every field."""
    return await carry_out(
        store,
        create_toggle,
        name="a",
        description="before",
        enabled=True,
        strategies=[StrategySpec(name="default", title="first")],
    )


CHANGES: dict[str, tuple[Callable[..., Awaitable[object]], tuple[Any, ...], dict[str, Any]]] = {
    "description": (update_toggle, ("a",), {"description": "after"}),
    "stale": (update_toggle, ("a",), {"stale": True}),
    "switch": (set_enabled, ("a",), {"enabled": False}),
    "strategies": (
        configure_toggle,
        ("a",),
        {"strategies": [StrategySpec(name="userWithId", parameters={"userIds": "1"})]},
    ),
    "archive": (archive_toggle, ("a",), {}),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_undoing_a_change_puts_back_what_was(store: Store, toggle: Toggle, name: str):
    operation, arguments, options = CHANGES[name]
    made = await apply(store, requested(operation, 0, *arguments, **options))

    undone = await carry_out(store, revert_change_set, id_of(made))

    assert undone.change_set is not None
    assert undone.change_set.reverts_id == id_of(made)
    assert configuration(store.snapshot.toggles["a"]) == configuration(toggle)


async def test_undoing_a_creation_deletes_and_undoing_that_brings_it_back(store: Store):
    made = await apply(store, requested(create_toggle, 0, name="new", enabled=True))
    created = store.snapshot.toggles["new"]

    undone = await carry_out(store, revert_change_set, id_of(made))
    gone = "new" not in store.snapshot.toggles
    await carry_out(store, revert_change_set, id_of(undone))

    assert gone
    assert configuration(store.snapshot.toggles["new"]) == configuration(created)


async def test_undoing_leaves_alone_what_others_changed_elsewhere(store: Store, toggle: Toggle):
    made = await apply(store, requested(update_toggle, 0, "a", description="after"))
    await carry_out(store, set_enabled, "a", enabled=False)

    await carry_out(store, revert_change_set, id_of(made))

    restored = store.snapshot.toggles["a"]
    assert restored.description == toggle.description
    assert restored.in_environment("default").enabled is False


async def test_undoing_over_a_later_change_of_the_same_field_needs_force(
    store: Store, toggle: Toggle
):
    made = await apply(store, requested(update_toggle, 0, "a", description="after"))
    await carry_out(store, update_toggle, "a", description="even later")

    refused = await error_paths(store, revert_change_set, id_of(made))
    await carry_out(store, revert_change_set, id_of(made), force=True)

    assert refused == [("REVISION_CONFLICT", ("id",))]
    assert store.snapshot.toggles["a"].description == toggle.description


async def test_a_conflict_shows_the_configuration_or_the_toggle_that_was_changed_since(
    store: Store, toggle: Toggle
):
    specs = [StrategySpec(name="default", title=title) for title in ("after", "even later")]
    made = await apply(
        store,
        requested(update_toggle, 0, "a", description="after"),
        requested(configure_toggle, 1, "a", strategies=specs[:1]),
    )
    displayed: list[object] = []

    await carry_out(store, configure_toggle, "a", strategies=specs[1:])
    [conflict] = await refused(store, revert_change_set, id_of(made))
    displayed.append(getattr(conflict, "current", None))
    await carry_out(store, update_toggle, "a", description="even later")
    [conflict] = await refused(store, revert_change_set, id_of(made))
    displayed.append(getattr(conflict, "current", None))

    changed = store.snapshot.toggles["a"]
    assert displayed == [changed.in_environment("default"), changed]


async def test_a_change_set_is_undone_once(store: Store, toggle: Toggle):
    made = await apply(store, requested(update_toggle, 0, toggle.name, description="after"))
    await carry_out(store, revert_change_set, id_of(made))

    assert await error_paths(store, revert_change_set, id_of(made)) == [("WRONG_STATE", ("id",))]


async def test_an_unknown_change_set_cannot_be_undone(store: Store):
    assert await error_paths(store, revert_change_set, "none") == [("NOT_FOUND", ("id",))]


async def test_a_segment_that_is_gone_cannot_be_put_back_on_a_toggle(store: Store, toggle: Toggle):
    segment = await carry_out(
        store, create_segment, name="s", constraints=[Constraint("country", "IN", ("NO",))]
    )
    await carry_out(
        store,
        configure_toggle,
        toggle.name,
        strategies=[StrategySpec(name="default", segments=(segment.id,))],
    )
    made = await apply(store, requested(configure_toggle, 0, toggle.name, strategies=[]))
    await carry_out(store, delete_segment, segment.id)

    assert await error_paths(store, revert_change_set, id_of(made)) == [("NOT_FOUND", ("id",))]


async def test_a_segment_can_be_deleted_along_with_its_last_use(store: Store, toggle: Toggle):
    old, new = [await carry_out(store, create_segment, name=name) for name in ("old", "new")]
    spec = StrategySpec(name="default", segments=(old.id,))
    await carry_out(store, configure_toggle, toggle.name, strategies=[spec])

    await apply(
        store,
        requested(
            configure_toggle,
            0,
            toggle.name,
            strategies=[StrategySpec(name="default", segments=(new.id,))],
        ),
        requested(delete_segment, 1, old.id),
    )

    (strategy,) = store.snapshot.toggles[toggle.name].in_environment("default").strategies
    assert strategy.segments == (new.id,)
    assert set(store.snapshot.segments) == {new.id}


async def test_segments_that_swapped_names_swap_them_back(store: Store):
    one, two = [await carry_out(store, create_segment, name=name) for name in ("one", "two")]
    made = await apply(
        store,
        requested(update_segment, 0, one.id, name="three"),
        requested(update_segment, 1, two.id, name="one"),
        requested(update_segment, 2, one.id, name="two"),
    )

    await carry_out(store, revert_change_set, id_of(made))

    assert {segment.id: segment.name for segment in store.snapshot.segments.values()} == {
        one.id: "one",
        two.id: "two",
    }


async def test_a_segment_cannot_get_a_name_back_that_another_has_by_now(store: Store):
    segment = await carry_out(store, create_segment, name="old")
    made = await apply(store, requested(update_segment, 0, segment.id, name="new"))
    await carry_out(store, create_segment, name="old")

    assert await error_paths(store, revert_change_set, id_of(made), force=True) == [
        ("ALREADY_EXISTS", ("id",))
    ]


async def test_a_toggle_goes_back_to_any_of_its_versions(store: Store, toggle: Toggle):
    await carry_out(store, update_toggle, "a", description="second", stale=True)
    await carry_out(store, configure_toggle, "a", enabled=False, strategies=[])
    await carry_out(store, archive_toggle, "a")

    restored, made = await carry_out(store, revert_toggle_to, "a", revision=toggle.revision)

    async with store.read() as session:
        versions = (await list_versions(session, [toggle.id], Window(10)))[toggle.id]
        change_sets = await list_change_sets(session, ChangeSetFilter(toggles=["a"]), Window(10))
    assert restored.archived
    assert configuration(restored) | {"archivedAt": None} == configuration(toggle)
    assert [item.event.revision for item in versions.items] == list(
        range(toggle.revision + 4, toggle.revision - 1, -1)
    )
    assert versions.items[-1].toggle == toggle
    assert [item.id for item in change_sets.items] == [id_of(made)]


async def test_a_revision_that_never_touched_the_toggle_is_no_version(store: Store, toggle: Toggle):
    await carry_out(store, create_toggle, name="other")

    for revision in (store.snapshot.revision, 0, -1, 10_000, 2**62):
        assert await error_paths(store, revert_toggle_to, "a", revision=revision) == [
            ("revision-unknown", ("revision",))
        ]
    assert await error_paths(store, revert_toggle_to, "none", revision=1) == [
        ("NOT_FOUND", ("name",))
    ]


async def test_a_deleted_toggle_returns_only_while_its_name_is_free(store: Store, toggle: Toggle):
    await carry_out(store, archive_toggle, "a")
    made = await apply(store, requested(delete_toggle, 0, "a"))
    await carry_out(store, create_toggle, name="a")

    assert await error_paths(store, revert_change_set, id_of(made)) == [("ALREADY_EXISTS", ("id",))]


@pytest.mark.parametrize(
    ("change", "redone"),
    [
        (lambda: requested(set_enabled, 0, "a", enabled=True), EventType.TOGGLE_DISABLED),
        (lambda: requested(set_enabled, 0, "on", enabled=False), EventType.TOGGLE_ENABLED),
        (lambda: requested(configure_toggle, 0, "a", strategies=[]), EventType.TOGGLE_CONFIGURED),
        (lambda: requested(update_toggle, 0, "a", stale=True), EventType.TOGGLE_STALE_OFF),
        (lambda: requested(archive_toggle, 0, "a"), EventType.TOGGLE_REVIVED),
        (lambda: requested(change_tags, 0, "a", add=[TAG]), EventType.TOGGLE_UNTAGGED),
        (lambda: requested(change_tags, 0, "on", remove=[TAG]), EventType.TOGGLE_TAGGED),
        (
            lambda: requested(change_tags, 0, "on", add=[Tag("simple", "y")], remove=[TAG]),
            EventType.TOGGLE_TAGGED,
        ),
        (
            lambda: requested(set_dependencies, 0, "a", [Dependency("on")]),
            EventType.TOGGLE_DEPENDENCIES_UPDATED,
        ),
    ],
)
async def test_the_event_of_an_undone_change_says_what_was_undone(
    store: Store, change: Callable[[], RequestedChange], redone: EventType
):
    await carry_out(store, create_toggle, name="a")
    await carry_out(store, create_toggle, name="on", enabled=True, tags=[TAG])
    before = configuration(store.snapshot.toggles["a"])
    made = await apply(store, change())

    await carry_out(store, revert_change_set, id_of(made))

    assert [event.type for event in await log(store)][-2:] == [
        redone,
        EventType.CHANGE_SET_APPLIED,
    ]
    assert configuration(store.snapshot.toggles["a"]) == before
