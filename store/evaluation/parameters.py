"""Read the parameters of a strategy as SDKs do."""

from store.model import ToggleStrategy
from store.values import parameter_string


def parameter(strategy: ToggleStrategy, name: str) -> str | None:
    """Return a parameter as a string, or None if the parameter is missing."""
    parameters = strategy.parameters or {}
    return parameter_string(parameters[name]) if name in parameters else None


def list_parameter(strategy: ToggleStrategy, name: str) -> list[str]:
    """Return the comma-separated items of a parameter, or [] if the parameter is missing."""
    value = parameter(strategy, name)
    return [item.strip() for item in value.split(",")] if value is not None else []


def percentage(strategy: ToggleStrategy, name: str) -> int | None:
    """Return a parameter as a percentage.

    If the parameter is missing or is not an integer of up to three digits, return None.
    """
    digits = (parameter(strategy, name) or "").removeprefix("+")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 3 else None
