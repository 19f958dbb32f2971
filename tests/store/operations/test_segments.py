"""Creating, changing and deleting segments."""

from typing import Any

import pytest

from store import Store
from store.errors import AlreadyExistsError, InUseError, RevisionConflictError
from store.events import EventType
from store.model import ANONYMOUS, SYSTEM
from store.operations.environments import create_environment
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment, delete_segment, update_segment
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Constraint
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused
from tests.store.stored import read_again

ADULTS = Constraint("age", "NUM_GTE", values=("18",))
NORWAY = Constraint("country", "IN", values=("NO",), inverted=False)


async def test_a_new_segment_is_stored_as_sdks_read_it(store: Store):
    segment = await carry_out(
        store,
        create_segment,
        name="Größe, or size 😀",
        description="Who",
        constraints=[ADULTS, NORWAY],
        actor=ANONYMOUS,
    )

    event = await last_event(store)
    assert store.snapshot.segments == {1: segment}
    assert segment.constraints == (
        Constraint("age", "NUM_GTE", values=(), value="18"),
        Constraint("country", "IN", values=("NO",)),
    )
    assert (segment.created_by, segment.created_at) == (ANONYMOUS, event.created_at)
    assert segment.revision == store.snapshot.revision
    assert event.type is EventType.SEGMENT_CREATED
    assert event.summary == "Created segment 'Größe, or size 😀'."
    assert (event.subject_key, event.before, event.after) == ("1", None, document(segment))


async def test_imports_may_bring_unknown_operators_and_keep_defaults(store: Store):
    odd = Constraint("city", "ODD", values=("x",))

    segment = await carry_out(
        store, create_segment, name="s", constraints=[odd, NORWAY], allow_unknown=True
    )

    assert segment.constraints == (odd, NORWAY)


async def test_the_number_of_a_deleted_segment_is_not_given_out_again(store: Store):
    first = await carry_out(store, create_segment, name="first")
    await carry_out(store, delete_segment, first.id)
    async with store.write(SYSTEM) as work:
        second = await create_segment(work, name="second")
        await delete_segment(work, second.id)

        third = await create_segment(work, name="third")

    assert (first.id, second.id, third.id) == (1, 2, 3)
    assert set(store.snapshot.segments) == {3}


async def test_every_error_of_a_segment_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        create_segment,
        name="",
        description="\x00",
        constraints=[Constraint("age", "NUM_GT", ("x",)), Constraint("", "ODD")],
    )

    assert problems == [
        ("text-length", ("name",)),
        ("text-characters", ("description",)),
        ("constraint-number", ("constraints", "0", "values", "0")),
        ("text-length", ("constraints", "1", "contextName")),
        ("constraint-operator", ("constraints", "1", "operator")),
    ]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "x" * 101}, ("text-length", ("name",))),
        ({"name": "a\nb"}, ("text-characters", ("name",))),
        ({"description": "x" * 10_001}, ("text-length", ("description",))),
        ({"constraints": [NORWAY] * 501}, ("LIMIT_EXCEEDED", ("constraints",))),
    ],
)
async def test_a_segment_that_breaks_a_rule_is_refused(
    store: Store, fields: dict[str, Any], problem: Any
):
    segment = await carry_out(store, create_segment, name="s")

    assert await error_paths(store, create_segment, **{"name": "new", **fields}) == [problem]
    assert await error_paths(store, update_segment, segment.id, **fields) == [problem]


async def test_a_taken_name_is_refused_with_the_segment_that_has_it(store: Store):
    taken = await carry_out(store, create_segment, name="taken")
    other = await carry_out(store, create_segment, name="other")

    [created] = await refused(store, create_segment, name="taken")
    [renamed] = await refused(store, update_segment, other.id, name="taken")

    for error in (created, renamed):
        assert isinstance(error, AlreadyExistsError)
        assert error.existing is taken
        assert error.message == "A segment named 'taken' already exists."
        assert error.path == ("name",)


