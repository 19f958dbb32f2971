"""Inputs of operations that differ from the stored values."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from store.values import Constraint, Variant


class StrategySpec(Struct, frozen=True, kw_only=True):
    """An activation strategy to configure. It has no id, toggle or position yet."""

    name: str
    title: str = ""
    disabled: bool = False
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] = ()
    variants: tuple[Variant, ...] | UnsetType = UNSET
