"""Which fields a change is about."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct


def changed_fields(subject: Struct, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the given fields, UNSET ones aside, whose values the object does not have yet.

    A text that is missing and an empty one say the same.
    """
    return {
        field: value
        for field, value in given.items()
        if value is not UNSET and not _same(getattr(subject, field), value)
    }


def _same(old: Any, new: Any) -> bool:
    return old == new or (old in (None, "") and new in (None, ""))
