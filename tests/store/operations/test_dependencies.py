"""Dependencies between toggles."""

from itertools import pairwise

import pytest
from msgspec import structs

from store import Store
from store.errors import RevisionConflictError
from store.events import EventType
from store.model import SYSTEM
from store.operations.dependencies import set_dependencies
from store.operations.toggles import archive_toggle, create_toggle, delete_toggle
from store.operations.uses import dependents_of
from store.values import Dependency
from tests.store.conftest import Filled
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused
from tests.store.stored import read_again


async def furnish(store: Store) -> None:
    """Create the toggles `a` to `d`."""
    for name in "abcd":
        await carry_out(store, create_toggle, name=name)


@pytest.fixture(scope="module")
def beginning(beginning: str, filled: Filled) -> str:
    """A database with the objects of `furnish`."""
    return filled(beginning, furnish)


async def depend(store: Store, *names: str) -> None:
    """Make each toggle depend on the next one. Only imports can create such chains."""
    async with store.write(SYSTEM) as work:
        for name, parent in pairwise(names):
            toggle = work.snapshot.toggles[name]
            after = structs.replace(
                toggle, dependencies=(Dependency(parent),), revision=work.revision
            )
            work.put(after)
            work.record(
                EventType.TOGGLE_DEPENDENCIES_UPDATED,
                subject=after,
                before=toggle,
                after=after,
                summary=f"Imported toggle '{name}'.",
            )


async def test_a_toggle_depends_on_what_is_given_and_nothing_else(store: Store):
    before = await carry_out(store, set_dependencies, "a", [Dependency("d")])

    after = await carry_out(
        store,
        set_dependencies,
        "a",
        [Dependency("c", enabled=False), Dependency("b", variants=("x", "y", "x"))],
        expected_revision=before.revision,
    )

    event = await last_event(store)
    assert store.snapshot.toggles["a"] is after
    assert after.dependencies == (
        Dependency("c", enabled=False),
        Dependency("b", variants=("x", "y")),
    )
    assert (after.revision, after.updated_at) == (store.snapshot.revision, event.created_at)
    assert event.type is EventType.TOGGLE_DEPENDENCIES_UPDATED
    assert event.summary == "Changed the dependencies of toggle 'a'."
    assert (event.before, event.after) == (document(before), document(after))


async def test_dependencies_are_given_up(store: Store):
    await carry_out(store, set_dependencies, "a", [Dependency("b")])

    after = await carry_out(store, set_dependencies, "a", [])

    assert after.dependencies == ()


async def test_the_same_dependencies_again_are_no_event(store: Store):
    before = await carry_out(store, set_dependencies, "a", [Dependency("b")])
    await carry_out(store, archive_toggle, "b")
    events = len(await log(store))

    after = await carry_out(store, set_dependencies, "a", [Dependency("b")])

    assert after is before
    assert len(await log(store)) == events


async def test_every_error_is_reported_at_once(store: Store):
    await carry_out(store, archive_toggle, "d")

    problems = await error_paths(
        store,
        set_dependencies,
        "a",
        [
            Dependency("no"),
            Dependency("d"),
            Dependency("a"),
            Dependency("b", variants=("", "x" * 101, "fine")),
            Dependency("b"),
        ],
        expected_revision=99,
    )

    assert problems == [
        ("REVISION_CONFLICT", ("expectedRevision",)),
        ("NOT_FOUND", ("dependencies", "0", "toggle")),
        ("WRONG_STATE", ("dependencies", "1", "toggle")),
        ("dependency-itself", ("dependencies", "2", "toggle")),
        ("text-length", ("dependencies", "3", "variants", "0")),
        ("text-length", ("dependencies", "3", "variants", "1")),
        ("dependencies-unique", ("dependencies", "4", "toggle")),
    ]


