"""Declare the fields of the settings models."""

from typing import Annotated, Any, TypeAlias, cast

from pydantic import AliasChoices, BeforeValidator, Field
from pydantic.fields import FieldInfo
from pydantic_settings import NoDecode

FILE_SUFFIX = "_FILE"
_SECRET = "secret"


def _split(value: Any) -> Any:
    if isinstance(value, str):
        # Files may contain one item per line.
        parts = value.replace("\n", ",").split(",")
        return tuple(part for part in (part.strip() for part in parts) if part)
    return value


# The type of a setting with any number of strings, separated by commas or lines.
List: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


def setting(default: Any, description: str, *names: str, secret: bool = False, **rules: Any) -> Any:
    """Declare a setting. Its value is read from the first variable in `names` that is set.

    The value of a `secret` may also be in a file, which a variable with the suffix `_FILE` names.
    Representations of the settings do not contain secrets.
    """
    return Field(
        default,
        description=description,
        validation_alias=AliasChoices(*names),
        repr=not secret,
        json_schema_extra={_SECRET: secret},
        **rules,
    )


def variables(field: FieldInfo) -> list[str]:
    """Return the names of the environment variables of a setting."""
    alias = field.validation_alias
    assert isinstance(alias, AliasChoices)
    return [choice for choice in alias.choices if isinstance(choice, str)]


def is_secret(field: FieldInfo) -> bool:
    """Whether the value of a setting is secret."""
    extra: Any = field.json_schema_extra
    return isinstance(extra, dict) and cast("dict[str, Any]", extra).get(_SECRET) is True
