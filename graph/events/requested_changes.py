"""Convert each mutation in the input of a change set to a requested change."""

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from graph.events.change_input import ChangeInput
from graph.payload import ChangeMember
from store import Snapshot
from store.errors import InvalidError, refuse
from store.events import EventType
from store.operations.change_sets import RequestedChange
from store.unit_of_work import UnitOfWork


def requested_changes(inputs: Sequence[ChangeInput], snapshot: Snapshot) -> list[RequestedChange]:
    """Return the requested changes in order. `snapshot` is used to find names by ID."""
    return [_requested(input, index, snapshot) for index, input in enumerate(inputs)]


def _requested(change: ChangeInput, index: int, snapshot: Snapshot) -> RequestedChange:
    # @oneOf guarantees that the input has exactly one field.
    ((field, input),) = [(name, value) for name, value in vars(change).items() if value]
    member = change.members[field]
    subject = member.subject(snapshot, input)
    return RequestedChange(
        make=partial(_make, member, input),
        path=("changes", str(index), to_camel_case(field)),
        type=member.type if isinstance(member.type, EventType) else member.type(input),
        subject_kind=subject.kind,
        subject_name=subject.name,
        environment=subject.environment,
    )


def _make(member: ChangeMember, input: Any, work: UnitOfWork) -> Awaitable[object]:
    if getattr(input, "dry_run", False):
        refuse(
            InvalidError(
                "A single change of a change set cannot be a dry run; set dryRun of the change set "
                "instead.",
                rule="dry-run-whole",
                path=("dryRun",),
            )
        )
    return member.make(work, input)
