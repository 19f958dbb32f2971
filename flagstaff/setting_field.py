"""Declare the fields of the settings models."""

from typing import Any

from pydantic import AliasChoices, Field


def setting(default: Any, description: str, *names: str, **rules: Any) -> Any:
    """Declare a setting. Its value is read from the first variable in `names` that is set."""
    return Field(default, description=description, validation_alias=AliasChoices(*names), **rules)
