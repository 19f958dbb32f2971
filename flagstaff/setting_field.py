"""How a setting is declared: its default, what it is for, and the variables it is read from."""

from typing import Any

from pydantic import AliasChoices, Field


def setting(default: Any, description: str, *names: str, **rules: Any) -> Any:
    """A setting with the variables it is read from, the first one that is set winning."""
    return Field(default, description=description, validation_alias=AliasChoices(*names), **rules)
