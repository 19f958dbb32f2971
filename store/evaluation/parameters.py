"""The parameters of a strategy, read as SDKs read them."""

from store.model import ToggleStrategy
from store.values import parameter_string


def parameter(strategy: ToggleStrategy, name: str) -> str | None:
    """A parameter as text; None where it was left out."""
    parameters = strategy.parameters or {}
    return parameter_string(parameters[name]) if name in parameters else None


def list_parameter(strategy: ToggleStrategy, name: str) -> list[str]:
    """The items of a parameter, none where it was left out."""
    text = parameter(strategy, name)
    return [it.strip() for it in text.split(",")] if text is not None else []


def percentage(strategy: ToggleStrategy, name: str) -> int | None:
    """A share; None where it was left out, or is no whole number of up to three digits."""
    text = (parameter(strategy, name) or "").removeprefix("+")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else None
