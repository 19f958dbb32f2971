"""What callers hand to operations, where it is not the stored value itself."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from store.values import Constraint, Variant


class StrategySpec(Struct, frozen=True, kw_only=True):
    """An activation strategy to configure: a stored one less its identity and its place."""

    name: str
    title: str = ""
    disabled: bool = False
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | None | UnsetType = UNSET
    segments: tuple[int, ...] = ()
    variants: tuple[Variant, ...] | UnsetType = UNSET
