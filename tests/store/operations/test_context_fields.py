"""Defining, changing and deleting context fields."""

from typing import Any

import pytest

from store import Store
from store.errors import AlreadyExistsError, InUseError, RevisionConflictError
from store.events import EventType
from store.operations.context_fields import (
    create_context_field,
    delete_context_field,
    update_context_field,
)
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggles import archive_toggle, create_toggle
from store.values import Constraint, LegalValue, Variant, VariantOverride
from tests.store.operations.doing import carry_out, document, error_paths, last_event, log, refused

ON_TENANT = Constraint("tenant", "IN", ("one",))


async def test_a_new_context_field_comes_after_the_built_in_ones(store: Store):
    field = await carry_out(
        store,
        create_context_field,
        name="tenant",
        description="Who pays",
        legal_values=[LegalValue("one", "The first"), LegalValue("two")],
        stickiness=True,
    )

    event = await last_event(store)
    assert store.snapshot.context_fields["tenant"] is field
    assert field.legal_values == (LegalValue("one", "The first"), LegalValue("two"))
    assert (field.stickiness, field.built_in, field.sort_order) == (True, False, 10)
    assert (field.created_at, field.revision) == (event.created_at, store.snapshot.revision)
    assert event.type is EventType.CONTEXT_FIELD_CREATED
    assert event.summary == "Defined context field 'tenant'."
    assert (event.before, event.after) == (None, document(field))


async def test_every_error_of_a_context_field_is_reported_at_once(store: Store):
    problems = await error_paths(
        store,
        create_context_field,
        name="a b",
        description="x" * 10_001,
        legal_values=[
            LegalValue("a"),
            LegalValue(""),
            LegalValue("a", "\x00"),
            LegalValue("x" * 101),
        ],
    )

    assert problems == [
        ("name-pattern", ("name",)),
        ("text-length", ("description",)),
        ("text-length", ("legalValues", "1", "value")),
        ("text-characters", ("legalValues", "2", "description")),
        ("legal-values-unique", ("legalValues", "2", "value")),
        ("text-length", ("legalValues", "3", "value")),
    ]


async def test_a_context_field_has_at_most_10000_legal_values(store: Store):
    values = [LegalValue(str(number)) for number in range(10_001)]

    problems = await error_paths(store, create_context_field, name="tenant", legal_values=values)

    assert problems == [("LIMIT_EXCEEDED", ("legalValues",))]


async def test_a_taken_name_is_refused_with_the_field_that_has_it(store: Store):
    [error] = await refused(store, create_context_field, name="userId")

    assert isinstance(error, AlreadyExistsError)
    assert error.existing is store.snapshot.context_fields["userId"]
    assert error.message == "A context field named 'userId' already exists."
    assert error.path == ("name",)


@pytest.mark.parametrize("name", ["tenant", "userId"])
@pytest.mark.parametrize(
    "fields",
    [
        {"description": "new"},
        {"legal_values": (LegalValue("one"),)},
        {"stickiness": True},
        {"sort_order": 3},
    ],
)
async def test_a_context_field_is_changed_in_the_fields_given(
    store: Store, name: str, fields: dict[str, Any]
):
    await carry_out(store, create_context_field, name="tenant")
    before = store.snapshot.context_fields[name]

    after = await carry_out(store, update_context_field, name, **fields)

    event = await last_event(store)
    assert {field: getattr(after, field) for field in fields} == fields
    assert store.snapshot.context_fields[name] is after
    assert after.revision == store.snapshot.revision
    assert event.type is EventType.CONTEXT_FIELD_UPDATED
    assert event.summary == f"Changed context field '{name}'."
    assert (event.before, event.after) == (document(before), document(after))


@pytest.mark.parametrize(
    "fields",
    [{}, {"description": ""}, {"legal_values": []}, {"stickiness": False, "sort_order": 10}],
)
async def test_an_update_that_changes_nothing_is_no_event(store: Store, fields: dict[str, Any]):
    before = await carry_out(store, create_context_field, name="tenant")

    after = await carry_out(store, update_context_field, "tenant", **fields)

    assert after is before
    assert len(await log(store)) == 1


async def test_an_update_is_always_recorded_on_request(store: Store):
    before = await carry_out(store, create_context_field, name="tenant")

    after = await carry_out(
        store, update_context_field, "tenant", stickiness=False, record_always=True
    )

    event = await last_event(store)
    assert after is before
    assert event.type is EventType.CONTEXT_FIELD_UPDATED
    assert event.before == event.after == document(before)


