"""Legal values in bodies: clients of 3.x send strings, and clients of 8.2 send objects."""

from collections.abc import Sequence
from typing import Annotated, Any, cast

from msgspec import Meta

from rest_compat.unleash3.bodies import check_unique
from store.errors import Path, Problems
from store.operations.limits import MAX_CONSTRAINT_VALUE_LENGTH, MAX_DESCRIPTION_LENGTH
from store.operations.messages import missing_key, too_long, too_short, wrong_type
from store.values import LegalValue

_SCHEMA = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": MAX_CONSTRAINT_VALUE_LENGTH},
        {
            "type": "object",
            "required": ["value"],
            "properties": {
                "value": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": MAX_CONSTRAINT_VALUE_LENGTH,
                },
                "description": {"type": "string", "maxLength": MAX_DESCRIPTION_LENGTH},
            },
        },
    ]
}


def stored_legal_values(
    sent: Sequence[Any], known: Sequence[LegalValue] = ()
) -> tuple[LegalValue, ...]:
    """Return the legal values to store. Values that are strings keep their known descriptions."""
    described = {legal_value.value: legal_value.description for legal_value in known}
    return tuple(
        LegalValue(value, described.get(value, ""), as_string=True)
        if isinstance(value, str)
        else LegalValue(value["value"], value.get("description") or "")
        for value in sent
    )


def check_values_unique(sent: Sequence[Any] | None, path: Path, problems: Problems) -> None:
    """Check that no value occurs twice, in either form."""
    values = [value if isinstance(value, str) else value["value"] for value in sent or ()]
    check_unique(values, path, problems)


def _check(sent: Any, path: Path, problems: Problems) -> None:
    if isinstance(sent, str):
        _check_length(sent, 1, MAX_CONSTRAINT_VALUE_LENGTH, path, problems)
        return
    if not isinstance(sent, dict):
        message = wrong_type(sent, "a string or an object")
        problems.invalid(message, rule="string.base", path=path)
        return
    fields = cast("dict[str, Any]", sent)
    if "value" not in fields:
        problems.invalid(missing_key("value"), rule="any.required", path=(*path, "value"))
    else:
        _check_string(fields["value"], 1, MAX_CONSTRAINT_VALUE_LENGTH, (*path, "value"), problems)
    if fields.get("description") is not None:
        limit, at = MAX_DESCRIPTION_LENGTH, (*path, "description")
        _check_string(fields["description"], 0, limit, at, problems)


def _check_string(value: Any, least: int, most: int, path: Path, problems: Problems) -> None:
    if isinstance(value, str):
        _check_length(value, least, most, path, problems)
    else:
        problems.invalid(wrong_type(value, "a string"), rule="string.base", path=path)


def _check_length(value: str, least: int, most: int, path: Path, problems: Problems) -> None:
    if len(value) < least:
        message = too_short(len(value), least, "characters")
        problems.invalid(message, rule="string.empty", path=path)
    elif len(value) > most:
        message = too_long(len(value), most, "characters")
        problems.invalid(message, rule="string.max", path=path)


SentLegalValue = Annotated[Any, Meta(extra={"check": _check}, extra_json_schema=_SCHEMA)]
