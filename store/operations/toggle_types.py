"""Update toggle types."""

from msgspec import UNSET, structs

from store.errors import Problems
from store.events import EventType
from store.model import ToggleType
from store.operations.existing import find
from store.operations.fields import ToggleTypeFields
from store.operations.strings import display
from store.unit_of_work import UnitOfWork

MAX_LIFETIME_DAYS = 36_500


async def update_toggle_type(work: UnitOfWork, name: str, fields: ToggleTypeFields) -> ToggleType:
    """Update the given fields of a toggle type, and mark the toggle type as declared.

    Raises: Refusal.
    """
    toggle_type = find(work.snapshot.toggle_types, name, kind="toggle type")
    lifetime_days = fields.lifetime_days
    if lifetime_days is UNSET:
        return toggle_type
    problems = Problems()
    if lifetime_days is not None and not 1 <= lifetime_days <= MAX_LIFETIME_DAYS:
        problems.invalid(
            f"The lifetime of {lifetime_days:,} days is not between 1 and {MAX_LIFETIME_DAYS:,}.",
            rule="lifetime-range",
            path=("lifetimeDays",),
        )
    problems.raise_any()

    if lifetime_days == toggle_type.lifetime_days:
        return toggle_type
    after = structs.replace(
        toggle_type, lifetime_days=lifetime_days, declared=True, revision=work.revision
    )
    work.put(after)
    work.record(
        EventType.TOGGLE_TYPE_UPDATED,
        subject=after,
        before=toggle_type,
        after=after,
        summary=f"Changed the expected lifetime of toggle type '{display(name)}'.",
    )
    return after