async def test_a_cycle_is_refused_and_displayed(store: Store):
    await depend(store, "b", "c", "d")

    [error] = await refused(store, set_dependencies, "d", [Dependency("b")])

    assert getattr(error, "rule", "") == "dependency-cycle"
    assert error.message == "Toggle 'd' would depend on itself: d → b → c → d."
    assert error.path == ("dependencies", "0", "toggle")


async def test_a_long_cycle_is_displayed_in_part(store: Store):
    names = [f"t{number:02}" for number in range(20)]
    async with store.write(SYSTEM) as work:
        for name in names:
            await create_toggle(work, name=name)
    await depend(store, *names)

    [error] = await refused(store, set_dependencies, "t19", [Dependency("t00")])

    assert error.message == (
        "Toggle 't19' would depend on itself: "
        "t19 → t00 → t01 → t02 → t03 → t04 → t05 → t06 → … → t19."
    )


async def test_sdks_follow_dependencies_one_step_only(store: Store):
    await depend(store, "b", "c")

    below = await error_paths(store, set_dependencies, "a", [Dependency("d"), Dependency("b")])
    above = await error_paths(store, set_dependencies, "c", [Dependency("a")])

    assert below == [("dependency-depth", ("dependencies", "1", "toggle"))]
    assert above == [("dependency-depth", ("dependencies",))]


async def test_archived_toggles_do_not_prevent_a_toggle_from_depending_on_others(store: Store):
    await depend(store, "b", "c")
    await carry_out(store, archive_toggle, "b")

    after = await carry_out(store, set_dependencies, "c", [Dependency("a")])

    assert after.dependencies == (Dependency("a"),)


async def test_deeper_dependencies_are_read_back(store: Store):
    await depend(store, "a", "b", "c", "d")

    assert (await read_again(store)).toggles == store.snapshot.toggles


async def test_a_toggle_has_at_most_500_dependencies(store: Store):
    [error] = [
        error
        for error in await refused(store, set_dependencies, "a", [Dependency("b")] * 501)
        if error.code == "LIMIT_EXCEEDED"
    ]

    assert error.path == ("dependencies",)


async def test_only_live_toggles_can_depend_on_others(store: Store):
    await carry_out(store, archive_toggle, "a")

    archived = await error_paths(store, set_dependencies, "a", [Dependency("b")])
    unknown = await error_paths(store, set_dependencies, "no", [Dependency("b")])

    assert archived == [("WRONG_STATE", ("name",))]
    assert unknown == [("NOT_FOUND", ("name",))]


async def test_a_change_of_another_revision_conflicts(store: Store):
    [error] = await refused(store, set_dependencies, "a", [Dependency("b")], expected_revision=99)

    assert isinstance(error, RevisionConflictError)
    assert error.current is store.snapshot.toggles["a"]


async def test_a_transaction_sees_the_dependencies_that_it_changed_itself(store: Store):
    async with store.write(SYSTEM) as work:
        a, b = (work.snapshot.toggles[name] for name in "ab")
        seen = [dependents_of(work.snapshot, b, archived=False)]
        await set_dependencies(work, "a", [Dependency("b")])
        seen.append(dependents_of(work.snapshot, b, archived=False))
        dependents = work.snapshot.all_dependents
        work.remove(work.snapshot.toggles["c"])
        # Deleting thousands of toggles does not search all toggles for each deleted toggle.
        assert work.snapshot.all_dependents is dependents
        work.remove(work.snapshot.toggles["a"])
        seen.append(dependents_of(work.snapshot, b, archived=False))

    assert [[item.id for item in found] for found in seen] == [[], [a.id], []]


async def test_a_toggle_that_others_depend_on_goes_after_them(store: Store):
    await depend(store, "a", "b")
    for name in "ab":
        await carry_out(store, archive_toggle, name)

    assert await error_paths(store, delete_toggle, "b") == [("IN_USE", ("name",))]
    await carry_out(store, delete_toggle, "a")
    await carry_out(store, delete_toggle, "b")

    assert set(store.snapshot.toggles) == {"c", "d"}
