"""The input for one change of a change set. Each field contains the input of one mutation."""

from collections.abc import Mapping
from typing import ClassVar, Optional, TypeVar

import strawberry
from strawberry import UNSET
from strawberry.types import get_object_definition

from graph.payload import ChangeMember, member_of
from graph.subject_mutations import SubjectMutation

T = TypeVar("T")

_MEMBERS = {
    field.python_name: member
    for field in get_object_definition(SubjectMutation, strict=True).fields
    if (member := member_of(field)) is not None
}


def _with_members(cls: type[T]) -> type[T]:
    """Add a field for each mutation that change sets can contain."""
    for name, member in _MEMBERS.items():
        cls.__annotations__[name] = Optional[member.input]  # noqa: UP045 (a value, not an annotation)
        setattr(cls, name, strawberry.field(default=UNSET, description=member.description))
    return cls


@strawberry.input(
    one_of=True,
    description=(
        "One change. Set exactly one field, which takes the input of the mutation with the same "
        "name."
    ),
)
@_with_members
class ChangeInput:
    members: ClassVar[Mapping[str, ChangeMember]] = _MEMBERS
