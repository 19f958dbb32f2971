"""Changes of context fields."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType, structs

from store.errors import BuiltInError, Problems, refuse
from store.events import EventType
from store.model import ContextField, Toggle
from store.operations.changing import changed_fields
from store.operations.existing import check_free, check_revision, find
from store.operations.limits import (
    LONGEST_CONSTRAINT_VALUE,
    LONGEST_DESCRIPTION,
    MOST_CONSTRAINT_VALUES,
    check_count,
    check_sort_order,
)
from store.operations.names import check_name
from store.operations.text import check_line, check_text, shown
from store.operations.uses import refuse_if_used, strategies_of, toggles_where
from store.unit_of_work import UnitOfWork
from store.values import LegalValue, Variant


async def create_context_field(
    work: UnitOfWork,
    *,
    name: str,
    description: str | None = None,
    legal_values: Sequence[LegalValue] = (),
    stickiness: bool = False,
) -> ContextField:
    """A new context field.

    Raises: Refusal.
    """
    problems = Problems()
    if check_name(name, kind="context field", path=("name",), problems=problems):
        check_free(work.snapshot.context_fields, name, kind="context field", problems=problems)
    _check_fields(description, legal_values, problems)
    problems.raise_any()

    field = ContextField(
        name=name,
        description=description,
        legal_values=tuple(legal_values),
        stickiness=stickiness,
        created_at=work.now,
        revision=work.revision,
    )
    work.put(field)
    work.record(
        EventType.CONTEXT_FIELD_CREATED,
        subject=field,
        after=field,
        summary=f"Defined context field '{name}'.",
    )
    return field


async def update_context_field(
    work: UnitOfWork,
    name: str,
    *,
    description: str | None | UnsetType = UNSET,
    legal_values: Sequence[LegalValue] | UnsetType = UNSET,
    stickiness: bool | UnsetType = UNSET,
    sort_order: int | UnsetType = UNSET,
    expected_revision: int | None = None,
) -> ContextField:
    """The context field, built in or not, with other values in the fields that are given.

    Raises: Refusal.
    """
    field = find(work.snapshot.context_fields, name, kind="context field")
    problems = Problems()
    check_revision(work, field, expected_revision, problems=problems)
    _check_fields(description, legal_values, problems)
    if sort_order is not UNSET:
        check_sort_order(sort_order, problems=problems)
    problems.raise_any()

    changed = changed_fields(
        field,
        {
            "description": description,
            "legal_values": legal_values if legal_values is UNSET else tuple(legal_values),
            "stickiness": stickiness,
            "sort_order": sort_order,
        },
    )
    if not changed:
        return field
    after = structs.replace(field, **changed, revision=work.revision)
    work.put(after)
    work.record(
        EventType.CONTEXT_FIELD_UPDATED,
        subject=after,
        before=field,
        after=after,
        summary=f"Changed context field '{name}'.",
    )
    return after


async def delete_context_field(work: UnitOfWork, name: str) -> ContextField:
    """The context field, which is defined no more.

    Raises: Refusal.
    """
    field = find(work.snapshot.context_fields, name, kind="context field")
    if field.built_in:
        refuse(
            BuiltInError(
                f"Context field '{name}' is built in and cannot be deleted.", path=("name",)
            )
        )
    segments = [
        segment
        for _, segment in sorted(work.snapshot.segments_by_name.items())
        if any(it.context_name == name for it in segment.constraints)
    ]
    toggles = toggles_where(work.snapshot, lambda toggle: _uses(toggle, name), archived=False)
    refuse_if_used(
        f"Context field '{name}'", {"toggle": toggles, "segment": segments}, path=("name",)
    )
    work.remove(field)
    work.record(
        EventType.CONTEXT_FIELD_DELETED,
        subject=field,
        before=field,
        summary=f"Deleted context field '{name}'.",
    )
    return field


def _check_fields(
    description: str | None | UnsetType,
    legal_values: Sequence[LegalValue] | UnsetType,
    problems: Problems,
) -> None:
    check_text(
        description or "",
        what="The description",
        path=("description",),
        problems=problems,
        longest=LONGEST_DESCRIPTION,
    )
    check_count(
        legal_values or (),
        what="legal values",
        path=("legalValues",),
        problems=problems,
        most=MOST_CONSTRAINT_VALUES,
    )
    seen: set[str] = set()
    for at, legal_value in enumerate(legal_values or ()):
        path = ("legalValues", str(at))
        check_line(
            legal_value.value,
            what="The legal value",
            path=(*path, "value"),
            problems=problems,
            shortest=1,
            longest=LONGEST_CONSTRAINT_VALUE,
        )
        check_text(
            legal_value.description,
            what="The description",
            path=(*path, "description"),
            problems=problems,
            longest=LONGEST_DESCRIPTION,
        )
        if legal_value.value in seen:
            problems.invalid(
                f"The legal value '{shown(legal_value.value)}' is there more than once.",
                rule="legal-values-unique",
                path=(*path, "value"),
            )
        seen.add(legal_value.value)


def _uses(toggle: Toggle, name: str) -> bool:
    for configured in toggle.environments.values():
        if any(_picks_by(variant, name) for variant in configured.variants or ()):
            return True
    return any(
        (strategy.parameters or {}).get("stickiness") == name
        or any(constraint.context_name == name for constraint in strategy.constraints or ())
        or any(_picks_by(variant, name) for variant in strategy.variants or ())
        for strategy in strategies_of(toggle)
    )


def _picks_by(variant: Variant, name: str) -> bool:
    return variant.stickiness == name or any(
        override.context_name == name for override in variant.overrides or ()
    )
