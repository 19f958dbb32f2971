"""Create, update and delete context fields."""

from msgspec import UNSET

from store.errors import Problems
from store.events import EventType
from store.model import ContextField, Toggle
from store.operations.changing import changed_fields, create_object, delete_object, update_object
from store.operations.existing import check_free, check_revision, find
from store.operations.fields import ContextFieldFields, given_fields
from store.operations.limits import (
    MAX_CONSTRAINT_VALUE_LENGTH,
    MAX_CONSTRAINT_VALUES,
    check_count,
    check_sort_order,
)
from store.operations.names import check_name
from store.operations.strings import check_description, check_line, display
from store.operations.uses import (
    refuse_if_built_in,
    refuse_if_used,
    strategies_of,
    toggles_where,
    users_since,
)
from store.unit_of_work import UnitOfWork
from store.values import Variant


async def create_context_field(
    work: UnitOfWork,
    *,
    name: str,
    fields: ContextFieldFields = ContextFieldFields(),
) -> ContextField:
    """Create a context field.

    Raises: Refusal.
    """
    problems = Problems()
    if check_name(name, kind="context field", path=("name",), problems=problems):
        check_free(work.snapshot.context_fields, name, kind="context field", problems=problems)
    _check_fields(fields, problems)
    problems.raise_any()

    field = ContextField(
        name=name,
        **given_fields(ContextFieldFields, fields),
        created_at=work.now,
        revision=work.revision,
    )
    return create_object(
        work, field, EventType.CONTEXT_FIELD_CREATED, summary=f"Defined context field '{name}'."
    )


async def update_context_field(
    work: UnitOfWork,
    name: str,
    fields: ContextFieldFields,
    *,
    expected_revision: int | None = None,
    record_always: bool = False,
) -> ContextField:
    """Update the given fields of a context field, which may be built in.

    With `record_always`, an event is recorded even if no field changes. A missing description then
    differs from an empty description.

    Raises: Refusal.
    """
    field = find(work.snapshot.context_fields, name, kind="context field")
    problems = Problems()
    check_revision(work, field, expected_revision, problems=problems)
    _check_fields(fields, problems)
    problems.raise_any()

    changed = changed_fields(field, given_fields(ContextFieldFields, fields), exact=record_always)
    return update_object(
        work,
        field,
        changed,
        EventType.CONTEXT_FIELD_UPDATED,
        summary=f"Changed context field '{name}'.",
        record_always=record_always,
    )


async def delete_context_field(
    work: UnitOfWork, name: str, *, created_at: int | None = None
) -> ContextField:
    """Delete a context field. To undo its creation, give the revision `created_at` (`users_since`).

    Raises: Refusal: for example, if live toggles or segments use the field.
    """
    field = find(work.snapshot.context_fields, name, kind="context field")
    refuse_if_built_in(f"Context field '{name}'", built_in=field.built_in)
    segments = [
        segment
        for _, segment in sorted(work.snapshot.segments_by_name.items())
        if any(constraint.context_name == name for constraint in segment.constraints)
    ]
    toggles = toggles_where(work.snapshot, lambda toggle: _uses(toggle, name), archived=False)
    users = {
        "toggle": users_since(work, toggles, created_at),
        "segment": users_since(work, segments, created_at),
    }
    refuse_if_used(f"Context field '{name}'", users, path=("name",))
    return delete_object(
        work, field, EventType.CONTEXT_FIELD_DELETED, summary=f"Deleted context field '{name}'."
    )


def _check_fields(fields: ContextFieldFields, problems: Problems) -> None:
    check_description(fields.description or "", path=("description",), problems=problems)
    legal_values = fields.legal_values or ()
    check_count(
        legal_values,
        what="legal values",
        path=("legalValues",),
        problems=problems,
        maximum=MAX_CONSTRAINT_VALUES,
    )
    seen: set[str] = set()
    for index, legal_value in enumerate(legal_values):
        path = ("legalValues", str(index))
        check_line(
            legal_value.value,
            what="The legal value",
            path=(*path, "value"),
            problems=problems,
            min_length=1,
            max_length=MAX_CONSTRAINT_VALUE_LENGTH,
        )
        check_description(legal_value.description, path=(*path, "description"), problems=problems)
        if legal_value.value in seen:
            problems.invalid(
                f"The legal value '{display(legal_value.value)}' occurs more than once.",
                rule="legal-values-unique",
                path=(*path, "value"),
            )
        seen.add(legal_value.value)
    if fields.sort_order is not UNSET:
        check_sort_order(fields.sort_order, problems=problems)


def _uses(toggle: Toggle, name: str) -> bool:
    for configured in toggle.environments.values():
        if any(_variant_uses(variant, name) for variant in configured.variants or ()):
            return True
    return any(
        (strategy.parameters or {}).get("stickiness") == name
        or any(constraint.context_name == name for constraint in strategy.constraints or ())
        or any(_variant_uses(variant, name) for variant in strategy.variants or ())
        for strategy in strategies_of(toggle)
    )


def _variant_uses(variant: Variant, name: str) -> bool:
    return variant.stickiness == name or any(
        override.context_name == name for override in variant.overrides or ()
    )
