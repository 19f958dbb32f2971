"""Read the parameters of a strategy as SDKs do."""

from store.model import ToggleStrategy
from store.values import parameter_string


def parameter(strategy: ToggleStrategy, name: str) -> str | None:
    """Return a parameter as a string, None if missing."""
    parameters = strategy.parameters or {}
    return parameter_string(parameters[name]) if name in parameters else None


def list_parameter(strategy: ToggleStrategy, name: str) -> list[str]:
    """Return the comma-separated items of a parameter, [] if missing."""
    value = parameter(strategy, name)
    return [item.strip() for item in value.split(",")] if value is not None else []


def percentage(strategy: ToggleStrategy, name: str) -> int | None:
    """Return a percentage; None if it is missing or not an integer of up to three digits."""
    digits = (parameter(strategy, name) or "").removeprefix("+")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 3 else None