async def test_names_may_change_hands_in_one_transaction(store: Store):
    a = await carry_out(store, create_segment, name="a")
    b = await carry_out(store, create_segment, name="b")

    async with store.write(SYSTEM) as work:
        await update_segment(work, a.id, name="c")
        await update_segment(work, b.id, name="a")
        await update_segment(work, a.id, name="b")
    async with store.write(SYSTEM) as work:
        await update_segment(work, a.id, name="d")
        await create_segment(work, name="b")

    stored = await read_again(store)
    names = {key: segment.name for key, segment in stored.segments.items()}
    assert names == {1: "d", 2: "a", 3: "b"}


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "new"},
        {"description": "new"},
        {"constraints": (Constraint("country", "IN", ("NO",)),)},
        {"constraints": ()},
    ],
)
async def test_a_segment_is_changed_in_the_fields_given(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_segment, name="old", constraints=[ADULTS])

    after = await carry_out(store, update_segment, before.id, **fields)

    event = await last_event(store)
    assert {field: getattr(after, field) for field in fields} == fields
    assert store.snapshot.segments[before.id] is after
    assert after.revision == store.snapshot.revision
    assert after.created_at == before.created_at
    assert event.type is EventType.SEGMENT_UPDATED
    assert event.summary == f"Changed segment '{after.name}'."
    assert (event.before, event.after) == (document(before), document(after))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "s"},
        {"description": ""},
        {"constraints": [ADULTS, NORWAY]},
    ],
)
async def test_an_update_that_changes_nothing_is_no_event(store: Store, fields: dict[str, Any]):
    before = await carry_out(
        store, create_segment, name="s", constraints=[ADULTS, NORWAY], allow_unknown=True
    )

    after = await carry_out(store, update_segment, before.id, **fields)

    assert after is before
    assert len(await log(store)) == 1


async def test_a_change_is_served_in_every_environment(store: Store):
    await carry_out(store, create_environment, name="production")
    segment = await carry_out(store, create_segment, name="s")

    await carry_out(store, update_segment, segment.id, constraints=[ADULTS])

    served = {environment.served_revision for environment in store.snapshot.environments.values()}
    assert served == {store.snapshot.revision}


async def test_an_update_of_another_revision_conflicts(store: Store):
    segment = await carry_out(store, create_segment, name="s")

    [error] = await refused(store, update_segment, segment.id, name="x", expected_revision=99)

    assert isinstance(error, RevisionConflictError)
    assert (error.current, error.path) == (segment, ("expectedRevision",))


@pytest.mark.parametrize("operation", [update_segment, delete_segment])
async def test_an_unknown_segment_is_not_found(store: Store, operation: Any):
    assert await error_paths(store, operation, 7) == [("NOT_FOUND", ("id",))]


async def test_a_segment_is_deleted(store: Store):
    segment = await carry_out(store, create_segment, name="s")

    deleted = await carry_out(store, delete_segment, segment.id)

    event = await last_event(store)
    assert deleted is segment
    assert store.snapshot.segments == {}
    assert event.type is EventType.SEGMENT_DELETED
    assert event.summary == "Deleted segment 's'."
    assert (event.before, event.after) == (document(segment), None)


async def test_a_segment_that_toggles_use_cannot_be_deleted(store: Store):
    segment = await carry_out(store, create_segment, name="s")
    spec = StrategySpec(name="default", segments=(segment.id,))
    for name in ("b", "a"):
        await carry_out(store, create_toggle, name=name, strategies=[spec])
    await carry_out(store, archive_toggle, "a")

    [error] = await refused(store, delete_segment, segment.id)
    await carry_out(store, configure_toggle, "b", strategies=[])
    [still] = await refused(store, delete_segment, segment.id)

    assert isinstance(error, InUseError)
    assert ([item.name for item in error.used_by], error.count) == (["b", "a"], 2)
    assert error.message == "Segment 's' cannot be deleted: 2 toggles use it."
    assert error.path == ("id",)
    assert still.message == "Segment 's' cannot be deleted: one toggle uses it."