async def test_what_is_always_recorded_distinguishes_missing_from_empty(store: Store):
    await carry_out(store, create_context_field, name="tenant")

    after = await carry_out(
        store, update_context_field, "tenant", description="", record_always=True
    )

    assert after.description == ""


async def test_an_update_reports_every_error_at_once(store: Store):
    [conflict, *others] = await refused(
        store,
        update_context_field,
        "userId",
        description="\x00",
        legal_values=[LegalValue("")],
        sort_order=-1,
        expected_revision=99,
    )

    assert isinstance(conflict, RevisionConflictError)
    assert conflict.current is store.snapshot.context_fields["userId"]
    assert [error.path for error in others] == [
        ("description",),
        ("legalValues", "0", "value"),
        ("sortOrder",),
    ]


@pytest.mark.parametrize("operation", [update_context_field, delete_context_field])
async def test_an_unknown_context_field_is_not_found(store: Store, operation: Any):
    assert await error_paths(store, operation, "no") == [("NOT_FOUND", ("name",))]


async def test_a_context_field_is_deleted(store: Store):
    field = await carry_out(store, create_context_field, name="tenant")

    deleted = await carry_out(store, delete_context_field, "tenant")

    event = await last_event(store)
    assert deleted is field
    assert "tenant" not in store.snapshot.context_fields
    assert event.type is EventType.CONTEXT_FIELD_DELETED
    assert event.summary == "Deleted context field 'tenant'."
    assert (event.before, event.after) == (document(field), None)


async def test_built_in_context_fields_cannot_be_deleted(store: Store):
    for name in list(store.snapshot.context_fields):
        assert await error_paths(store, delete_context_field, name) == [("BUILT_IN", ("name",))]


# Each object that uses the field is next to objects of its kind that do not use the field.
ON_USER = Constraint("userId", "IN", ("1",))
PLAIN = StrategySpec(name="default")
OTHER = Variant("other", 500)
OVERRIDES = tuple(VariantOverride(name, ("one",)) for name in ("userId", "tenant"))
USES: list[dict[str, Any]] = [
    {"strategies": [PLAIN, StrategySpec(name="default", constraints=(ON_USER, ON_TENANT))]},
    {"strategies": [PLAIN, StrategySpec(name="userWithId", parameters={"stickiness": "tenant"})]},
    {
        "strategies": [
            PLAIN,
            StrategySpec(name="default", variants=(Variant("v", 500, stickiness="tenant"), OTHER)),
        ]
    },
    {"variants": [Variant("v", 500, stickiness="tenant"), OTHER]},
    {"variants": [Variant("v", 500, overrides=OVERRIDES), OTHER]},
]


@pytest.mark.parametrize("use", USES)
async def test_a_context_field_that_a_live_toggle_uses_cannot_be_deleted(
    store: Store, use: dict[str, Any]
):
    await carry_out(store, create_context_field, name="tenant")
    await carry_out(store, create_toggle, name="a", **use)

    [error] = await refused(store, delete_context_field, "tenant")
    await carry_out(store, archive_toggle, "a")
    await carry_out(store, delete_context_field, "tenant")

    assert isinstance(error, InUseError)
    assert ([item.name for item in error.used_by], error.count) == (["a"], 1)
    assert error.message == "Context field 'tenant' cannot be deleted: one toggle uses it."
    assert error.path == ("name",)


async def test_toggles_that_do_not_use_a_context_field_do_not_prevent_its_deletion(store: Store):
    await carry_out(store, create_context_field, name="tenant")
    variants = (OTHER, Variant("v", 500, overrides=OVERRIDES[:1]))
    narrow = StrategySpec(name="default", constraints=(ON_USER,), variants=variants)
    for name, strategies in (("a", [PLAIN, narrow]), ("b", [narrow])):
        options: dict[str, Any] = {"strategies": strategies, "variants": list(variants)}
        await carry_out(store, create_toggle, name=name, **options)

    await carry_out(store, delete_context_field, "tenant")

    assert "tenant" not in store.snapshot.context_fields


async def test_a_context_field_that_segments_use_cannot_be_deleted(store: Store):
    await carry_out(store, create_context_field, name="tenant")
    await carry_out(store, create_toggle, name="t", **USES[0])
    for name in ("b", "a"):
        await carry_out(store, create_segment, name=name, constraints=[ON_USER, ON_TENANT])

    [error] = await refused(store, delete_context_field, "tenant")

    assert isinstance(error, InUseError)
    assert [item.name for item in error.used_by] == ["t", "a", "b"]
    assert error.message == (
        "Context field 'tenant' cannot be deleted: one toggle and 2 segments use it."
    )
